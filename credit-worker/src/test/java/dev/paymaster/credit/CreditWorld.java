package dev.paymaster.credit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.paymaster.credit.stripe.StripeJson;
import dev.paymaster.embedded.Database;
import dev.paymaster.embedded.EmbeddedBroker;
import dev.paymaster.embedded.EmbeddedDatabase;
import dev.paymaster.events.Envelope;
import dev.paymaster.events.MessageTypes;
import dev.paymaster.events.Topics;
import dev.paymaster.events.credit.CreditCommand;
import dev.paymaster.events.credit.CreditEvent;
import dev.paymaster.events.credit.CreditEvent.CashReturned;
import dev.paymaster.messaging.Codec;
import dev.paymaster.messaging.MessageReader;
import dev.paymaster.messaging.deadletter.DeadLetters;
import dev.paymaster.messaging.outbox.Outgoing;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** The whole service on a broker and a database, and what can be sent to it and seen of it from the outside. */
final class CreditWorld implements AutoCloseable {
    private static final int PARTITIONS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final MessageReader<CreditEvent> EVENTS = new MessageReader<>(CreditEvent.class);

    static {
        Awaitility.setDefaultPollInterval(POLL);
        // A review that two transactions have missed is called for after ten seconds.
        Awaitility.setDefaultTimeout(PATIENCE);
    }

    private final HikariDataSource pool;
    final JdbcTemplate jdbc;
    final ConfigurableApplicationContext service;
    private final EmbeddedBroker broker;
    private final List<Future<?>> sends = new ArrayList<>();
    private final KafkaProducer<byte[], byte[]> producer;

    /** An entry or refusal as it was published. */
    record Published(Envelope envelope, CreditEvent event) {}

    CreditWorld(String name, EmbeddedBroker broker, String secretKey, String... more) {
        this(name, broker, secretKey, Map.of(), more);
    }

    /** @param beans by name, in place of the service's own */
    CreditWorld(String name, EmbeddedBroker broker, String secretKey, Map<String, Object> beans, String... more) {
        Database database = EmbeddedDatabase.shared().createDatabase(name);
        this.broker = broker;
        this.pool = pool(database);
        this.jdbc = new JdbcTemplate(pool);
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        this.service = CreditWorkerApplication.application()
                .initializers(application -> beans.forEach(application.getBeanFactory()::registerSingleton))
                .run(Stream.concat(
                                Stream.of(
                                        "--KAFKA_BOOTSTRAP_SERVERS=" + broker.bootstrapServers(),
                                        "--DATABASE_HOST=" + database.host(),
                                        "--DATABASE_PORT=" + database.port(),
                                        "--DATABASE_NAME=" + database.database(),
                                        "--MANAGEMENT_PORT=0",
                                        "--STRIPE_SECRET_KEY=" + secretKey,
                                        "--STRIPE_PRICE_STARTER=" + StripeJson.STARTER,
                                        "--STRIPE_PRICE_PRO=" + StripeJson.PRO,
                                        "--STRIPE_PRICE_TEAM=" + StripeJson.TEAM,
                                        "--timers.expiry=100ms",
                                        "--timers.reviews=100ms",
                                        // Each thread that joins keeps the others waiting for one of their heartbeats.
                                        "--spring.kafka.consumer.properties.heartbeat.interval.ms=100",
                                        // A stop waits for the last fetch.
                                        "--spring.kafka.consumer.properties.fetch.max.wait.ms=50",
                                        "--spring.reactor.netty.shutdown-quiet-period=0s",
                                        "--STRIPE_API_BASE=http://localhost:1",
                                        "--messaging.partitions=" + PARTITIONS),
                                Stream.of(more))
                        .toArray(String[]::new));
    }

