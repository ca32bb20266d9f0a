package dev.paymaster.messaging.outbox;

import dev.paymaster.events.Envelope;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * A record to be published. The arrays are not copied: whoever makes it gives them away.
 *
 * @param key decides the partition; records with one key keep their order
 */
public record Outgoing(String topic, byte @Nullable [] key, List<Header> headers, byte @Nullable [] value) {
    /** Kafka writes two lengths, each in five bytes at the most. */
    private static final int LENGTHS_OF_A_HEADER = 10;

    /** One header; a name may stand several times. */
    public record Header(String name, byte @Nullable [] value) {
        public static Header of(String name, String value) {
            return new Header(name, value.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** A CloudEvent. */
    public static Outgoing of(String topic, String key, Envelope envelope, byte[] value) {
        List<Header> headers = new ArrayList<>();
        envelope.toHeaders().forEach((name, text) -> headers.add(Header.of(name, text)));
        return new Outgoing(topic, key.getBytes(StandardCharsets.UTF_8), headers, value);
    }

    /** The text of the first header of that name, or null. */
    public @Nullable String header(String name) {
        for (Header header : headers) {
            if (header.name().equals(name) && header.value() != null) {
                return new String(header.value(), StandardCharsets.UTF_8);
            }
        }
        return null;
    }

    /** The CloudEvents attributes in its headers. */
    public Envelope envelope() {
        Map<String, String> texts = new java.util.HashMap<>();
        for (Header header : headers) {
            if (header.value() != null) {
                texts.put(header.name(), new String(header.value(), StandardCharsets.UTF_8));
            }
        }
        return Envelope.fromHeaders(texts);
    }

    /** Its key, headers and value, in bytes: what Kafka takes it for, but for a few that each record has. */
    public int size() {
        int size = length(key) + length(value);
        for (Header header : headers) {
            size += LENGTHS_OF_A_HEADER
                    + header.name().getBytes(StandardCharsets.UTF_8).length
                    + length(header.value());
        }
        return size;
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    /** The same record with one header more. */
    public Outgoing with(Header header) {
        List<Header> more = new ArrayList<>(headers);
        more.add(header);
        return new Outgoing(topic, key, more, value);
    }

    /** The same record, marked as the stored outcome of a repeated command. */
    public Outgoing asReplay() {
        return with(Header.of(Envelope.HEADER_REPLAYED, "true"));
    }

    /** The record for Kafka's producer. */
    public ProducerRecord<byte[], byte[]> toProducerRecord() {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, null, key, value);
        for (Header header : headers) {
            record.headers().add(new RecordHeader(header.name(), header.value()));
        }
        return record;
    }
}
