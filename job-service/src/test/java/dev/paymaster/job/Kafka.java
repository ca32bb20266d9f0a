package dev.paymaster.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.embedded.EmbeddedBroker;
import dev.paymaster.events.Envelope;
import dev.paymaster.events.Topics;
import dev.paymaster.events.job.JobCommand;
import dev.paymaster.events.job.JobEvent;
import dev.paymaster.messaging.Ids;
import dev.paymaster.messaging.MessageReader;
import dev.paymaster.messaging.outbox.EventWriter;
import dev.paymaster.messaging.outbox.Outgoing;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/** The other end of the service's topics: sends commands, and keeps whatever it publishes from now on. For one thread. */
final class Kafka implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final EventWriter writer = new EventWriter("/test", Ids.timeOrdered(), Clock.systemUTC());
    private final MessageReader<JobEvent> reader = new MessageReader<>(JobEvent.class);
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<Future<?>> sent = new ArrayList<>();
    private final List<Published> seen = new ArrayList<>();

    /** A record that the service has published. */
    record Published(String topic, String key, Envelope envelope, byte[] value, Map<String, String> headers) {
        boolean answers(String commandId) {
            return commandId.equals(envelope.causationId());
        }
    }

    Kafka() {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", EmbeddedBroker.shared().bootstrapServers());
        producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : List.of(Topics.JOB_EVENTS, Topics.CREDIT_EVENTS, Topics.deadLetters(Topics.JOB_COMMANDS))) {
            for (PartitionInfo partition : consumer.partitionsFor(topic)) {
                partitions.add(new TopicPartition(topic, partition.partition()));
            }
        }
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
    }

    /** Sends a command under a new id, which it returns, keyed as the gateway does. */
    String send(UUID sender, JobCommand command) {
        String id = UUID.randomUUID().toString();
        send(id, sender.toString(), command);
        return id;
    }

    void send(String id, String key, JobCommand command) {
        send(writer.command(Topics.JOB_COMMANDS, key, id, key, command));
    }

    void send(Outgoing record) {
        sent.add(producer.send(record.toProducerRecord()));
    }

    /** Sends a value under a type name, whatever they are. */
    void sendRaw(String id, String key, String type, String value) {
        Envelope envelope =
                Envelope.of(id, "/test", type, key, Clock.systemUTC().instant());
        send(Outgoing.of(Topics.JOB_COMMANDS, key, envelope, value.getBytes(StandardCharsets.UTF_8)));
    }

    /** Sends a command and waits for its outcome. */
    JobEvent ask(UUID sender, JobCommand command) {
        return event(outcome(send(sender, command)));
    }

    /** The first outcome of a command. */
    Published outcome(String commandId) {
        return outcomes(commandId, 1).getFirst();
    }

    /** The outcomes of a command, as soon as there are {@code count} of them. */
    List<Published> outcomes(String commandId, int count) {
        return await(Topics.JOB_EVENTS, record -> record.answers(commandId), count);
    }

    /** The records of a topic that fit, as soon as there are {@code count} of them; there must not be more. */
    List<Published> await(String topic, Predicate<Published> fits, int count) {
        awaitAtLeast(topic, fits, count);
        assertThat(of(topic, fits)).hasSize(count);
        return of(topic, fits);
    }

    void awaitAtLeast(String topic, Predicate<Published> fits, int count) {
        Awaitility.await().atMost(PATIENCE).pollDelay(Duration.ZERO).until(() -> {
            poll();
            return of(topic, fits).size() >= count;
        });
    }

    /** The records of a topic that fit, among those seen so far. */
    List<Published> of(String topic, Predicate<Published> fits) {
        return seen.stream()
                .filter(record -> record.topic().equals(topic))
                .filter(fits)
                .toList();
    }

    JobEvent event(Published record) {
        return reader.read(record.envelope().type(), record.value());
    }

    @Override
    public void close() {
        producer.close();
        consumer.close();
        assertThat(sent).allMatch(record -> record.state() == Future.State.SUCCESS);
    }

    /** Takes in what has come meanwhile. */
    void poll() {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) {
            Map<String, String> headers = new HashMap<>();
            record.headers()
                    .forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
            seen.add(new Published(
                    record.topic(),
                    new String(record.key(), StandardCharsets.UTF_8),
                    Envelope.fromHeaders(headers),
                    record.value(),
                    headers));
        }
    }
}
