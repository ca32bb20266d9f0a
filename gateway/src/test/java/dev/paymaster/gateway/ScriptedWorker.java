package dev.paymaster.gateway;

import dev.paymaster.events.Envelope;
import dev.paymaster.events.MessageTypes;
import dev.paymaster.events.Topics;
import dev.paymaster.messaging.Codec;
import dev.paymaster.messaging.CommandLog;
import dev.paymaster.messaging.outbox.Outgoing;
import dev.paymaster.messaging.outbox.OutgoingCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Reads the records of a topic and answers them when the test says so, as a worker would. */
final class ScriptedWorker implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final RunningGateway gateway;
    private final KafkaProducer<byte[], byte[]> producer;
    private final BlockingQueue<ConsumerRecord<byte[], byte[]>> records = new LinkedBlockingQueue<>();
    private final Thread reader;
    private volatile boolean closed;

    ScriptedWorker(RunningGateway gateway, String topic) {
        this.gateway = gateway;
        Map<String, Object> servers = Map.of("bootstrap.servers", gateway.broker.bootstrapServers());
        this.producer = new KafkaProducer<>(servers, new ByteArraySerializer(), new ByteArraySerializer());
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(servers, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        this.reader = Thread.ofVirtual().start(() -> read(consumer));
    }

    private void read(KafkaConsumer<byte[], byte[]> consumer) {
        try (consumer) {
            while (!closed) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
    }

    /** The next record of the topic. */
    ConsumerRecord<byte[], byte[]> next() {
        try {
            ConsumerRecord<byte[], byte[]> record = records.poll(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            if (record == null) {
                throw new AssertionError("no record came within " + LIMIT);
            }
            return record;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    boolean hasNothing() {
        return records.isEmpty();
    }

    /** Keeps an outcome in the command log without publishing it. */
    Outgoing decide(ConsumerRecord<byte[], byte[]> command, Object event) {
        Outgoing outcome = outcome(command, event);
        gateway.owner.update(
                "INSERT INTO api.job_outcome VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                header(command, Envelope.HEADER_ID),
                CommandLog.requestHash(header(command, Envelope.HEADER_TYPE), command.value()),
                OutgoingCodec.encode(List.of(outcome)));
        return outcome;
    }

    void publish(Outgoing event) {
        try {
            producer.send(event.toProducerRecord()).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Publishes an event that a command caused, and leaves the command log alone. */
    void publish(ConsumerRecord<byte[], byte[]> command, Object event) {
        publish(outcome(command, event));
    }

    private static Outgoing outcome(ConsumerRecord<byte[], byte[]> command, Object event) {
        Envelope envelope = new Envelope(
                UUID.randomUUID().toString(),
                "/test",
                MessageTypes.nameOf(event.getClass()),
                "test",
                Instant.now(),
                header(command, Envelope.HEADER_ID),
                1L,
                false);
        return Outgoing.of(Topics.JOB_EVENTS, "test", envelope, Codec.write(event));
    }

    static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        closed = true;
        try {
            reader.join(LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close();
    }
}
