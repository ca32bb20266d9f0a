/**
 * Stripe's idempotency contract: one key, one endpoint and set of parameters, one saved answer for 24 hours.
 * Nothing before execution is saved, everything after it is, errors included.
 */
@NullMarked
package dev.paymaster.stripesandbox.idempotency;

import org.jspecify.annotations.NullMarked;
