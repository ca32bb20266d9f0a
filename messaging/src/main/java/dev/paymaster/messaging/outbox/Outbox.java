package dev.paymaster.messaging.outbox;

import dev.paymaster.messaging.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * What one batch is going to publish, in the order in which it was decided, each record with the partition whose record
 * caused it. For one thread and one batch.
 */
public final class Outbox {
    private static final String TRACE_PARENT = "traceparent";

    /** What every topic takes, with room for Kafka's own bytes; a job with the largest texts that HTTP takes fits twice. */
    public static final int MAX_RECORD_BYTES = (16 << 20) - (64 << 10);

    private final Map<TopicPartition, List<Outgoing>> byOrigin = new LinkedHashMap<>();

    /** Adds a record that {@code cause} brought about; it hands on the cause's trace context. */
    public void add(Message<?> cause, Outgoing record) {
        String traceParent = cause.traceParent();
        Outgoing traced = traceParent == null ? record : record.with(Outgoing.Header.of(TRACE_PARENT, traceParent));
        add(cause.origin(), traced);
    }

    /**
     * Adds a record that leaves through the given partition's outbox.
     *
     * @throws IllegalArgumentException when Kafka would never take it: once committed, it would be in the way for ever
     */
    public void add(TopicPartition origin, Outgoing record) {
        if (record.size() > MAX_RECORD_BYTES) {
            throw new IllegalArgumentException("a record for " + record.topic() + " would have " + record.size()
                    + " bytes, more than " + MAX_RECORD_BYTES);
        }
        addUnbounded(origin, record);
    }

    /** Adds a dead letter, which is larger than the record it holds, and for which topics have the room. */
    public void addUnbounded(TopicPartition origin, Outgoing record) {
        byOrigin.computeIfAbsent(origin, _ -> new ArrayList<>()).add(record);
    }

    /** The records that leave through one partition's outbox. */
    public List<Outgoing> of(TopicPartition origin) {
        return byOrigin.getOrDefault(origin, List.of());
    }

    /** All records. */
    public List<Outgoing> all() {
        return byOrigin.values().stream().flatMap(List::stream).toList();
    }
}
