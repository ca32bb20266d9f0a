package dev.paymaster.gateway.proof;

import dev.paymaster.gateway.catalogue.CatalogueSettings;
import dev.paymaster.gateway.proof.PaidInvoice.Applied;
import dev.paymaster.gateway.proof.PaidInvoice.Bought;
import dev.paymaster.gateway.proof.PaidInvoice.Claimed;
import dev.paymaster.gateway.proof.PaidInvoice.Period;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * Compares the credits that invoices claim for whole periods with what they were sold with. Nothing says here what a tier had when an
 * invoice was read, so another number than the settings' is wrong only if an invoice that was applied before this one was paid already
 * claimed theirs, or if so many units can't share it. Thread-safe.
 */
@Component
class TierCredits {
    private final Map<String, Long> creditsByTier = new HashMap<>();

    TierCredits(CatalogueSettings catalogue) {
        catalogue.tierList().forEach(tier -> creditsByTier.put(tier.name(), tier.creditsPerMonth()));
    }

    /** A claim for a whole period beside what was bought: of each tier the most units of a line. */
    private record Claim(PaidInvoice invoice, Instant appliedAt, Claimed claimed, Map<String, Long> units) {
        long unitsOfItsTier() {
            return units.getOrDefault(claimed.tier(), 1L);
        }

        /** The settings that it was read by were in force at this time, or came into force later. */
        Instant readAfter() {
            // A test clock of Stripe's may be far ahead.
            return invoice.paidAt().isBefore(appliedAt) ? invoice.paidAt() : appliedAt;
        }
    }

    /**
     * What is wrong with these, which belong to one page of Stripe's.
     *
     * @param grace for all instances of credit-worker to have the same settings after a change
     */
    List<Difference> differences(List<PaidInvoice> invoices, Map<String, Applied> known, Grace grace) {
        List<Claim> claims = claims(invoices, known);
        Map<String, Instant> asNowSince = claims.stream()
                .filter(this::isAsNow)
                .collect(Collectors.toMap(
                        claim -> claim.claimed().tier(),
                        Claim::appliedAt,
                        (one, other) -> one.isBefore(other) ? one : other));
        List<Difference> found = new ArrayList<>();
        for (Claim claim : claims) {
            Instant since = asNowSince.getOrDefault(claim.claimed().tier(), Instant.MAX.minus(grace.span()));
            boolean settled = since.plus(grace.span()).isBefore(claim.readAfter());
            if (claim.claimed().credits() % claim.unitsOfItsTier() != 0 || (settled && !isAsNow(claim))) {
                found.add(claim.invoice()
                        .breaks(
                                "invoice_entitles_to_its_tiers_credits",
                                claim.units() + " was paid for, which is " + creditsOf(claim)
                                        + " credits by the settings, and " + claim.claimed() + " is claimed"));
            }
        }
        return found;
    }

    private boolean isAsNow(Claim claim) {
        return claim.claimed().credits() == creditsOf(claim);
    }

    /** By the settings as they are now: of several tiers, the one with most credits counts. */
    private long creditsOf(Claim claim) {
        return claim.units().entrySet().stream()
                .mapToLong(each -> Math.multiplyExact(creditsByTier.getOrDefault(each.getKey(), 0L), each.getValue()))
                .max()
                .orElse(0);
    }

    private static List<Claim> claims(List<PaidInvoice> invoices, Map<String, Applied> known) {
        List<Claim> claims = new ArrayList<>();
        for (PaidInvoice invoice : invoices) {
            Applied applied = known.get(invoice.id());
            // Further lines may be of higher tiers.
            if (applied != null && invoice.shown()) {
                for (Period period : invoice.wholePeriods()) {
                    claim(invoice, applied, period).ifPresent(claims::add);
                }
            }
        }
        return claims;
    }

    private static Optional<Claim> claim(PaidInvoice invoice, Applied applied, Period period) {
        Claimed claimed = applied.claims().get(period);
        Map<String, Long> units = invoice.linesByPeriod().getOrDefault(period, List.of()).stream()
                .collect(Collectors.toMap(Bought::tier, Bought::units, Math::max));
        // Another tier than what was bought is another rule's.
        return claimed == null || !units.containsKey(claimed.tier())
                ? Optional.empty()
                : Optional.of(new Claim(invoice, applied.at(), claimed, units));
    }
}