    /** Its connections stay open, as tests ask often. */
    private static HikariDataSource pool(Database database) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.jdbcUrl());
        config.setUsername(database.ownerUser());
        config.setPassword(database.ownerPassword());
        config.setMinimumIdle(1);
        return new HikariDataSource(config);
    }

    /** Publishes an event of Stripe's as the gateway does. */
    void stripe(String key, String eventId, String type, String body) {
        Envelope envelope = Envelope.of(eventId, "/gateway", type, key, Instant.now());
        send(Outgoing.of(Topics.STRIPE_EVENTS, key, envelope, body.getBytes(UTF_8)));
    }

    void command(String commandId, UUID userId, CreditCommand command) {
        Envelope envelope = Envelope.of(
                commandId, "/gateway", MessageTypes.nameOf(command.getClass()), userId.toString(), Instant.now());
        send(Outgoing.of(Topics.CREDIT_COMMANDS, userId.toString(), envelope, Codec.write(command)));
    }

    private void send(Outgoing record) {
        sends.add(producer.send(record.toProducerRecord()));
    }

    /** Waits until the service has processed all that was sent. */
    void settle() {
        settle(Topics.STRIPE_EVENTS, Topics.CREDIT_COMMANDS);
    }

    /** Waits until the service has processed all that was sent to these topics, by itself, too. */
    void settle(String... topics) {
        producer.flush();
        assertThat(sends).allSatisfy(send -> assertThat(send).succeedsWithin(Duration.ZERO));
        sends.clear();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            for (String topic : topics) {
                Awaitility.await(topic).atMost(PATIENCE).until(() -> processed(topic) == sent(consumer, topic));
            }
        }
        Awaitility.await("what was committed is published").atMost(PATIENCE).until(() -> published() >= committed());
    }

    private long committed() {
        return number("SELECT coalesce(sum(next_offset), 0) FROM billing.partition");
    }

    /** Records are counted once what they led to is published. */
    private double published() {
        return service.getBean(MeterRegistry.class).find("paymaster.batch.records").summaries().stream()
                .mapToDouble(DistributionSummary::totalAmount)
                .sum();
    }

    long processed(String topic) {
        return number("SELECT coalesce(sum(next_offset), 0) FROM billing.partition WHERE topic = ?", topic);
    }

    private static long sent(KafkaConsumer<byte[], byte[]> consumer, String topic) {
        return consumer.endOffsets(partitions(topic)).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    long available(UUID userId) {
        return number("SELECT coalesce(sum(available), 0) FROM api.balance WHERE user_id = ?", userId);
    }

    long number(String sql, Object... parameters) {
        return Objects.requireNonNull(jdbc.queryForObject(sql, Long.class, parameters));
    }

    /** What a counter of the service stands at. */
    double count(String counter, String... tags) {
        return service.getBean(MeterRegistry.class).counter(counter, tags).count();
    }

    /** Does something while no batch can be committed, and waits until the service has tried some in vain. */
    void whileBatchesFail(Runnable action) {
        jdbc.execute("REVOKE UPDATE ON billing.partition FROM paymaster_credit");
        try {
            double outages = count("paymaster.outages", "consumer", "credit-worker.billing");
            action.run();
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> count("paymaster.outages", "consumer", "credit-worker.billing") > outages + 1);
        } finally {
            jdbc.execute("GRANT UPDATE ON billing.partition TO paymaster_credit");
        }
    }

    /** All events of one user, each once, in the order of the topic. */
    List<Published> events(UUID userId) {
        List<Published> events = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records(Topics.CREDIT_EVENTS)) {
            String id = header(record, Envelope.HEADER_ID) + header(record, Envelope.HEADER_REPLAYED);
            if (new String(record.key(), UTF_8).equals(userId.toString()) && !ids.contains(id)) {
                ids.add(id);
                Envelope envelope = envelope(record);
                events.add(new Published(envelope, EVENTS.read(envelope.type(), record.value())));
            }
        }
        return events;
    }

    /** What was told last of each purchase's cash that has come back, where there is any. */
    Map<String, Long> cashReturned() {
        Map<String, Long> returned = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records(Topics.CREDIT_EVENTS)) {
            if (EVENTS.read(envelope(record).type(), record.value()) instanceof CashReturned cash) {
                returned.put(cash.ref(), cash.returnedCents());
            }
        }
        returned.values().removeIf(cents -> cents == 0);
        return returned;
    }

    List<String> deadLetters() {
        return records(Topics.deadLetters(Topics.STRIPE_EVENTS)).stream()
                .map(record -> new String(record.value(), UTF_8))
                .toList();
    }

    /** The exception that a dead letter names; empty when there is no letter of that id. */
    String whyDead(String topic, String id) {
        return records(Topics.deadLetters(topic)).stream()
                .filter(record -> header(record, Envelope.HEADER_ID).equals(id))
                .map(record -> header(record, DeadLetters.HEADER_EXCEPTION))
                .findFirst()
                .orElse("");
    }

    private static Envelope envelope(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> headers = new HashMap<>();
        record.headers().forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
        return Envelope.fromHeaders(headers);
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), UTF_8);
    }

    private List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            List<TopicPartition> partitions = partitions(topic);
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

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "fetch.max.wait.ms", 20),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private static List<TopicPartition> partitions(String topic) {
        return IntStream.range(0, PARTITIONS)
                .mapToObj(number -> new TopicPartition(topic, number))
                .toList();
    }

    /** What must hold of all that is stored, whatever has happened. */
    void assertBooksBalance() {
        assertThat(number("""
                SELECT count(*) FROM ledger.account AS a
                WHERE available <> (SELECT coalesce(sum(remaining), 0) FROM ledger.lot AS l WHERE l.user_id = a.user_id)
                """)).isZero();
        assertThat(number("SELECT coalesce(sum(granted), 0) FROM ledger.lot WHERE source = 'invoice'"))
                .isEqualTo(number("SELECT coalesce(sum(granted), 0) FROM billing.invoice"))
                .isEqualTo(number("SELECT coalesce(sum(credits), 0) FROM billing.entitlement"));
    }

    @Override
    public void close() {
        service.close();
        producer.close(Duration.ofSeconds(1));
        pool.close();
    }
}
