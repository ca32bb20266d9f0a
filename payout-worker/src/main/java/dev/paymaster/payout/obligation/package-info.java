/**
 * (5) What is owed: a verified job becomes one payout, which is due or held until its receiver can be paid.
 * Its states, and the rules that create, release and retry it: pure, without a database and without a clock.
 */
@NullMarked
package dev.paymaster.payout.obligation;

import org.jspecify.annotations.NullMarked;
