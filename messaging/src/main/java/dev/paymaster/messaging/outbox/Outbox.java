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

    private final Map<TopicPartition, List<Outgoing>> byOrigin = new LinkedHashMap<>();

    /** Adds a record that {@code cause} brought about; it hands on the cause's trace context. */
    public void add(Message<?> cause, Outgoing record) {
        String traceParent = cause.traceParent();
        Outgoing traced = traceParent == null ? record : record.with(Outgoing.Header.of(TRACE_PARENT, traceParent));
        add(cause.origin(), traced);
    }

    /** Adds a record that leaves through the given partition's outbox. */
    public void add(TopicPartition origin, Outgoing record) {
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
