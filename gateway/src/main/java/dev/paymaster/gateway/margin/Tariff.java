package dev.paymaster.gateway.margin;

import dev.paymaster.events.credit.Tier;
import dev.paymaster.events.job.Skill;
import dev.paymaster.gateway.catalogue.TopUpSettings.Pack;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What credits are sold for, and what is paid out for them. Pure. */
record Tariff(List<Tier> tiers, List<Pack> packs, List<Skill> skills) {
    private static final int HUNDREDTHS = 100;

    /** Credits for cash. */
    private record Offer(String name, long cents, long credits) {
        /** Rounded down, for people. */
        long hundredthsPerCredit() {
            return cents * HUNDREDTHS / credits;
        }
    }

    /**
     * A sentence that says so, when there is something that brings in less a credit than some skill pays out for one. A tier
     * without a price in the settings says nothing of what it brings in.
     */
    Optional<String> loss() {
        return skills.stream()
                .max(Comparator.comparingLong(Tariff::hundredthsPaidPerCredit))
                .flatMap(dearest -> loss(dearest, offers()));
    }

    private static Optional<String> loss(Skill skill, List<Offer> offers) {
        List<Offer> losing = offers.stream()
                .filter(offer -> Math.multiplyExact(offer.cents(), skill.creditCost())
                        < Math.multiplyExact(skill.payoutCents(), offer.credits()))
                .toList();
        return losing.stream()
                .min(Comparator.comparingLong(Offer::hundredthsPerCredit))
                .map(worst -> String.format(
                        Locale.ROOT,
                        "the tariff can pay out more than it takes in: a credit brings %s cents with %s, and a job of"
                                + " skill %s pays %s cents for it; so it is with %d of %d offers",
                        cents(worst.hundredthsPerCredit()),
                        worst.name(),
                        skill.name(),
                        cents(hundredthsPaidPerCredit(skill)),
                        losing.size(),
                        offers.size()));
    }

    private List<Offer> offers() {
        List<Offer> offers = new ArrayList<>();
        for (Tier tier : tiers) {
            if (tier.priceCents() > 0) {
                offers.add(new Offer("tier " + tier.name(), tier.priceCents(), tier.creditsPerMonth()));
            }
        }
        for (Pack pack : packs) {
            offers.add(new Offer("pack " + pack.name(), pack.priceCents(), pack.credits()));
        }
        return offers;
    }

    private static long hundredthsPaidPerCredit(Skill skill) {
        return skill.payoutCents() * HUNDREDTHS / skill.creditCost();
    }

    private static String cents(long hundredths) {
        return String.format(Locale.ROOT, "%d.%02d", hundredths / HUNDREDTHS, hundredths % HUNDREDTHS);
    }
}
