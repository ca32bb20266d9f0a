/**
 * How this service calls Stripe: settings, the one client, and what its failures mean.
 * Calls block, so they run on virtual threads, never on an event loop.
 */
@NullMarked
package dev.paymaster.gateway.stripe;

import org.jspecify.annotations.NullMarked;
