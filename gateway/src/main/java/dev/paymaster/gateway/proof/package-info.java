/**
 * The proof: every balance derived anew from the transfers, every job from its credits and payout, and both compared with
 * what Stripe says. It changes nothing but its note of how far it has come, and names each difference that it finds.
 */
@NullMarked
package dev.paymaster.gateway.proof;

import org.jspecify.annotations.NullMarked;
