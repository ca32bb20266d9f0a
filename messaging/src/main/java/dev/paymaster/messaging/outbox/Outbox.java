package dev.paymaster.messaging.outbox;

import dev.paymaster.messaging.BatchTooLargeException;
import dev.paymaster.messaging.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * What one batch is going to publish: for each partition of which it has records, what those have caused, in the order in
 * which it was decided. For one thread and one batch.
 */
public final class Outbox {
    private static final String TRACE_PARENT = "traceparent";

    /** What every topic takes, with room for Kafka's own bytes; a job with the largest texts that HTTP takes fits twice. */
    public static final int MAX_RECORD_BYTES = (16 << 20) - (64 << 10);

    private final Map<TopicPartition, List<Outgoing>> byOrigin = new LinkedHashMap<>();
    private final List<TopicPartition> buried = new ArrayList<>();
    private final long maxBytes;
    private long bytes;

    /** With room for whatever one record leads to. */
    public Outbox() {
        this(Long.MAX_VALUE);
    }

    private Outbox(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** With as much room as several records may take up together. */
    public static Outbox ofSeveral() {
        return new Outbox(BatchTooLargeException.MAX_BYTES);
    }

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
     * @throws BatchTooLargeException when it is too much together with what is there already
     */
    public void add(TopicPartition origin, Outgoing record) {
        if (record.size() > MAX_RECORD_BYTES) {
            throw new IllegalArgumentException("a record for " + record.topic() + " would have " + record.size()
                    + " bytes, more than " + MAX_RECORD_BYTES);
        }
        append(origin, record);
    }

    /** Adds the dead letter of a record, larger than the record itself; its topic has the room. */
    public void bury(TopicPartition origin, Outgoing letter) {
        append(origin, letter);
        buried.add(origin);
    }

    /** Where the records came from that have been buried, each as often as it had one. */
    public List<TopicPartition> buried() {
        return List.copyOf(buried);
    }

    private void append(TopicPartition origin, Outgoing record) {
        bytes += record.size();
        if (bytes > maxBytes) {
            throw new BatchTooLargeException("what a batch publishes", bytes);
        }
        byOrigin.computeIfAbsent(origin, _ -> new ArrayList<>()).add(record);
    }

    /** The records that leave through one partition's outbox. */
    public List<Outgoing> of(TopicPartition origin) {
        return byOrigin.getOrDefault(origin, List.of());
    }

    /** All records, those of one origin after those of another. */
    public List<Outgoing> all() {
        return byOrigin.values().stream().flatMap(List::stream).toList();
    }
}
