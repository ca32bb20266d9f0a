/**
 * The port {@code StripeSearch} as Stripe's API. Nothing else in this service knows Stripe's client. Objects are handed on as
 * Stripe wrote them, so that whoever reads events reads these too.
 */
@NullMarked
package dev.paymaster.credit.stripe.client;

import org.jspecify.annotations.NullMarked;
