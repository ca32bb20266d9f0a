package dev.paymaster.messaging;

import dev.paymaster.events.Envelope;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A decoded record.
 *
 * @param envelope what stood on its outside
 * @param body what it says
 * @param payload its value, byte for byte
 * @param origin where it came from; what it causes leaves through this partition's outbox
 * @param traceParent W3C trace context to hand on, or null
 */
public record Message<C>(
        Envelope envelope,
        C body,
        byte[] payload,
        TopicPartition origin,
        @Nullable String traceParent) {}
