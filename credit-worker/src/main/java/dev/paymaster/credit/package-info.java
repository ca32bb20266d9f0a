/**
 * Credit-worker: Stripe's billing facts and administrators' grants become credits.
 * This package only puts it together; what it does is in the packages below, in the order of the money.
 */
@NullMarked
package dev.paymaster.credit;

import org.jspecify.annotations.NullMarked;
