package dev.paymaster.payout.transfer;

import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How payouts are dispatched, under {@code payouts}.
 *
 * @param lease how long a claim keeps others away. A call, and its immediate repetition too, is begun only while
 *     {@link Claim#LONGEST_CALL} of it is left, so it must be longer than that. With 60 s, a first call that takes as long
 *     as any is still repeated. A worker that dies delays its payouts by this much
 * @param poll how often the queue is looked at unasked: for payouts that another instance has made due, and for those
 *     whose wait is over
 * @param accountsAskedAfter how long payouts wait for their receiver's account before Stripe is asked how it stands. Events
 *     come within seconds, mostly, and asking costs a call for each receiver who waits
 */
@ConfigurationProperties("payouts")
@Validated
record DispatchSettings(
        @DefaultValue @Valid RateLimit rateLimit,
        @DefaultValue("60s") Duration lease,
        @DefaultValue("200ms") Duration poll,
        @DefaultValue("5m") Duration accountsAskedAfter) {

    /** Nobody notices this much on top of the wait. */
    private static final int PART_OF_WAIT = 10;

    DispatchSettings {
        if (lease.compareTo(Claim.LONGEST_CALL) <= 0) {
            throw new IllegalArgumentException("payouts.lease must be longer than a call, " + Claim.LONGEST_CALL);
        }
        if (poll.toMillis() < 1) {
            throw new IllegalArgumentException("payouts.poll must be at least 1 ms");
        }
        if (!accountsAskedAfter.isPositive()) {
            throw new IllegalArgumentException("payouts.accounts-asked-after is positive");
        }
    }

    /** How often it is looked whether accounts are to be asked for. */
    Duration accountsPoll() {
        return accountsAskedAfter.dividedBy(PART_OF_WAIT);
    }

    /**
     * Calls to Stripe, of all workers together. Stripe allows 25 a second in test mode, and 25 a second for one endpoint.
     *
     * @param perSecond 20 leaves room for the gateway's and the credit worker's calls
     * @param burst what may be saved up: with 3, no second ever sees more than 23 calls, and a wake-up that is 150 ms
     *     late loses nothing
     */
    record RateLimit(
            @DefaultValue("20") @DecimalMin("0.1") @Max(1_000_000)
            double perSecond,

            @DefaultValue("3") @Min(1) @Max(1_000_000) int burst) {

        /** How long one token takes to come, but at least a millisecond. */
        Duration interval() {
            return Duration.ofNanos(Math.max(1_000_000, Math.round(1_000_000_000 / perSecond)));
        }
    }
}
