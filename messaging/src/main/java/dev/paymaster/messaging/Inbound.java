package dev.paymaster.messaging;

import dev.paymaster.events.Envelope;
import dev.paymaster.messaging.deadletter.DeadLetters;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** A record as it came, for a handler to decode. */
public final class Inbound {
    private final ConsumerRecord<byte[], byte[]> record;

    Inbound(ConsumerRecord<byte[], byte[]> record) {
        this.record = record;
    }

    public String topic() {
        return record.topic();
    }

    /**
     * The record's value.
     *
     * @throws UnreadableRecordException when there is none
     */
    public byte[] value() {
        byte[] value = record.value();
        if (value == null) {
            throw new UnreadableRecordException("the record has no value");
        }
        return value;
    }

    /** The last header of that name as text, or null. */
    public @Nullable String header(String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    /**
     * The CloudEvents attributes in the record's headers.
     *
     * @throws UnreadableRecordException naming the header that is missing or malformed
     */
    public Envelope envelope() {
        Map<String, String> headers = new HashMap<>();
        for (Header header : record.headers()) {
            if (header.value() != null) {
                headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
            }
        }
        try {
            return Envelope.fromHeaders(headers);
        } catch (IllegalArgumentException e) {
            throw new UnreadableRecordException(String.valueOf(e.getMessage()), e);
        }
    }

    /** A dead letter that is replayed is for the consumer alone that could not apply it; everybody else has. */
    boolean isFor(String consumer) {
        String only = DeadLetters.replayFor(record);
        return only == null || only.equals(consumer);
    }

    ConsumerRecord<byte[], byte[]> record() {
        return record;
    }
}
