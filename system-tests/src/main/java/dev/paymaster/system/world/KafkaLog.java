package dev.paymaster.system.world;

import dev.paymaster.events.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** What is in Kafka, read and written as an integration does it. Thread-safe; remembers what it has read. */
public final class KafkaLog implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final String bootstrapServers;
    private final Map<String, List<ConsumerRecord<byte[], byte[]>>> known = new HashMap<>();
    private @Nullable KafkaConsumer<byte[], byte[]> opened;

    public KafkaLog(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /** The text of a record's header; empty when it has none of that name. */
    public static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    /** Every record of a topic, those of one partition in their order. */
    public synchronized List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        KafkaConsumer<byte[], byte[]> consumer = consumer();
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            consumer.poll(POLL)
                    .forEach(record -> known.computeIfAbsent(record.topic(), _ -> new ArrayList<>())
                            .add(record));
        }
        return List.copyOf(known.getOrDefault(topic, List.of()));
    }

    /** The offset after the last record of every partition of these topics. */
    public synchronized Map<TopicPartition, Long> ends(Collection<String> topics) {
        KafkaConsumer<byte[], byte[]> consumer = consumer();
        List<TopicPartition> partitions = consumer.assignment().stream()
                .filter(partition -> topics.contains(partition.topic()))
                .toList();
        return Map.copyOf(consumer.endOffsets(partitions));
    }

    /** How many records a topic has ever had. */
    public long size(String topic) {
        return ends(List.of(topic)).values().stream().mapToLong(Long::longValue).sum();
    }

    /** Publishes records in order; returns when Kafka has them. */
    public void publish(Collection<ProducerRecord<byte[], byte[]>> records) {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrapServers, "acks", "all");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (ProducerRecord<byte[], byte[]> record : records) {
                var _ = producer.send(record).get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("Kafka did not take a record", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while publishing", e);
        }
    }

    /** Forgets what it has read. */
    @Override
    public synchronized void close() {
        KafkaConsumer<byte[], byte[]> consumer = opened;
        if (consumer != null) {
            consumer.close();
            opened = null;
            known.clear();
        }
    }

    /** One consumer for all topics, from their beginning. */
    private KafkaConsumer<byte[], byte[]> consumer() {
        KafkaConsumer<byte[], byte[]> consumer = opened;
        if (consumer == null) {
            consumer = new KafkaConsumer<>(
                    Map.of(
                            "bootstrap.servers", bootstrapServers,
                            "isolation.level", "read_committed",
                            "fetch.max.wait.ms", "20"),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer());
            consumer.assign(partitions(consumer));
            consumer.seekToBeginning(consumer.assignment());
            opened = consumer;
        }
        return consumer;
    }

    private static List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer) {
        return Topics.all().stream()
                .flatMap(topic -> Stream.of(topic, Topics.deadLetters(topic)))
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
    }
}
