package dev.paymaster.gateway.deadletter;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.paymaster.gateway.http.PageRequest;
import dev.paymaster.gateway.http.Rows;
import dev.paymaster.gateway.limits.AnswerInHand;
import dev.paymaster.messaging.outbox.Outgoing;
import dev.paymaster.messaging.outbox.OutgoingCodec;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Dead letters in the database, and what was done with them. Thread-safe. */
@Repository
class DeadLetterStore {
    private static final String COLUMNS = """
            id, seq, topic, partition, record_offset, consumer, type, event_id, exception, message, buried_at, omitted, status,
            replay_of, record_key, value_preview""";

    /** A filter's columns are compared with text of the caller's; null: whatever it is. */
    private static final String FITTING = """
            FROM identity.dead_letter
            WHERE (:status::text IS NULL OR status = :status) AND (:topic::text IS NULL OR topic = :topic)
               AND (:consumer::text IS NULL OR consumer = :consumer) AND (:type::text IS NULL OR type = :type)
               AND (:exception::text IS NULL OR exception = :exception)""";

    private final DatabaseClient database;

    DeadLetterStore(DatabaseClient database) {
        this.database = database;
    }

    /** What has become of a letter. */
    enum Status {
        OPEN,
        REPLAYED,
        DISCARDED;

        /** As the database and the API name it. */
        @JsonValue
        String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Status of(String text) {
            return valueOf(text.toUpperCase(Locale.ROOT));
        }
    }

    /**
     * A letter without its bytes.
     *
     * @param sequence in the order in which they were kept
     * @param replayOf the letter that was replayed, when the record was a replay
     * @param key as text; null if there is none, or the letter was kept before this was
     * @param valuePreview how the value begins, as text; null as of the key
     */
    record Summary(
            UUID id,
            @JsonIgnore long sequence,
            Status status,
            String topic,
            long partition,
            long offset,
            String consumer,
            @Nullable String type,
            @Nullable String eventId,
            String exception,
            String message,
            Instant buriedAt,
            @JsonIgnore boolean omitted,
            @Nullable UUID replayOf,
            @Nullable String key,
            @Nullable String valuePreview) {}

    /** A letter with the record as it was. */
    record Whole(Summary summary, Outgoing record) {
        DeadLetter letter() {
            return new DeadLetter(
                    summary.id,
                    summary.topic,
                    summary.partition,
                    summary.offset,
                    summary.consumer,
                    summary.exception,
                    summary.message,
                    summary.buriedAt,
                    record,
                    summary.omitted,
                    summary.replayOf);
        }
    }

    /** Somebody did something with a letter. */
    record Action(Status action, String actor, @Nullable String reason, Instant at) {}

    /** Keeps a letter; one that is kept already stays as it is. */
    Mono<Void> keep(DeadLetter letter) {
        DatabaseClient.GenericExecuteSpec statement = database.sql("""
                        INSERT INTO identity.dead_letter (id, topic, partition, record_offset, consumer, type, event_id,
                            exception, message, buried_at, omitted, record, replay_of, record_key, value_preview)
                        VALUES (:id, :topic, :partition, :offset, :consumer, :type, :eventId, :exception, :message, :buriedAt,
                            :omitted, :record, :replayOf, :key, :valuePreview)
                        ON CONFLICT (id) DO NOTHING""")
                .bind("id", letter.id())
                .bind("topic", letter.topic())
                .bind("partition", letter.partition())
                .bind("offset", letter.offset())
                .bind("consumer", letter.consumer())
                .bind("exception", letter.exception())
                .bind("message", letter.message())
                .bind("buriedAt", letter.buriedAt())
                .bind("omitted", letter.omitted())
                .bind("record", Objects.requireNonNull(OutgoingCodec.encode(List.of(letter.record()))));
        statement = bound(statement, "type", letter.type());
        statement = bound(statement, "eventId", letter.eventId());
        statement = bound(statement, "key", letter.keyPreview());
        statement = bound(statement, "valuePreview", letter.valuePreview());
        UUID replayOf = letter.replayOf();
        return (replayOf == null ? statement.bindNull("replayOf", UUID.class) : statement.bind("replayOf", replayOf))
                .then();
    }

    /** Newest first. */
    Flux<Summary> list(@Nullable Status status, Filter filter, PageRequest page) {
        return filtered(
                        "SELECT " + COLUMNS + " " + FITTING + " AND seq < :before ORDER BY seq DESC LIMIT :rows",
                        status,
                        filter)
                .bind("before", page.numberCursor())
                .bind("rows", page.toFetch())
                .map(DeadLetterStore::summary)
                .all();
    }

