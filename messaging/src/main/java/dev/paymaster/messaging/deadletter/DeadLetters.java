package dev.paymaster.messaging.deadletter;

import dev.paymaster.events.Topics;
import dev.paymaster.messaging.outbox.Outbox;
import dev.paymaster.messaging.outbox.Outgoing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

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

    /** In place of headers whose names are too long to be stored: how these begin, one a line; or {@value #ALL}. */
    public static final String HEADER_OMITTED_HEADERS = "dlt_omitted_headers";

    /** How the names of all headers begin that a letter has beside its record's own. */
    private static final String PREFIX = "dlt_";

    /** Before the name of a header of the record's own that begins like these. */
    private static final String OWN = "dlt_own_";

    private static final Pattern UUID_FORM = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /** Instead of names: all headers and the key are left out, as even without the value they are too large. */
    private static final String ALL = "*";

    /** On a record that was a dead letter and comes again: the only consumer that it is for. */
    public static final String HEADER_REPLAY_FOR = "dlt_replay_for";

    /** On a record that was a dead letter and comes again: which one. */
    public static final String HEADER_REPLAY_OF = "dlt_replay_of";

    /** What the topics of dead letters take. */
    private static final int MAX_BYTES = Outbox.MAX_RECORD_BYTES + (512 << 10);

    /** Nobody's header; it could not be stored. */
    private static final int MAX_NAME_LENGTH = 10_000;

    /** Of the name of an omitted header: enough to know it by. */
    private static final int SHOWN_OF_NAME = 100;

    /** Enough to understand, not enough to make a record too large. */
    public static final int MAX_TEXT_LENGTH = 4_000;

    private DeadLetters() {}

    /**
     * The dead letter of {@code record}.
     *
     * @param consumer the worker that could not apply it, and to which alone it may be replayed
     */
    public static Outgoing of(ConsumerRecord<byte[], byte[]> record, String consumer, RuntimeException failure) {
        List<Outgoing.Header> own = storable(marked(record));
        List<Outgoing.Header> why = new ArrayList<>(List.of(
                Outgoing.Header.of(HEADER_CONSUMER, consumer),
                Outgoing.Header.of(HEADER_TOPIC, record.topic()),
                Outgoing.Header.of(HEADER_PARTITION, Integer.toString(record.partition())),
                Outgoing.Header.of(HEADER_OFFSET, Long.toString(record.offset())),
                Outgoing.Header.of(HEADER_TIMESTAMP, Long.toString(record.timestamp())),
                Outgoing.Header.of(HEADER_EXCEPTION, failure.getClass().getName()),
                Outgoing.Header.of(HEADER_MESSAGE, cut(String.valueOf(failure.getMessage())))));
        String replayed = letterOf(record);
        if (replayed != null) {
            why.add(Outgoing.Header.of(HEADER_REPLAY_OF, replayed));
        }
        String topic = Topics.deadLetters(record.topic());
        Outgoing whole = new Outgoing(topic, record.key(), joined(own, why), record.value());
        if (whole.size() <= MAX_BYTES) {
            return whole;
        }
        // Compressed, a record may have been taken that is too large to be sent again; where it lies, it is whole.
        Outgoing.Header size = Outgoing.Header.of(HEADER_OMITTED_BYTES, Integer.toString(whole.size()));
        Outgoing withoutValue = new Outgoing(topic, record.key(), joined(own, why), null).with(size);
        return withoutValue.size() <= MAX_BYTES
                ? withoutValue
                : new Outgoing(topic, null, why, null).with(size).with(Outgoing.Header.of(HEADER_OMITTED_HEADERS, ALL));
    }

    private static List<Outgoing.Header> joined(List<Outgoing.Header> own, List<Outgoing.Header> why) {
        return Stream.of(own, why).flatMap(List::stream).toList();
    }

    /** A record's headers, so named that none of them can be taken for the letter's, but for those that replaying has added. */
    private static Iterable<Header> marked(ConsumerRecord<byte[], byte[]> record) {
        Set<String> added = new HashSet<>();
        if (letterOf(record) != null) {
            added.addAll(List.of(HEADER_REPLAY_FOR, HEADER_REPLAY_OF));
        }
        List<Header> marked = new ArrayList<>();
        for (Header header : List.of(record.headers().toArray()).reversed()) {
            String name = header.key();
            if (!added.remove(name)) {
                marked.add(name.startsWith(PREFIX) ? new RecordHeader(OWN + name, header.value()) : header);
            }
        }
        return marked.reversed();
    }

    /** A record's headers as far as they can be stored; if some can't, one more says which. */
    public static List<Outgoing.Header> headersOf(ConsumerRecord<byte[], byte[]> record) {
        return storable(record.headers());
    }

    private static List<Outgoing.Header> storable(Iterable<Header> all) {
        List<Outgoing.Header> headers = new ArrayList<>();
        List<String> omitted = new ArrayList<>();
        for (Header header : all) {
            if (header.key().length() <= MAX_NAME_LENGTH) {
                headers.add(new Outgoing.Header(header.key(), header.value()));
            } else {
                omitted.add(header.key().substring(0, SHOWN_OF_NAME));
            }
        }
        if (!omitted.isEmpty()) {
            headers.add(Outgoing.Header.of(HEADER_OMITTED_HEADERS, cut(String.join("\n", omitted))));
        }
        return headers;
    }

    /** What a record has beside its own headers when it was a dead letter and comes again. */
    public static List<Outgoing.Header> replay(String consumer, UUID letter) {
        return List.of(
                Outgoing.Header.of(HEADER_REPLAY_FOR, consumer),
                Outgoing.Header.of(HEADER_REPLAY_OF, letter.toString()));
    }

    /**
     * The only consumer that a record is for, because it was a dead letter and comes again; otherwise null. Anybody may write such
     * a header; only whoever says which letter it was is believed.
     */
    public static @Nullable String replayFor(ConsumerRecord<byte[], byte[]> record) {
        return letterOf(record) == null ? null : text(record, HEADER_REPLAY_FOR);
    }

    /** The letter that a record was, or null when it is no replay. */
    private static @Nullable String letterOf(ConsumerRecord<byte[], byte[]> record) {
        String letter = text(record, HEADER_REPLAY_OF);
        boolean named = letter != null && UUID_FORM.matcher(letter).matches();
        return named && text(record, HEADER_REPLAY_FOR) != null ? letter : null;
    }

    private static @Nullable String text(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    /**
     * The headers of a letter that are its record's own, by the names that they had. What the record has lost stays with it, for
     * whoever reads it.
     */
    public static List<Outgoing.Header> ownHeaders(List<Outgoing.Header> letter) {
        List<Outgoing.Header> own = new ArrayList<>();
        for (Outgoing.Header header : letter) {
            String name = header.name();
            if (name.startsWith(OWN)) {
                own.add(new Outgoing.Header(name.substring(OWN.length()), header.value()));
            } else if (!name.startsWith(PREFIX) || name.equals(HEADER_OMITTED_HEADERS)) {
                own.add(header);
            }
        }
        return own;
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT_LENGTH ? text : text.substring(0, MAX_TEXT_LENGTH);
    }
}
