/**
 * Stripe's events, as they come on {@code stripe.events}. What they say of accounts, instruments and transfers is read by the
 * packages of these.
 */
@NullMarked
package dev.paymaster.payout.event;

import org.jspecify.annotations.NullMarked;