    /**
     * The open ones that fit, the oldest first: that is the order in which they are replayed.
     *
     * @param whole whether only those that can be replayed
     */
    Flux<UUID> open(Filter filter, boolean whole, int limit) {
        return filtered(
                        "SELECT id " + FITTING + " AND NOT (:whole AND omitted) ORDER BY seq LIMIT :rows",
                        Status.OPEN,
                        filter)
                .bind("whole", whole)
                .bind("rows", limit)
                .map(row -> Rows.required(row, "id", UUID.class))
                .all();
    }

    Mono<Long> countOpen(Filter filter) {
        return filtered("SELECT count(*) AS number " + FITTING, Status.OPEN, filter)
                .map(row -> Rows.number(row, "number"))
                .one();
    }

    Mono<Summary> summaryOf(UUID id) {
        return database.sql("SELECT " + COLUMNS + " FROM identity.dead_letter WHERE id = :id")
                .bind("id", id)
                .map(DeadLetterStore::summary)
                .one();
    }

    /** To be shown. */
    Mono<Whole> find(UUID id) {
        return AnswerInHand.rows(one(id, ""), row -> OutgoingCodec.plainLength(record(row)), DeadLetterStore::whole)
                .singleOrEmpty();
    }

    /** Within a transaction: nobody else does anything with it until the end of that. */
    Mono<Whole> lock(UUID id) {
        return one(id, " FOR UPDATE").map(DeadLetterStore::whole).one();
    }

    private DatabaseClient.GenericExecuteSpec one(UUID id, String locking) {
        return database.sql("SELECT " + COLUMNS + ", record FROM identity.dead_letter WHERE id = :id" + locking)
                .bind("id", id);
    }

    /** What was done with a letter, in order. */
    Flux<Action> actions(UUID id) {
        return database.sql(
                        "SELECT action, actor, reason, at FROM identity.dead_letter_action WHERE letter_id = :id ORDER BY number")
                .bind("id", id)
                .map(row -> new Action(
                        Status.of(Rows.text(row, "action")),
                        Rows.text(row, "actor"),
                        row.get("reason", String.class),
                        Rows.required(row, "at", Instant.class)))
                .all();
    }

    /** Writes down what is done with a letter that the transaction has locked. */
    Mono<Void> act(UUID id, Status action, String actor, @Nullable String reason) {
        return bound(
                        database.sql("""
                                WITH changed AS (UPDATE identity.dead_letter SET status = :action WHERE id = :id)
                                INSERT INTO identity.dead_letter_action (letter_id, action, actor, reason, at)
                                VALUES (:id, :action, :actor, :reason, now())""")
                                .bind("id", id)
                                .bind("action", action.text())
                                .bind("actor", actor),
                        "reason",
                        reason)
                .then();
    }

    /** Open letters by where they came from. */
    Flux<Waiting> waiting() {
        return database.sql("""
                        SELECT topic, consumer, count(*) FILTER (WHERE status = 'open') AS number
                        FROM identity.dead_letter GROUP BY topic, consumer""")
                .map(row ->
                        new Waiting(Rows.text(row, "topic"), Rows.text(row, "consumer"), Rows.number(row, "number")))
                .all();
    }

    record Waiting(String topic, String consumer, long open) {}

    private DatabaseClient.GenericExecuteSpec filtered(String sql, @Nullable Status status, Filter filter) {
        DatabaseClient.GenericExecuteSpec statement = database.sql(sql);
        statement = bound(statement, "status", status == null ? null : status.text());
        statement = bound(statement, "topic", filter.topic());
        statement = bound(statement, "consumer", filter.consumer());
        statement = bound(statement, "type", filter.type());
        return bound(statement, "exception", filter.exception());
    }

    private static DatabaseClient.GenericExecuteSpec bound(
            DatabaseClient.GenericExecuteSpec statement, String name, @Nullable String value) {
        return value == null ? statement.bindNull(name, String.class) : statement.bind(name, value);
    }

    private static Whole whole(Readable row) {
        return new Whole(summary(row), OutgoingCodec.decode(record(row)).getFirst());
    }

    private static byte[] record(Readable row) {
        return Rows.required(row, "record", byte[].class);
    }

    private static Summary summary(Readable row) {
        return new Summary(
                Rows.required(row, "id", UUID.class),
                Rows.number(row, "seq"),
                Status.of(Rows.text(row, "status")),
                Rows.text(row, "topic"),
                Rows.number(row, "partition"),
                Rows.number(row, "record_offset"),
                Rows.text(row, "consumer"),
                row.get("type", String.class),
                row.get("event_id", String.class),
                Rows.text(row, "exception"),
                Rows.text(row, "message"),
                Rows.required(row, "buried_at", Instant.class),
                Rows.required(row, "omitted", Boolean.class),
                row.get("replay_of", UUID.class),
                row.get("record_key", String.class),
                row.get("value_preview", String.class));
    }
}
