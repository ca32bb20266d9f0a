package dev.paymaster.payout;

import dev.paymaster.payout.obligation.Batching;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When payouts are made, and how many transfers that takes, under {@code payouts}.
 *
 * @param newReceiverHold for so long after a receiver could first be paid, payouts are held; zero: not at all
 * @param mode whether each job has a transfer of its own
 * @param capAtRevenue whether payouts for a sender's jobs wait until the sender's lots have brought in as much
 * @param batchPeriod how long jobs are collected for one transfer; periods begin at multiples of it since 1970, UTC
 */
@ConfigurationProperties("payouts")
record HoldSettings(
        @DefaultValue("0s") Duration newReceiverHold,
        @DefaultValue("per-job") Mode mode,
        @DefaultValue("1d") Duration batchPeriod,
        @DefaultValue("false") boolean capAtRevenue) {
    /** How many transfers there are. */
    enum Mode {
        /** One for each job. */
        PER_JOB,
        /** One for each receiver and period. */
        BATCHED
    }

    HoldSettings {
        if (newReceiverHold.isNegative()) {
            throw new IllegalArgumentException("payouts.new-receiver-hold is not negative");
        }
    }

    /** Absent: each job is paid by itself. */
    @Nullable
    Batching batching() {
        return mode == Mode.BATCHED ? new Batching(batchPeriod) : null;
    }
}
