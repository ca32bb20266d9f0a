/**
 * Kafka as Paymaster uses it: topics, producers and consumers with the settings that keep money safe.
 * Services import its configuration; nothing here knows a database.
 */
@NullMarked
package dev.paymaster.messaging.kafka;

import org.jspecify.annotations.NullMarked;
