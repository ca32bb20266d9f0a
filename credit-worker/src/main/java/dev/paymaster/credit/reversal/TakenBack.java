package dev.paymaster.credit.reversal;

import dev.paymaster.credit.reversal.PaymentFact.Kind;
import dev.paymaster.credit.reversal.PaymentFact.Reversal;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongUnaryOperator;
import java.util.function.ToLongFunction;

/** How much money came back, and how many credits go with it. */
public final class TakenBack {
    /** Of several of one tier, the one that is left with the most comes last: it is the one that counts. */
    private static final Comparator<Share> HIGHEST_FIRST = Comparator.comparingLong(Share::credits)
            .reversed()
            .thenComparingLong(Share::leftCents)
            .thenComparingLong(Share::periodCents);

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
        return credits(credits, BigInteger.valueOf(takenCents), BigInteger.valueOf(paidCents));
    }

    private static long credits(long credits, BigInteger taken, BigInteger paid) {
        if (taken.signum() <= 0 || paid.signum() <= 0) {
            return 0;
        }
        if (taken.compareTo(paid) >= 0) {
            return credits;
        }
        return BigInteger.valueOf(credits).multiply(taken).divide(paid).longValueExact();
    }

    /**
     * One invoice's claim to a period.
     *
     * @param above what another invoice is to pay for
     * @param credits up to which it entitles
     * @param paidCents what was paid for the whole invoice
     * @param takenCents what came back of that
     * @param periodCents what of {@code paidCents} was paid for the period
     */
    public record Share(long above, long credits, long paidCents, long takenCents, long periodCents) {
        /** What is still there of the money for the period, rounded down. */
        long leftCents() {
            return periodCents - Math.min(periodCents, partOfTaken());
        }

        private long partOfTaken() {
            if (takenCents <= 0 || paidCents <= 0) {
                return 0;
            }
            BigInteger[] part = BigInteger.valueOf(periodCents)
                    .multiply(BigInteger.valueOf(Math.min(takenCents, paidCents)))
                    .divideAndRemainder(BigInteger.valueOf(paidCents));
            return part[0].longValueExact() + part[1].signum();
        }

        /** What of so many credits goes with what came back of the invoice, and with this of the period's money besides. */
        long away(long of, long givenBackCents) {
            if (givenBackCents == 0) {
                return TakenBack.credits(of, takenCents, paidCents);
            }
            BigInteger paid = BigInteger.valueOf(paidCents);
            BigInteger period = BigInteger.valueOf(periodCents);
            BigInteger taken = BigInteger.valueOf(takenCents)
                    .multiply(period)
                    .add(BigInteger.valueOf(givenBackCents).multiply(paid));
            return TakenBack.credits(of, taken, paid.multiply(period));
        }
    }

    /**
     * What of a step from one tier to the next goes with the money that came back.
     *
     * @param tier what the higher tier entitles to
     * @param credits what that is more than the lower one
     * @param revoked of {@code credits}
     */
    public record Step(long tier, long credits, long revoked) {
        private Step and(Step other) {
            return new Step(tier, credits + other.credits, revoked + other.revoked);
        }
    }

    /**
     * The credits of a period that go with the money that came back of its invoices, or that was given back for it by others.
     *
     * <p>Who pays for a higher tier pays for what it gives more than the one below. So each step from one tier to the next is
     * taken back with the invoice that paid for it; when several did, with the lowest tier's, and of these with the one that is left
     * with the most. That goes by what the invoices are, not by which of them was applied first.
     *
     * <p>What is given back for a period is unused time of the highest tier, so it comes of the money for that first, as far as
     * there is some left. If none is left of any, all credits go.
     *
     * @param givenBackCents for the period, all in all
     * @return from the highest tier down
     */
    public static List<Step> stepsOfPeriod(List<Share> invoices, long givenBackCents) {
        long leftCents = invoices.stream().mapToLong(Share::leftCents).sum();
        boolean all = givenBackCents > 0 && givenBackCents >= leftCents;
        // Two invoices may be equal in all that is known here.
        IdentityHashMap<Share, Long> givenBack = new IdentityHashMap<>();
        long rest = givenBackCents;
        for (Share invoice : invoices.stream().sorted(HIGHEST_FIRST).toList()) {
            long back = Math.min(rest, invoice.leftCents());
            givenBack.put(invoice, back);
            rest -= back;
        }
        Map<Long, Step> byTier = new TreeMap<>(Comparator.reverseOrder());
        TreeSet<Long> ends = new TreeSet<>();
        invoices.forEach(invoice -> ends.addAll(List.of(invoice.above(), invoice.credits())));
        for (long end : ends) {
            long beginning = Objects.requireNonNullElse(ends.lower(end), end);
            stepOf(
                            invoices,
                            beginning,
                            end,
                            invoice -> all
                                    ? end - beginning
                                    : invoice.away(end - beginning, givenBack.getOrDefault(invoice, 0L)))
                    .ifPresent(step -> byTier.merge(step.tier(), step, Step::and));
        }
        return List.copyOf(byTier.values());
    }

    /** Of those who have paid for it, the lowest tier's: who has paid for a whole higher one has paid for what is above that. */
    private static Optional<Step> stepOf(
            List<Share> invoices, long beginning, long end, ToLongFunction<Share> revoked) {
        List<Share> payers = invoices.stream()
                .filter(invoice -> beginning < end && invoice.above() <= beginning && invoice.credits() >= end)
                .toList();
        OptionalLong tier = payers.stream().mapToLong(Share::credits).min();
        return tier.isEmpty()
                ? Optional.empty()
                : Optional.of(new Step(
                        tier.getAsLong(),
                        end - beginning,
                        payers.stream()
                                .filter(payer -> payer.credits() == tier.getAsLong())
                                .mapToLong(revoked)
                                .min()
                                .orElseThrow()));
    }

    /**
     * What of these steps' revoked credits had lapsed. What lapsed of one tier's lots is not another tier's, but for what such a
     * lot has more than its step: whichever invoice is told first grants what is below it, too.
     *
     * @param lapsedOfTier what lapsed of the lots that a tier's invoices opened
     */
    public static long lapsedOf(List<Step> steps, LongUnaryOperator lapsedOfTier) {
        long lapsed = 0;
        long ofLower = 0;
        for (Step step : steps) {
            long ofStep = lapsedOfTier.applyAsLong(step.tier()) + ofLower;
            lapsed += Math.min(step.revoked(), ofStep);
            ofLower = Math.max(0, ofStep - step.credits());
        }
        return lapsed;
    }

    /**
     * What more has come back of a period's money than was paid for it. It stands on the customer's balance.
     * Roundings make up to a cent for each invoice.
     */
    public static long moreThanPaidCents(List<Share> invoices, long givenBackCents) {
        long backCents = invoices.stream().mapToLong(Share::partOfTaken).reduce(givenBackCents, Math::addExact);
        return Math.max(
                0, backCents - invoices.stream().mapToLong(Share::periodCents).sum());
    }
}
