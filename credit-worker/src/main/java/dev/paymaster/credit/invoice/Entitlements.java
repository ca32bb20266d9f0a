package dev.paymaster.credit.invoice;

import dev.paymaster.credit.invoice.Claim.Period;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What has been granted for each service period so far, and the one rule about it: a paid invoice grants what is missing
 * of the highest tier paid for. So renewals grant in full, an upgrade grants the difference, and neither order nor
 * repetition changes the sum. For one thread; no I/O.
 */
public final class Entitlements {
    private final Map<Period, Entitlement> known = new HashMap<>();
    private final Set<Period> stored = new HashSet<>();
    private final Set<Period> changed = new HashSet<>();

    /**
     * What was granted for a period, all in all, and the tier that it makes up.
     *
     * @param reversed whether money of one of its invoices has ever come back
     */
    public record Entitlement(Period period, String tier, long credits, boolean reversed) {
        /** One of which no money ever came back. */
        public Entitlement(Period period, String tier, long credits) {
            this(period, tier, credits, false);
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
            long missing = Math.subtractExact(claim.credits(), before == null ? 0 : before.credits());
            if (missing > 0) {
                boolean reversed = before != null && before.reversed();
                known.put(claim.period(), new Entitlement(claim.period(), claim.tier(), claim.credits(), reversed));
                changed.add(claim.period());
            }
            awards.add(new Award(claim, Math.max(0, missing)));
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
