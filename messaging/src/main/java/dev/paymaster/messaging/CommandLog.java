package dev.paymaster.messaging;

import dev.paymaster.messaging.outbox.Outgoing;
import dev.paymaster.messaging.outbox.OutgoingCodec;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * The outcomes of commands by command id, kept in the transaction of their effects. The same command again gets its
 * first outcome again; another command under the same id is refused. Thread-safe; a {@link Batch} is for one thread.
 */
public final class CommandLog {
    /** Of outcomes that are too much, only how much they are. */
    private static final String FIND = """
            SELECT command_id, request_hash, CASE WHEN total <= ? THEN outcome END, total
            FROM (SELECT command_id, request_hash, outcome, sum(octet_length(outcome)) OVER () AS total
                  FROM command_log WHERE command_id = ANY (?)) AS found""";

    private static final String INSERT = """
            INSERT INTO command_log (command_id, request_hash, outcome, recorded_at)
            SELECT id, hash, outcome, ? FROM unnest(?, ?, ?) AS n (id, hash, outcome)""";

    private final JdbcOperations jdbc;
    private final Clock clock;

    public CommandLog(JdbcOperations jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** What is known of a command before it is decided. */
    public sealed interface Earlier {
        /** Nothing: decide it. */
        record None() implements Earlier {}

        /** It was decided before: publish this again. */
        record Same(Outgoing outcome) implements Earlier {}

        /** Its id was used for something else: refuse it with {@code idempotency_mismatch}. */
        record Other() implements Earlier {}
    }

    /**
     * Loads, in one query, what is known of the commands of a batch. Runs in the caller's transaction.
     *
     * @throws BatchTooLargeException when several have outcomes that are too large together
     */
    public Batch open(List<? extends Message<?>> commands) {
        String[] ids = commands.stream().map(c -> c.envelope().id()).distinct().toArray(String[]::new);
        Map<String, Entry> known = new HashMap<>();
        jdbc.query(
                (Connection connection) -> {
                    PreparedStatement statement = connection.prepareStatement(FIND);
                    statement.setLong(1, ids.length == 1 ? Long.MAX_VALUE : BatchTooLargeException.MAX_BYTES);
                    statement.setArray(2, connection.createArrayOf("text", ids));
                    return statement;
                },
                row -> {
                    byte[] outcome = row.getBytes(3);
                    if (outcome == null) {
                        throw new BatchTooLargeException("what the commands of a batch led to", row.getLong(4));
                    }
                    known.put(row.getString(1), new Entry(row.getBytes(2), outcome));
                });
        return new Batch(known);
    }

    private record Entry(byte[] hash, byte @Nullable [] outcome) {}

    /** The commands of one batch. */
    public final class Batch {
        private final Map<String, Entry> known;
        private final List<String> freshIds = new ArrayList<>();

        private Batch(Map<String, Entry> known) {
            this.known = known;
        }

        /** What is known of {@code command}, from the log or from earlier in this batch. */
        public Earlier earlier(Message<?> command) {
            Entry entry = known.get(command.envelope().id());
            if (entry == null) {
                return new Earlier.None();
            }
            if (!Arrays.equals(entry.hash(), hash(command))) {
                return new Earlier.Other();
            }
            return new Earlier.Same(
                    OutgoingCodec.decode(entry.outcome()).getFirst().asReplay());
        }

        /** Notes the outcome of a command that was just decided. */
        public void decided(Message<?> command, Outgoing outcome) {
            String id = command.envelope().id();
            known.put(id, new Entry(hash(command), OutgoingCodec.encode(List.of(outcome))));
            freshIds.add(id);
        }

        /** Writes the outcomes noted, in one statement. */
        public void save() {
            if (freshIds.isEmpty()) {
                return;
            }
            List<Entry> entries = freshIds.stream().map(known::get).toList();
            jdbc.update(connection -> {
                PreparedStatement statement = connection.prepareStatement(INSERT);
                statement.setTimestamp(1, Timestamp.from(clock.instant()));
                statement.setArray(2, connection.createArrayOf("text", freshIds.toArray()));
                statement.setArray(
                        3,
                        connection.createArrayOf(
                                "bytea", entries.stream().map(Entry::hash).toArray(byte[][]::new)));
                statement.setArray(
                        4,
                        connection.createArrayOf(
                                "bytea", entries.stream().map(Entry::outcome).toArray(byte[][]::new)));
                return statement;
            });
        }
    }

    private static byte[] hash(Message<?> command) {
        return requestHash(command.envelope().type(), command.payload());
    }

    /** What the log knows a command by, beside its id: SHA-256 of its type and its JSON, byte for byte. */
    public static byte[] requestHash(String type, byte[] payload) {
        return Sha256.of(type.getBytes(StandardCharsets.UTF_8), new byte[1], payload);
    }
}
