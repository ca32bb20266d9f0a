package dev.paymaster.system.bench;

import dev.paymaster.messaging.outbox.Outgoing;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Topics as they are seen from outside. Thread-safe. */
final class KafkaLog implements AutoCloseable {
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final String bootstrapServers;
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaProducer<byte[], byte[]> hidden;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    KafkaLog(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
        this.producer = producer(Map.of());
        this.hidden = producer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "bench"));
        hidden.initTransactions();
    }

    /** As the services have it. */
    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true,
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                "lz4",
                ProducerConfig.LINGER_MS_CONFIG,
                1));
        settings.putAll(more);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Another consumer, without a group; the caller closes it. */
    KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "max.partition.fetch.bytes", 8 << 20),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    void makeTopic(String name, int partitions) {
        answer(admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1)))
                .all());
    }

    void send(Outgoing record) {
        send(producer, record);
    }

    /** Puts records into their topics that the services don't see yet, as they read committed records only. */
    void hide(Stream<Outgoing> records) {
        hidden.beginTransaction();
        records.forEach(record -> send(hidden, record));
        hidden.flush();
    }

    /** Shows the hidden records, all at once. */
    void show() {
        hidden.commitTransaction();
    }

    private void send(KafkaProducer<byte[], byte[]> through, Outgoing record) {
        var _ = through.send(record.toProducerRecord(), (_, problem) -> {
            if (problem != null) {
                failure.compareAndSet(null, problem);
            }
        });
    }

    /** Waits until Kafka has all that was sent. */
    void flush() {
        producer.flush();
        Exception problem = failure.get();
        if (problem != null) {
            throw new IllegalStateException("Kafka has not taken all records", problem);
        }
    }

    /** Where each partition of a topic ends. */
    Map<TopicPartition, Long> ends(String topic) {
        Map<String, TopicDescription> described =
                answer(admin.describeTopics(List.of(topic)).allTopicNames());
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        described.values().stream()
                .flatMap(description -> description.partitions().stream())
                .forEach(info -> wanted.put(new TopicPartition(topic, info.partition()), OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        answer(admin.listOffsets(wanted).all()).forEach((partition, info) -> ends.put(partition, info.offset()));
        return ends;
    }

    /** How many records have ever been published to a topic. */
    long size(String topic) {
        return ends(topic).values().stream().mapToLong(Long::longValue).sum();
    }

    private static <T> T answer(Future<T> asked) {
        try {
            return asked.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("Kafka refused", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        producer.close(CLOSE_LIMIT);
        hidden.close(CLOSE_LIMIT);
        admin.close(CLOSE_LIMIT);
    }
}
