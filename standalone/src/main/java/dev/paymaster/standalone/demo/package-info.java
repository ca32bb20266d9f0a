/**
 * Plays the story of Paymaster against a running standalone, as its users would: over HTTP, with the events read from
 * Kafka as an integration reads them. Every step is checked; nothing here knows the services from inside.
 */
@NullMarked
package dev.paymaster.standalone.demo;

import org.jspecify.annotations.NullMarked;
