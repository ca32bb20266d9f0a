/**
 * What Stripe's events say, as far as credits care, read tolerantly from the bytes that Stripe signed.
 * Shapes of neighbouring API versions are understood too; nothing here decides what a fact is worth.
 */
@NullMarked
package dev.paymaster.credit.stripe;

import org.jspecify.annotations.NullMarked;
