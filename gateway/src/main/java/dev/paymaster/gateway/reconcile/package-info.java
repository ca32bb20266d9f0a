/**
 * Catching up with Stripe: events that it could not deliver, and paid invoices that nobody here knows of, are published to
 * {@code stripe.events} as the webhook would have. What they mean is decided where it always is.
 */
@NullMarked
package dev.paymaster.gateway.reconcile;

import org.jspecify.annotations.NullMarked;
