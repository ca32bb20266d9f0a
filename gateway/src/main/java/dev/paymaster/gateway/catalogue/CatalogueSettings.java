package dev.paymaster.gateway.catalogue;

import dev.paymaster.events.credit.Tier;
import dev.paymaster.events.job.Skill;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What can be bought and asked for, under {@code paymaster}: the same settings that credit-worker and job-service go by.
 *
 * @param tiers replaces the default tiers, unless empty
 * @param skills replaces the default skills, unless empty
 */
@ConfigurationProperties("paymaster")
public record CatalogueSettings(
        @DefaultValue List<TierSettings> tiers,
        @DefaultValue List<SkillSettings> skills) {

    /**
     * A tier.
     *
     * @param priceCents what a month costs, to be shown; what is charged is the price at Stripe
     * @param grantOnTrial whether a free trial grants, too
     */
    public record TierSettings(
            String name,
            @DefaultValue("0") long priceCents,
            long creditsPerMonth,
            @DefaultValue("false") boolean grantOnTrial) {}

    /**
     * A skill.
     *
     * @param payoutCents absent: credit cost × {@code payouts.cents-per-credit}
     */
    public record SkillSettings(
            String name, long creditCost, @Nullable Long payoutCents) {}

    /** The tiers that are sold. */
    public List<Tier> tierList() {
        return tiers.isEmpty()
                ? Tier.defaults()
                : tiers.stream()
                        .map(tier -> new Tier(tier.name(), tier.priceCents(), tier.creditsPerMonth()))
                        .toList();
    }

    /** The names of the tiers of which a free trial grants, too. */
    public Set<String> grantingOnTrial() {
        return tiers.stream()
                .filter(TierSettings::grantOnTrial)
                .map(TierSettings::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The skills that can be asked for. */
    public List<Skill> skillList(long centsPerCredit) {
        return skills.isEmpty()
                ? Skill.defaults().stream()
                        .map(skill -> new Skill(skill.name(), skill.creditCost(), skill.creditCost() * centsPerCredit))
                        .toList()
                : skills.stream()
                        .map(skill -> new Skill(
                                skill.name(),
                                skill.creditCost(),
                                skill.payoutCents() == null
                                        ? skill.creditCost() * centsPerCredit
                                        : skill.payoutCents()))
                        .toList();
    }
}
