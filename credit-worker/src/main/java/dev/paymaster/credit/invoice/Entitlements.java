package dev.paymaster.credit.invoice;

import dev.paymaster.credit.invoice.Claim.Period;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What has been granted for each service period so far, and the one rule about it: a paid invoice grants what is missing
 * of what it pays for. So renewals grant in full, an upgrade grants the difference, and neither order nor repetition
 * changes the sum. For one thread; no I/O.
 */
public final class Entitlements {
    private final Map<Period, Entitlement> known = new HashMap<>();
    private final Set<Period> stored = new HashSet<>();
    private final Set<Period> changed = new HashSet<>();

    /** What a claim pays for of a period: the credits from {@code above} up to {@code upTo}. */
    public record Stretch(long above, long upTo) {
        private static Stretch of(Claim claim) {
            return new Stretch(claim.above(), claim.credits());
        }
    }

    /**
     * What was paid for of a period, and the highest tier of it.
     *
     * @param reversed whether money of one of its invoices has ever come back
     */
    public record Entitlement(Period period, String tier, List<Stretch> paidFor, boolean reversed) {
        public Entitlement {
            paidFor = List.copyOf(paidFor);
        }

        private static Entitlement of(Claim claim) {
            return new Entitlement(claim.period(), claim.tier(), List.of(Stretch.of(claim)), false);
        }

        /** What was granted, all in all: what several pay for counts once. */
        public long credits() {
            long credits = 0;
            long upTo = 0;
            for (Stretch stretch : paidFor.stream()
                    .sorted(Comparator.comparingLong(Stretch::above))
                    .toList()) {
                credits += Math.max(0, stretch.upTo() - Math.max(upTo, stretch.above()));
                upTo = Math.max(upTo, stretch.upTo());
            }
            return credits;
        }

        private Entitlement and(Claim claim) {
            List<Stretch> all = new ArrayList<>(paidFor);
            all.add(Stretch.of(claim));
            boolean higher = paidFor.stream().allMatch(stretch -> stretch.upTo() < claim.credits());
            return new Entitlement(period, higher ? claim.tier() : tier, all, reversed);
        }
    }

    /**
     * What comes of a claim.
     *
     * @param credits what was missing of it; 0 when all of it was granted before
     */
    public record Award(Claim claim, long credits) {
        public boolean opensLot() {
            return credits > 0;
        }
    }

    /** Starts from what is stored of the periods that the invoices of a batch claim. */
    public Entitlements(List<Entitlement> stored) {
        for (Entitlement entitlement : stored) {
            known.put(entitlement.period(), entitlement);
            this.stored.add(entitlement.period());
        }
    }

    /** The awards for an invoice that hasn't been applied yet, one for each of its claims, in their order. */
    public List<Award> award(List<Claim> claims) {
        List<Award> awards = new ArrayList<>();
        for (Claim claim : claims) {
            Entitlement before = known.get(claim.period());
            Entitlement after = before == null ? Entitlement.of(claim) : before.and(claim);
            long missing = after.credits() - (before == null ? 0 : before.credits());
            if (missing > 0) {
                known.put(claim.period(), after);
                changed.add(claim.period());
            }
            awards.add(new Award(claim, missing));
        }
        return awards;
    }

    /** Whether an invoice adds to a period of which money came back: what that takes away may be shared out anew. */
    public boolean touchReversed(List<Claim> claims) {
        return claims.stream().map(Claim::period).map(known::get).anyMatch(each -> each != null && each.reversed());
    }

    /** Those that are new. */
    public List<Entitlement> created() {
        return changed.stream()
                .filter(period -> !stored.contains(period))
                .map(this::get)
                .toList();
    }

    /** Those that were stored and have grown. */
    public List<Entitlement> raised() {
        return changed.stream().filter(stored::contains).map(this::get).toList();
    }

    private Entitlement get(Period period) {
        Entitlement entitlement = known.get(period);
        if (entitlement == null) {
            throw new IllegalStateException("nothing is known of " + period);
        }
        return entitlement;
    }
}
