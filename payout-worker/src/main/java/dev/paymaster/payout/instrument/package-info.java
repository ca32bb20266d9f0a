/**
 * Cards and bank accounts: what somebody pays with, or is paid to, by Stripe's fingerprint.
 * Stripe's events are read here, without a look at anything but the event.
 */
@NullMarked
package dev.paymaster.payout.instrument;

import org.jspecify.annotations.NullMarked;
