/**
 * Selling subscriptions through Stripe Checkout.
 * Each user has one Stripe customer, made when it is first needed.
 */
@NullMarked
package dev.paymaster.gateway.checkout;

import org.jspecify.annotations.NullMarked;
