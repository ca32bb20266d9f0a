package dev.paymaster.payout;

import dev.paymaster.payout.recovery.OutcomeRules;
import java.util.function.DoubleSupplier;

/**
 * The rules with what they may not take from themselves.
 *
 * @param jitter from 0 to 1, random
 */
record Judge(OutcomeRules outcomes, DoubleSupplier jitter) {}
