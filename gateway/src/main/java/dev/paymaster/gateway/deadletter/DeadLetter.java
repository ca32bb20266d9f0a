package dev.paymaster.gateway.deadletter;

import dev.paymaster.events.Envelope;
import dev.paymaster.events.Topics;
import dev.paymaster.messaging.Sha256;
import dev.paymaster.messaging.deadletter.DeadLetters;
import dev.paymaster.messaging.outbox.Outgoing;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record that a worker could not apply.
 *
 * @param id follows from where the record stood and who could not apply it, so that a letter that is written twice is one
 * @param topic where the record stood, with partition and offset
 * @param consumer the worker that could not apply it
 * @param record the record as it was, to be written to its topic again
 * @param omitted whether the record's value was too large for a letter; it lies where the record stood
 * @param replayOf the letter that was replayed, when the record was a replay
 */
record DeadLetter(
        UUID id,
        String topic,
        long partition,
        long offset,
        String consumer,
        String exception,
        String message,
        Instant buriedAt,
        Outgoing record,
        boolean omitted,
        @Nullable UUID replayOf) {
    private static final String UNKNOWN = "unknown";

    /** A UUID of whatever one likes is of version 8 (RFC 9562). */
    private static final long VERSION_8 = 0x8000L;

    private static final long VERSION_BITS = 0xf000L;
    private static final long VARIANT = 1L << 63;
    private static final long VARIANT_BITS = 3L << 62;

    /** What a list shows of a record's key and value, in characters. */
    private static final int MAX_PREVIEW = 200;

    private static final int MAX_BYTES_OF_CHARACTER = 4;

    /** As long as what a letter says of its failure. */
    private static final int MAX_TEXT = 4_000;

    /**
     * A letter of a topic of dead letters. Whoever wrote it: what it doesn't say is taken from where it stands, and so is the
     * topic in any case, as it is replayed there.
     */
    static DeadLetter of(ConsumerRecord<byte[], byte[]> letter) {
        List<Outgoing.Header> headers = DeadLetters.headersOf(letter);
        Outgoing whole = new Outgoing(letter.topic(), letter.key(), headers, letter.value());
        String topic = topicOf(letter.topic());
        String consumer = Objects.requireNonNullElse(last(whole, DeadLetters.HEADER_CONSUMER), UNKNOWN);
        long partition = number(last(whole, DeadLetters.HEADER_PARTITION), letter.partition());
        long offset = number(last(whole, DeadLetters.HEADER_OFFSET), letter.offset());
        String writtenAt = String.valueOf(last(whole, DeadLetters.HEADER_TIMESTAMP));
        return new DeadLetter(
                idOf(String.join("\n", topic, Long.toString(partition), Long.toString(offset), writtenAt, consumer)),
                topic,
                partition,
                offset,
                consumer,
                Objects.requireNonNullElse(last(whole, DeadLetters.HEADER_EXCEPTION), UNKNOWN),
                Objects.requireNonNullElse(last(whole, DeadLetters.HEADER_MESSAGE), ""),
                Instant.ofEpochMilli(Math.max(0, letter.timestamp())),
                new Outgoing(topic, letter.key(), DeadLetters.ownHeaders(headers), letter.value()),
                last(whole, DeadLetters.HEADER_OMITTED_BYTES) != null,
                uuid(last(whole, DeadLetters.HEADER_REPLAY_OF)));
    }

    private static String topicOf(String deadLetters) {
        return Topics.all().stream()
                .filter(topic -> Topics.deadLetters(topic).equals(deadLetters))
                .findFirst()
                .orElseThrow();
    }

    /** The record as it is to be written again: only to the worker that could not apply it, and saying why it comes again. */
    Outgoing replay() {
        List<Outgoing.Header> all = new ArrayList<>(record.headers());
        all.addAll(DeadLetters.replay(consumer, id));
        return new Outgoing(record.topic(), record.key(), all, record.value());
    }

    @Nullable
    String type() {
        return last(record, Envelope.HEADER_TYPE);
    }

    @Nullable
    String eventId() {
        return last(record, Envelope.HEADER_ID);
    }

    @Nullable
    String keyPreview() {
        return preview(record.key());
    }

    @Nullable
    String valuePreview() {
        return omitted ? null : preview(record.value());
    }

    /** How some bytes begin, as text, with an ellipsis in place of the rest; what isn't UTF-8 shows as U+FFFD. */
    private static @Nullable String preview(byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        int enough = Math.min(bytes.length, (MAX_PREVIEW + 1) * MAX_BYTES_OF_CHARACTER);
        String text = new String(bytes, 0, enough, StandardCharsets.UTF_8);
        boolean isWhole = text.codePointCount(0, text.length()) <= MAX_PREVIEW;
        return storable(isWhole ? text : text.substring(0, text.offsetByCodePoints(0, MAX_PREVIEW)) + "…");
    }

    private static UUID idOf(String what) {
        ByteBuffer hash = ByteBuffer.wrap(Sha256.of(what));
        return new UUID((hash.getLong() & ~VERSION_BITS) | VERSION_8, (hash.getLong() & ~VARIANT_BITS) | VARIANT);
    }

    /** The last header of that name, in a form that the database takes whoever wrote it. */
    private static @Nullable String last(Outgoing letter, String name) {
        String text = null;
        for (Outgoing.Header header : letter.headers()) {
            if (header.name().equals(name) && header.value() != null) {
                text = new String(header.value(), StandardCharsets.UTF_8);
            }
        }
        return text == null ? null : storable(text);
    }

    static String storable(String text) {
        String cut = text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
        return cut.replace('\0', '\ufffd');
    }

    private static @Nullable UUID uuid(@Nullable String text) {
        try {
            return text == null ? null : UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static long number(@Nullable String text, long otherwise) {
        try {
            return text == null ? otherwise : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }
}
