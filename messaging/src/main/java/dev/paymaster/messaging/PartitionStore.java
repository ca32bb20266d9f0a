package dev.paymaster.messaging;

import dev.paymaster.messaging.outbox.Outgoing;
import dev.paymaster.messaging.outbox.OutgoingCodec;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.springframework.jdbc.core.JdbcOperations;

/** Table {@code partition}: who owns a partition, how far it has come, and what it has yet to publish. */
final class PartitionStore {
    private static final String TAKE_OVER = """
            INSERT INTO partition AS p (consumer, topic, partition, epoch, next_offset, topic_id) VALUES (?, ?, ?, 1, ?, ?)
            ON CONFLICT (consumer, topic, partition) DO UPDATE
            SET epoch = p.epoch + 1,
                topic_id = CASE WHEN p.next_offset = 0 THEN excluded.topic_id ELSE coalesce(p.topic_id, excluded.topic_id) END
            RETURNING epoch, next_offset, pending, topic_id""";
    private static final String READ = """
            SELECT epoch, next_offset, pending, topic_id FROM partition
            WHERE consumer = ? AND topic = ? AND partition = ? AND epoch = ? FOR UPDATE""";
    private static final String ADVANCE = """
            UPDATE partition AS p SET next_offset = n.next_offset, pending = n.pending
            FROM unnest(?, ?, ?, ?, ?, ?) AS n (topic, partition, epoch, first_offset, next_offset, pending)
            WHERE p.consumer = ? AND p.topic = n.topic AND p.partition = n.partition AND p.epoch = n.epoch
                AND p.next_offset = n.first_offset""";
    private static final String MOVE = """
            UPDATE partition SET next_offset = ?, topic_id = ?
            WHERE consumer = ? AND topic = ? AND partition = ? AND epoch = ?""";
    private static final String CLEAR = """
            UPDATE partition SET pending = NULL
            WHERE consumer = ? AND topic = ? AND partition = ? AND epoch = ? AND pending IS NOT NULL""";

    private final JdbcOperations jdbc;
    private final String consumer;

    PartitionStore(JdbcOperations jdbc, String consumer) {
        this.jdbc = jdbc;
        this.consumer = consumer;
    }

    /**
     * A partition as its owner left it.
     *
     * @param topicId of the topic whose records it has come through
     */
    record Stored(long epoch, long nextOffset, List<Outgoing> pending, String topicId) {
        static Stored of(ResultSet row, int number) throws SQLException {
            return new Stored(row.getLong(1), row.getLong(2), OutgoingCodec.decode(row.getBytes(3)), row.getString(4));
        }
    }

    /**
     * Where a batch takes a partition.
     *
     * @param from the next offset that the batch was decided on
     */
    record Progress(TopicPartition partition, long epoch, long from, long nextOffset, List<Outgoing> pending) {}

    /** Makes the caller the owner: from here on, no former owner can commit. A new partition starts where its log does. */
    Stored takeOver(TopicPartition partition, PartitionLog log) {
        return Objects.requireNonNull(
                jdbc.queryForObject(
                        TAKE_OVER,
                        Stored::of,
                        consumer,
                        partition.topic(),
                        partition.partition(),
                        log.beginning(),
                        log.topicId()),
                "INSERT … RETURNING returns a row");
    }

    /**
     * The partition as it is now, or nothing when it has another owner. Waits for a transaction that is still under way
     * on it: its COMMIT may have reached the server although its answer never came.
     */
    Optional<Stored> read(TopicPartition partition, long epoch) {
        return jdbc.query(READ, Stored::of, consumer, partition.topic(), partition.partition(), epoch).stream()
                .findFirst();
    }

    /**
     * Moves partitions on, in the transaction of what their records did.
     *
     * @throws FencedException when one of them has another owner, or isn't where the batch was decided on
     */
    void advance(List<Progress> batch) {
        Integer updated = jdbc.execute(
                (Connection connection) -> connection.prepareStatement(ADVANCE),
                (PreparedStatement statement) -> advance(statement, batch));
        if (updated == null || updated != batch.size()) {
            throw new FencedException(batch.size(), updated == null ? 0 : updated);
        }
    }

    /** Accepts that records are missing: the partition goes on at the log's beginning. */
    void move(TopicPartition partition, long epoch, PartitionLog log) {
        jdbc.update(MOVE, log.beginning(), log.topicId(), consumer, partition.topic(), partition.partition(), epoch);
    }

    /** Forgets what has surely been published, so that the next owner needn't publish it again. */
    void clearPending(TopicPartition partition, long epoch) {
        jdbc.update(CLEAR, consumer, partition.topic(), partition.partition(), epoch);
    }

    private Integer advance(PreparedStatement statement, List<Progress> batch) throws SQLException {
        Connection connection = statement.getConnection();
        statement.setArray(
                1, array(connection, "text", batch, p -> p.partition().topic()));
        statement.setArray(
                2, array(connection, "int4", batch, p -> p.partition().partition()));
        statement.setArray(3, array(connection, "int8", batch, Progress::epoch));
        statement.setArray(4, array(connection, "int8", batch, Progress::from));
        statement.setArray(5, array(connection, "int8", batch, Progress::nextOffset));
        byte[][] pending =
                batch.stream().map(p -> OutgoingCodec.encode(p.pending())).toArray(byte[][]::new);
        statement.setArray(6, connection.createArrayOf("bytea", pending));
        statement.setString(7, consumer);
        return statement.executeUpdate();
    }

    private static Array array(
            Connection connection, String type, List<Progress> batch, java.util.function.Function<Progress, Object> of)
            throws SQLException {
        return connection.createArrayOf(type, batch.stream().map(of).toArray());
    }
}
