/**
 * Onboarding receivers with Stripe Connect, and where their accounts stand.
 * What Stripe says here is told to payout-worker, which decides on payouts.
 */
@NullMarked
package dev.paymaster.gateway.connect;

import org.jspecify.annotations.NullMarked;
