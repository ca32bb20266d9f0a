package dev.paymaster.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.paymaster.embedded.Database;
import dev.paymaster.events.Envelope;
import dev.paymaster.events.MessageTypes;
import dev.paymaster.events.Topics;
import dev.paymaster.messaging.deadletter.DeadLetters;
import dev.paymaster.messaging.kafka.MessagingSettings;
import dev.paymaster.messaging.outbox.Outgoing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.flywaydb.core.Flyway;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Tables and topics that are empty at first, what a test sends, and what can be checked from the outside. */
final class TallyWorld implements AutoCloseable {
    static final int PARTITIONS = 4;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final String in;
    final String out;
    final JdbcTemplate jdbc;
    private final HikariDataSource pool;
    private final String bootstrapServers;
    private final Database database;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Map<String, Long> expected = new HashMap<>();
    private final List<Future<RecordMetadata>> sends = new ArrayList<>();
    private List<String> acceptedLoss = List.of();
    private int sent;

    TallyWorld(Database database, String bootstrapServers, String name) {
        this.database = database;
        this.bootstrapServers = bootstrapServers;
        this.in = name + ".in";
        this.out = name + ".out";
        this.pool = pool(database);
        this.jdbc = new JdbcTemplate(pool);
        createTables();
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "acks",
                        "all",
                        "max.in.flight.requests.per.connection",
                        1,
                        // The topics are so new that not everybody knows of them.
                        "retry.backoff.ms",
                        10),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        createTopics();
    }

    static HikariDataSource pool(Database database) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.jdbcUrl());
        config.setUsername(database.ownerUser());
        config.setPassword(database.ownerPassword());
        config.setMaximumPoolSize(6);
        config.setConnectionTimeout(1_000);
        return new HikariDataSource(config);
    }

    Database database() {
        return database;
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    MessagingSettings settings(int threads) {
        return new MessagingSettings(
                "/tally", PARTITIONS, (short) -1, 0, threads, 100, Duration.ofSeconds(10), acceptedLoss);
    }

    /** From the next instance on, these stored offsets are given up. */
    void acceptLoss(List<String> loss) {
        acceptedLoss = loss;
    }

    /** Deletes the topic, with all that was sent to it, and makes it anew. */
    void makeTopicAnew() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.deleteTopics(List.of(in)).all().get();
            Await.until(PATIENCE, () -> names(admin).contains(in) ? "the topic is still there" : null);
            admin.createTopics(List.of(new NewTopic(in, PARTITIONS, (short) 1)))
                    .all()
                    .get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException("the topic could not be made anew", e);
        }
        sent = 0;
    }

    /** Or empties those of the world before. */
    private void createTables() {
        if (Boolean.TRUE.equals(jdbc.queryForObject("SELECT to_regclass('tally') IS NOT NULL", Boolean.class))) {
            jdbc.execute("TRUNCATE tally, partition");
            return;
        }
        Flyway.configure()
                .dataSource(database.jdbcUrl(), database.ownerUser(), database.ownerPassword())
                .locations("classpath:db/messaging", "classpath:db/tally")
                .placeholders(Map.of("role", database.ownerUser()))
                .load()
                .migrate();
        jdbc.execute("""
                CREATE TABLE tally (key text PRIMARY KEY, total bigint NOT NULL DEFAULT 0 CHECK (total >= 0),
                sequence bigint NOT NULL DEFAULT 0)""");
    }

    private void createTopics() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(List.of(
                            new NewTopic(in, PARTITIONS, (short) 1),
                            new NewTopic(out, PARTITIONS, (short) 1),
                            new NewTopic(Topics.deadLetters(in), PARTITIONS, (short) 1)))
                    .all()
                    .get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException("topics could not be made", e);
        }
    }

    private static Set<String> names(Admin admin) {
        try {
            return admin.listTopics().names().get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException("the topics can't be listed", e);
        }
    }

    /** How many records a group says that it has read. */
    long groupOffsets(String group) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().entrySet().stream()
                    .filter(entry -> entry.getKey().topic().equals(in) && entry.getValue() != null)
                    .mapToLong(entry -> entry.getValue().offset())
                    .sum();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException("the group's offsets can't be read", e);
        }
    }

    /** Sends additions that must all take effect, spread over some keys. */
    void sendAdditions(int count, int keys) {
        for (int i = 0; i < count; i++) {
            String key = "key-" + (sent % keys);
            sendAddition(key, 1 + sent % 7);
        }
        producer.flush();
    }

    void sendAddition(String key, long amount) {
        expected.merge(key, amount, Long::sum);
        send(key, Codec.write(new Tally.Add(key, amount)));
    }

    /** Sends a record that must end in the dead letters; returns its partition. */
    int sendBad(String key, byte[] value) {
        send(key, value);
        producer.flush();
        return sends.getLast().resultNow().partition();
    }

    /** Sends an addition that was a dead letter of a worker; it counts only if that is the one here. */
    void sendReplay(String key, long amount, String consumer) {
        if (consumer.equals("tally-of-" + in)) {
            expected.merge(key, amount, Long::sum);
        }
        Outgoing record = record(key, Codec.write(new Tally.Add(key, amount)));
        for (Outgoing.Header header : DeadLetters.replay(consumer, UUID.randomUUID())) {
            record = record.with(header);
        }
        send(record);
        producer.flush();
    }

    /** Sends an addition that says that it is for a worker alone, and names no letter: it counts for all of them. */
    void sendWhatLooksLikeAReplay(String key, long amount, String consumer) {
        expected.merge(key, amount, Long::sum);
        send(record(key, Codec.write(new Tally.Add(key, amount)))
                .with(Outgoing.Header.of(DeadLetters.HEADER_REPLAY_FOR, consumer)));
        producer.flush();
    }

    /** One addition for each partition but one. */
    void sendOneToEachPartitionBut(int left) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            if (partition != left) {
                String key = "key-of-" + partition;
                expected.merge(key, 1L, Long::sum);
                ProducerRecord<byte[], byte[]> record =
                        record(key, Codec.write(new Tally.Add(key, 1))).toProducerRecord();
                sent++;
                sends.add(producer.send(
                        new ProducerRecord<>(in, partition, record.key(), record.value(), record.headers())));
            }
        }
        producer.flush();
    }

    /** How far each partition has come, as {@code topic-partition@offset}. */
    List<String> stored() {
        return jdbc.query(
                "SELECT topic || '-' || partition || '@' || next_offset FROM partition WHERE topic = ?",
                (row, number) -> row.getString(1),
                in);
    }

    boolean isOwned(int partition) {
        return Boolean.TRUE.equals(jdbc.queryForObject(
                "SELECT EXISTS (SELECT FROM partition WHERE topic = ? AND partition = ?)",
                Boolean.class,
                in,
                partition));
    }

    private void send(String key, byte[] value) {
        send(record(key, value));
    }

    private Outgoing record(String key, byte[] value) {
        return Outgoing.of(
                in,
                key,
                Envelope.of("command-" + (sent + 1), "/test", MessageTypes.nameOf(Tally.Add.class), key, Instant.now()),
                value);
    }

    private void send(Outgoing record) {
        sent++;
        sends.add(producer.send(record.toProducerRecord()));
    }

    /** Waits until all that was sent is processed; then nothing may be lost, doubled or out of order. */
    void assertAllAppliedOnce() {
        awaitProcessed();
        assertThat(totals()).isEqualTo(expected);
        assertEventsInOrder();
    }

    void awaitProcessed() {
        Await.until(PATIENCE, () -> {
            String processed = processed();
            return Integer.toString(sent).equals(processed) ? null : "processed " + processed + " of " + sent;
        });
        assertThat(sends).allMatch(Future::isDone);
    }

    private String processed() {
        try {
            return String.valueOf(jdbc.queryForObject(
                    "SELECT coalesce(sum(next_offset), 0) FROM partition WHERE topic = ?", Long.class, in));
        } catch (DataAccessException e) {
            return "an unknown number (" + e.getMessage() + ")";
        }
    }

    Map<String, Long> totals() {
        Map<String, Long> totals = new HashMap<>();
        jdbc.query("SELECT key, total FROM tally", row -> {
            totals.put(row.getString(1), row.getLong(2));
        });
        return totals;
    }

    /** First occurrences of each key's events carry 1, 2, 3 …; repetitions carry an id that was seen. */
    void assertEventsInOrder() {
        Map<String, Long> sequences = new HashMap<>();
        jdbc.query("SELECT key, sequence FROM tally", row -> {
            sequences.put(row.getString(1), row.getLong(2));
        });
        Map<String, Long> seen = new LinkedHashMap<>();
        Set<String> ids = new HashSet<>();
        Await.until(PATIENCE, () -> {
            seen.clear();
            ids.clear();
            for (ConsumerRecord<byte[], byte[]> event : read(out)) {
                Envelope envelope = new Inbound(event).envelope();
                if (ids.add(envelope.id())) {
                    Long last = seen.put(envelope.subject(), envelope.sequence());
                    assertThat(envelope.sequence()).isEqualTo(last == null ? 1 : last + 1);
                }
            }
            return seen.equals(sequences) ? null : "events " + seen + " of " + sequences;
        });
    }

    /** Does something while no batch can end: each that has begun waits for a lock. */
    void holdUp(Runnable action) {
        new TransactionTemplate(new DataSourceTransactionManager(pool)).executeWithoutResult(_ -> {
            jdbc.execute("LOCK TABLE tally IN EXCLUSIVE MODE");
            action.run();
        });
    }

    boolean isSomebodyWaitingForALock() {
        return Boolean.TRUE.equals(jdbc.queryForObject(
                "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                        + " AND datname = current_database())",
                Boolean.class));
    }

    List<ConsumerRecord<byte[], byte[]>> deadLetters() {
        return read(Topics.deadLetters(in));
    }

    static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    private List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "fetch.max.wait.ms", 20),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                    .mapToObj(n -> new TopicPartition(topic, n))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
            return records;
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(1));
        pool.close();
    }
}
