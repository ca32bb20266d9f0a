/**
 * The partition processor: every change of state is caused by a record on a partition, and takes effect exactly once.
 * It knows Kafka and PostgreSQL, and no business word; a worker brings a {@link dev.paymaster.messaging.BatchHandler}.
 */
@NullMarked
package dev.paymaster.messaging;

import org.jspecify.annotations.NullMarked;
