/**
 * What no event has said so far is looked up at Stripe, outside of every transaction, and told as an event of Stripe's would
 * have: a link, a whole invoice. Nothing changes here; state changes where that event is applied.
 */
@NullMarked
package dev.paymaster.credit.lookup;

import org.jspecify.annotations.NullMarked;
