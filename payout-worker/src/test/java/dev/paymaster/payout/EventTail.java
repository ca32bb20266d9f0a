package dev.paymaster.payout;

import dev.paymaster.embedded.EmbeddedBroker;
import dev.paymaster.events.Topics;
import dev.paymaster.events.payout.PayoutEvent;
import dev.paymaster.messaging.MessageReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads all of {@code payout.events}. For one thread. */
final class EventTail implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final MessageReader<PayoutEvent> reader = new MessageReader<>(PayoutEvent.class);
    private final List<Told> told = new ArrayList<>();

    EventTail() {
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", EmbeddedBroker.shared().bootstrapServers(), "fetch.max.wait.ms", 20),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(Topics.PAYOUT_EVENTS).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** An event with what matters of its envelope. */
    record Told(
            String key,
            String subject,
            @Nullable String cause,
            @Nullable String sequence,
            boolean replayed,
            PayoutEvent event) {}

    /** All events so far. */
    List<Told> all() {
        consumer.poll(Duration.ofMillis(200)).forEach(record -> told.add(told(record)));
        return List.copyOf(told);
    }

    /** Events about one subject, in order. */
    List<Told> about(Object subject) {
        return all().stream()
                .filter(event -> event.subject().equals(subject.toString()))
                .toList();
    }

    /** Events that one command brought about. */
    List<Told> causedBy(String commandId) {
        return all().stream().filter(event -> commandId.equals(event.cause())).toList();
    }

    private Told told(ConsumerRecord<byte[], byte[]> record) {
        return new Told(
                new String(record.key(), StandardCharsets.UTF_8),
                String.valueOf(header(record, "ce_subject")),
                header(record, "ce_causationid"),
                header(record, "ce_sequence"),
                header(record, "ce_replayed") != null,
                reader.read(String.valueOf(header(record, "ce_type")), record.value()));
    }

    private static @Nullable String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
