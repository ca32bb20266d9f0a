/**
 * Selling subscriptions and top-ups through Stripe Checkout, and leading to Stripe's billing portal.
 * Each user has one Stripe customer, made when it is first needed.
 */
@NullMarked
package dev.paymaster.gateway.checkout;

import org.jspecify.annotations.NullMarked;
