/**
 * What one caller, one address and all together may ask of this instance. Stripe's webhook comes before all but the bound on connections,
 * and has bounds of its own.
 */
@NullMarked
package dev.paymaster.gateway.limits;

import org.jspecify.annotations.NullMarked;
