package dev.paymaster.payout.transfer;

import dev.paymaster.payout.obligation.Plan.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * The right to call Stripe for one payout, alone, for a while.
 *
 * @param id the id of the command that will tell the outcome
 * @param number the one in the order's key
 * @param leaseEnd by this instance's clock
 */
record Claim(UUID id, Order order, int number, Step step, Instant leaseEnd) {
    /**
     * One call: 2 s to connect, 10 s to be answered, and some for a slow machine. A repetition is a call of its own, and
     * waiting for either, at the local rate limiter, ends before {@link #isTooLate} is asked.
     */
    static final Duration LONGEST_CALL = Duration.ofSeconds(15);

    /** Whether a call that starts now could outlive the lease. */
    boolean isTooLate(Instant now) {
        return now.plus(LONGEST_CALL).isAfter(leaseEnd);
    }
}
