package dev.paymaster.payout;

import dev.paymaster.payout.recovery.OutcomeRules;
import dev.paymaster.payout.recovery.ReversalRules;
import java.util.function.DoubleSupplier;

/**
 * The rules and the randomness they are given.
 *
 * @param jitter from 0 to 1, random
 */
record Judge(OutcomeRules outcomes, ReversalRules reversals, DoubleSupplier jitter) {}
