/**
 * The port {@code Transfers} as Stripe's API. Nothing else in this service knows Stripe's client; here every answer and
 * every failure of it is given its meaning for the money.
 */
@NullMarked
package dev.paymaster.payout.stripe;

import org.jspecify.annotations.NullMarked;
