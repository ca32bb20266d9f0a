package dev.paymaster.payout;

import dev.paymaster.payout.obligation.Batching;
import dev.paymaster.payout.recovery.OutcomeRules;
import dev.paymaster.payout.recovery.ReversalRules;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The rules and the randomness they are given.
 *
 * @param newReceiverHold how long a receiver counts as new
 * @param batching absent: each job is paid by itself
 * @param jitter from 0 to 1, random
 */
record Judge(
        OutcomeRules outcomes,
        ReversalRules reversals,
        Duration newReceiverHold,
        @Nullable Batching batching,
        DoubleSupplier jitter) {}
