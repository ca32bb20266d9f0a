/**
 * Catching up with Stripe: events that it could not deliver, and what its lists of invoices, sessions, refunds, disputes, credit
 * notes and transfers show, are published to {@code stripe.events} as the webhook would have. What they mean is decided where it always is.
 */
@NullMarked
package dev.paymaster.gateway.reconcile;

import org.jspecify.annotations.NullMarked;
