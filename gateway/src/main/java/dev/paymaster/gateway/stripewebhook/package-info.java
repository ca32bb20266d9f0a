/**
 * (1) Stripe's webhook: checks the signature on the raw bytes and hands them to Kafka as they are.
 * Stripe hears 200 only after Kafka has the event.
 */
@NullMarked
package dev.paymaster.gateway.stripewebhook;

import org.jspecify.annotations.NullMarked;
