package dev.paymaster.payout;

import dev.paymaster.payout.recovery.OutcomeRules;
import java.util.function.DoubleSupplier;

/**
 * The outcome rules and the randomness they are given.
 *
 * @param jitter from 0 to 1, random
 */
record Judge(OutcomeRules outcomes, DoubleSupplier jitter) {}
