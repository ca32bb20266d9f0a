package dev.paymaster.job.catalogue;

import dev.paymaster.events.job.Skill;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The skills that jobs can ask for, by name. */
public record Catalogue(Map<String, Skill> skills) {
    public Catalogue {
        skills = Map.copyOf(skills);
    }

    /**
     * The catalogue of the settings; those of the contract when the settings name none.
     *
     * @throws IllegalArgumentException when a name stands twice
     */
    static Catalogue of(CatalogueSettings settings, PayoutSettings payouts) {
        Map<String, Skill> skills = new HashMap<>();
        for (Skill skill : settings.skills().isEmpty() ? defaults(payouts) : configured(settings, payouts)) {
            if (skills.put(skill.name(), skill) != null) {
                throw new IllegalArgumentException("paymaster.skills names " + skill.name() + " twice");
            }
        }
        return new Catalogue(skills);
    }

    private static List<Skill> defaults(PayoutSettings payouts) {
        return Skill.defaults().stream()
                .map(skill -> new Skill(skill.name(), skill.creditCost(), payouts.centsFor(skill.creditCost())))
                .toList();
    }

    private static List<Skill> configured(CatalogueSettings settings, PayoutSettings payouts) {
        return settings.skills().stream()
                .map(skill -> new Skill(
                        skill.name(),
                        skill.creditCost(),
                        skill.payoutCents() == null ? payouts.centsFor(skill.creditCost()) : skill.payoutCents()))
                .toList();
    }
}
