package dev.paymaster.credit.reversal;

import dev.paymaster.credit.reversal.PaymentFact.Kind;
import dev.paymaster.credit.reversal.PaymentFact.Reversal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How much money came back, and how many credits go with it. */
public final class TakenBack {
    private TakenBack() {}

    /**
     * What of one payment is away now.
     *
     * <p>Refunds are told one by one and, by the charge, in a sum that leaves out failed ones. What the sum has more than those
     * of its time has been told by it alone.
     *
     * @param refundedCents the last sum that the charge told
     * @param refundedSeconds when it told it, in seconds since 1970; 0 when nobody knows
     */
    public static long cents(long refundedCents, long refundedSeconds, List<Reversal> reversals) {
        long untold = refundedCents;
        long away = 0;
        for (Reversal reversal : reversals) {
            away = Math.addExact(away, reversal.heldCents());
            if (reversal.kind() == Kind.REFUND && reversal.isIn(refundedSeconds)) {
                untold = Math.subtractExact(untold, reversal.cents());
            }
        }
        return Math.addExact(away, Math.max(0, untold));
    }

    /**
     * The credits that go with money that came back: in proportion, rounded down, and never more than there were. All of it
     * came back: all of them. What cost nothing can't come back.
     */
    public static long credits(long credits, long takenCents, long paidCents) {
        if (takenCents <= 0 || paidCents <= 0) {
            return 0;
        }
        if (takenCents >= paidCents) {
            return credits;
        }
        return BigInteger.valueOf(credits)
                .multiply(BigInteger.valueOf(takenCents))
                .divide(BigInteger.valueOf(paidCents))
                .longValueExact();
    }

    /**
     * One invoice's claim to a period.
     *
     * @param credits what it entitles to
     * @param paidCents what was paid for the whole invoice
     * @param takenCents what came back of that
     */
    public record Share(long credits, long paidCents, long takenCents) {}

    /**
     * The credits of a period that go with the money that came back of its invoices.
     *
     * <p>Who pays for a higher tier pays for what it gives more than the one below. So each step from one tier to the next is
     * taken back with the invoice that paid for it; when several did, with the one that is left with the most. That goes by
     * what the invoices are, not by which of them was applied first.
     */
    public static long creditsOfPeriod(List<Share> invoices) {
        Map<Long, Long> revokedByTier = new TreeMap<>();
        long below = 0;
        for (long tier :
                invoices.stream().mapToLong(Share::credits).sorted().distinct().toArray()) {
            long step = tier - below;
            for (Share invoice : invoices) {
                if (invoice.credits() == tier) {
                    revokedByTier.merge(tier, credits(step, invoice.takenCents(), invoice.paidCents()), Math::min);
                }
            }
            below = tier;
        }
        return revokedByTier.values().stream().mapToLong(Long::longValue).sum();
    }
}
