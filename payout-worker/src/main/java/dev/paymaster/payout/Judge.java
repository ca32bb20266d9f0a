package dev.paymaster.payout;

import dev.paymaster.payout.recovery.OutcomeRules;
import dev.paymaster.payout.recovery.ReversalRules;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * The rules and the randomness they are given.
 *
 * @param newReceiverHold how long a receiver counts as new
 * @param jitter from 0 to 1, random
 */
record Judge(OutcomeRules outcomes, ReversalRules reversals, Duration newReceiverHold, DoubleSupplier jitter) {}
