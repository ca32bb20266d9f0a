/**
 * Receivers' connected accounts: what Stripe says of them, and whether they can be paid.
 * Stripe's account events are read here, without a look at anything but the event.
 */
@NullMarked
package dev.paymaster.payout.account;

import org.jspecify.annotations.NullMarked;
