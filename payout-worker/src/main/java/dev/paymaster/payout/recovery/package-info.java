/**
 * (7) What an answer of Stripe, or the lack of one, means for a payout, and what happens next and when.
 * The table of outcomes is one pure function here, and so are the waits between two calls.
 */
@NullMarked
package dev.paymaster.payout.recovery;

import org.jspecify.annotations.NullMarked;
