package dev.paymaster.payout.recovery;

import java.time.Duration;

/**
 * How long to wait before Stripe is asked again. Waits double from the first to the longest and are shortened by up to
 * half at random, so that payouts that failed together don't come back together.
 *
 * @param first after the first lost or postponed call: a blip is over, and it isn't a hammer
 * @param longest after many: an outage of hours costs minutes at its end
 * @param firstForFunds after the first refusal for lack of funds: a top-up takes minutes at best
 * @param longestForFunds after many: bank transfers arrive once a day
 * @param settling after a call without an answer, how long it may still take effect; until then a lookup proves nothing.
 *     Stripe's own libraries wait 80 s for an answer, so nothing is under way after 90
 * @param unknownsUntilLookup how many lost answers in a row are met with the same key: a 500 that Stripe has saved
 *     under the key would come back for ever
 */
public record Patience(
        Duration first,
        Duration longest,
        Duration firstForFunds,
        Duration longestForFunds,
        Duration settling,
        int unknownsUntilLookup) {
    /** 2^20 times the first wait is beyond any longest one; a larger shift could overflow. */
    private static final int MAX_DOUBLINGS = 20;

    public Patience {
        if (first.isNegative() || firstForFunds.isNegative() || settling.isNegative() || unknownsUntilLookup < 1) {
            throw new IllegalArgumentException("waits are not negative, and at least one answer must be lost");
        }
        if (longest.compareTo(first) < 0 || longestForFunds.compareTo(firstForFunds) < 0) {
            throw new IllegalArgumentException("a longest wait is not shorter than the first");
        }
    }

    /**
     * The wait after {@code times} failures in a row.
     *
     * @param jitter from 0, a whole wait, to 1, half of it
     */
    Duration wait(int times, double jitter) {
        return wait(first, longest, times, jitter);
    }

    /** The same after refusals for lack of funds. */
    Duration waitForFunds(int times, double jitter) {
        return wait(firstForFunds, longestForFunds, times, jitter);
    }

    private static Duration wait(Duration first, Duration longest, int times, double jitter) {
        int doublings = Math.min(Math.max(times - 1, 0), MAX_DOUBLINGS);
        long millis = Math.min(first.toMillis() << doublings, longest.toMillis());
        return Duration.ofMillis(Math.round(millis * (1 - jitter / 2)));
    }
}
