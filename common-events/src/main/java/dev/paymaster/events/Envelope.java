package dev.paymaster.events;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What stands on the outside of every record: CloudEvents 1.0 in Kafka's binary mode, one header per attribute.
 *
 * @param id unique per message; a record seen again carries the same id, so consumers drop repetitions by it
 * @param source who says so, as a URI reference, for example {@code /job-service}
 * @param type the message type, for example {@code dev.paymaster.JobCreated.v1}; see {@link MessageTypes}
 * @param subject what it is about: a user, job or payout id, or a Stripe object id
 * @param time when it happened
 * @param causationId the id of the command or Stripe event that caused it; absent when nothing did
 * @param sequence the number of this fact in the life of its aggregate, from 1 without gaps; absent on commands and on
 *     answers that change nothing
 * @param replayed true when this is the stored outcome of a command that was sent again
 */
public record Envelope(
        String id,
        String source,
        String type,
        String subject,
        Instant time,
        @Nullable String causationId,
        @Nullable Long sequence,
        boolean replayed) {
    public static final String SPEC_VERSION = "1.0";
    public static final String HEADER_SPEC_VERSION = "ce_specversion";
    public static final String HEADER_ID = "ce_id";
    public static final String HEADER_SOURCE = "ce_source";
    public static final String HEADER_TYPE = "ce_type";
    public static final String HEADER_SUBJECT = "ce_subject";
    public static final String HEADER_TIME = "ce_time";
    public static final String HEADER_DATA_SCHEMA = "ce_dataschema";
    public static final String HEADER_CAUSATION_ID = "ce_causationid";
    public static final String HEADER_SEQUENCE = "ce_sequence";
    public static final String HEADER_REPLAYED = "ce_replayed";

    /** Long enough for any id in use, short enough for an index and a log line. */
    private static final int MAX_ATTRIBUTE_LENGTH = 512;

    public Envelope {
        requireAttribute(HEADER_ID, id);
        requireAttribute(HEADER_SOURCE, source);
        requireAttribute(HEADER_TYPE, type);
        requireAttribute(HEADER_SUBJECT, subject);
        Objects.requireNonNull(time, HEADER_TIME);
    }

    /** An envelope of a message that nothing caused and that carries no sequence: a command, in most cases. */
    public static Envelope of(String id, String source, String type, String subject, Instant time) {
        return new Envelope(id, source, type, subject, time, null, null, false);
    }

    /** The same envelope, marked as the stored outcome of a repeated command. */
    public Envelope asReplay() {
        return new Envelope(id, source, type, subject, time, causationId, sequence, true);
    }

    /** The headers of this envelope, in a fixed order. */
    public Map<String, String> toHeaders() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(HEADER_SPEC_VERSION, SPEC_VERSION);
        headers.put(HEADER_ID, id);
        headers.put(HEADER_SOURCE, source);
        headers.put(HEADER_TYPE, type);
        headers.put(HEADER_SUBJECT, subject);
        headers.put(HEADER_TIME, time.toString());
        headers.put(HEADER_DATA_SCHEMA, MessageTypes.schemaOf(type));
        if (causationId != null) {
            headers.put(HEADER_CAUSATION_ID, causationId);
        }
        if (sequence != null) {
            headers.put(HEADER_SEQUENCE, Long.toString(sequence));
        }
        if (replayed) {
            headers.put(HEADER_REPLAYED, "true");
        }
        return headers;
    }

    /**
     * Reads an envelope from a record's headers. Headers it doesn't know are left alone.
     *
     * @throws IllegalArgumentException naming the header that is missing or malformed
     */
    public static Envelope fromHeaders(Map<String, String> headers) {
        return new Envelope(
                required(headers, HEADER_ID),
                required(headers, HEADER_SOURCE),
                required(headers, HEADER_TYPE),
                required(headers, HEADER_SUBJECT),
                time(required(headers, HEADER_TIME)),
                headers.get(HEADER_CAUSATION_ID),
                sequence(headers.get(HEADER_SEQUENCE)),
                "true".equals(headers.get(HEADER_REPLAYED)));
    }

    private static String required(Map<String, String> headers, String name) {
        String value = headers.get(name);
        if (value == null) {
            throw new IllegalArgumentException("header " + name + " is missing");
        }
        return value;
    }

    private static Instant time(String value) {
        try {
            return Instant.parse(value);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("header " + HEADER_TIME + " is not an RFC 3339 time in UTC", e);
        }
    }

    private static @Nullable Long sequence(@Nullable String value) {
        if (value == null) {
            return null;
        }
        try {
            return Long.valueOf(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("header " + HEADER_SEQUENCE + " is not a whole number", e);
        }
    }

    private static void requireAttribute(String name, String value) {
        Text.require(name, value, MAX_ATTRIBUTE_LENGTH);
    }
}
