package dev.paymaster.messaging.deadletter;

import dev.paymaster.events.Topics;
import dev.paymaster.messaging.outbox.Outbox;
import dev.paymaster.messaging.outbox.Outgoing;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Makes a dead letter of a record: its own bytes and headers, and beside them where it came from and what went wrong. */
public final class DeadLetters {
    public static final String HEADER_CONSUMER = "dlt_consumer";
    public static final String HEADER_TOPIC = "dlt_topic";
    public static final String HEADER_PARTITION = "dlt_partition";
    public static final String HEADER_OFFSET = "dlt_offset";
    public static final String HEADER_TIMESTAMP = "dlt_timestamp";
    public static final String HEADER_EXCEPTION = "dlt_exception";
    public static final String HEADER_MESSAGE = "dlt_message";

    /** In place of a value that is too large to be sent. */
    public static final String HEADER_OMITTED_BYTES = "dlt_omitted_bytes";

    /** On a record that was a dead letter and comes again: the only consumer that it is for. */
    public static final String HEADER_REPLAY_FOR = "dlt_replay_for";

    /** On a record that was a dead letter and comes again: which one. */
    public static final String HEADER_REPLAY_OF = "dlt_replay_of";

    /** What the topics of dead letters take. */
    private static final int MAX_BYTES = Outbox.MAX_RECORD_BYTES + (512 << 10);

    /** Nobody's header; it could not be stored. */
    private static final int MAX_NAME_LENGTH = 10_000;

    /** Enough to understand, not enough to make a record too large. */
    private static final int MAX_MESSAGE_LENGTH = 4_000;

    private DeadLetters() {}

    /**
     * The dead letter of {@code record}.
     *
     * @param consumer the worker that could not apply it, and to which alone it may be replayed
     */
    public static Outgoing of(ConsumerRecord<byte[], byte[]> record, String consumer, RuntimeException failure) {
        List<Outgoing.Header> headers = new ArrayList<>();
        record.headers().forEach(header -> {
            if (header.key().length() <= MAX_NAME_LENGTH) {
                headers.add(new Outgoing.Header(header.key(), header.value()));
            }
        });
        headers.add(Outgoing.Header.of(HEADER_CONSUMER, consumer));
        headers.add(Outgoing.Header.of(HEADER_TOPIC, record.topic()));
        headers.add(Outgoing.Header.of(HEADER_PARTITION, Integer.toString(record.partition())));
        headers.add(Outgoing.Header.of(HEADER_OFFSET, Long.toString(record.offset())));
        headers.add(Outgoing.Header.of(HEADER_TIMESTAMP, Long.toString(record.timestamp())));
        headers.add(Outgoing.Header.of(HEADER_EXCEPTION, failure.getClass().getName()));
        headers.add(Outgoing.Header.of(HEADER_MESSAGE, messageOf(failure)));
        Outgoing whole = new Outgoing(Topics.deadLetters(record.topic()), record.key(), headers, record.value());
        return whole.size() <= MAX_BYTES ? whole : withoutValue(whole);
    }

    /** Compressed, a record may have been taken that is too large to be sent again; where it lies, it is whole. */
    private static Outgoing withoutValue(Outgoing whole) {
        Outgoing.Header size = Outgoing.Header.of(HEADER_OMITTED_BYTES, Integer.toString(whole.size()));
        return new Outgoing(whole.topic(), whole.key(), whole.headers(), null).with(size);
    }

    private static String messageOf(RuntimeException failure) {
        String message = String.valueOf(failure.getMessage());
        return message.length() <= MAX_MESSAGE_LENGTH ? message : message.substring(0, MAX_MESSAGE_LENGTH);
    }
}
