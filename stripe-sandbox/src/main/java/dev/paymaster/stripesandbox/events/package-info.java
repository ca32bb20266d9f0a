/**
 * What happened, told to whoever listens: the log of events, webhook endpoints, signed and retried deliveries.
 * At least once and in no order, as Stripe does it.
 */
@NullMarked
package dev.paymaster.stripesandbox.events;

import org.jspecify.annotations.NullMarked;
