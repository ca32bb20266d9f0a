package dev.paymaster.system.chaos;

import dev.paymaster.events.Envelope;
import dev.paymaster.events.Topics;
import dev.paymaster.system.proof.Findings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** An integration that writes commands to Kafka itself. Thread-safe. */
final class KafkaDoor implements AutoCloseable {
    private final KafkaProducer<byte[], byte[]> producer;
    private final Journal journal;

    KafkaDoor(String bootstrapServers, Journal journal) {
        this.journal = journal;
        this.producer =
                new KafkaProducer<>(settings(bootstrapServers), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Whatever happens to the broker, it is given the time to be back. */
    static Map<String, Object> settings(String bootstrapServers) {
        String patienceMillis = Long.toString(Limits.OUTAGE.toMillis());
        return Map.of(
                "bootstrap.servers", bootstrapServers,
                "acks", "all",
                "metadata.max.age.ms", "3000",
                "max.block.ms", patienceMillis,
                "delivery.timeout.ms", patienceMillis);
    }

    /** Writes a command, so often under one id, and returns when Kafka has it. */
    void command(String type, String sender, String json, int times) {
        String id = UUID.randomUUID().toString();
        for (int i = 0; i < times; i++) {
            ProducerRecord<byte[], byte[]> record = record(sender, json);
            Envelope.of(id, "/chaos", "dev.paymaster." + type + ".v1", sender, Instant.now())
                    .toHeaders()
                    .forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
            confirm(record);
        }
        journal.commanded(id);
    }

    /** Asks for a job. */
    void createJob(String sender, int times) {
        String mark = UUID.randomUUID().toString();
        journal.asks(mark, sender);
        String json = "{\"sender\": \"" + sender + "\", \"skill\": \"research\", \"prompt\": \"" + mark + "\"}";
        command("CreateJob", sender, json, times);
    }

    /** Writes something that nobody can read, which is to be found again among the dead letters. */
    void litter(String key) {
        String mark = UUID.randomUUID().toString();
        ProducerRecord<byte[], byte[]> record = record(key, "this is no JSON");
        record.headers().add(Findings.MEANT_TO_FAIL, mark.getBytes(StandardCharsets.UTF_8));
        confirm(record);
        journal.littered(mark);
    }

    private static ProducerRecord<byte[], byte[]> record(String key, String value) {
        return new ProducerRecord<>(
                Topics.JOB_COMMANDS, key.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));
    }

    private void confirm(ProducerRecord<byte[], byte[]> record) {
        try {
            var _ = producer.send(record).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("Kafka has not taken a command", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
