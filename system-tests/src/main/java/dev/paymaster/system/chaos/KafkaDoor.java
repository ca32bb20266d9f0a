package dev.paymaster.system.chaos;

import dev.paymaster.events.Envelope;
import dev.paymaster.events.Topics;
import dev.paymaster.messaging.deadletter.DeadLetters;
import dev.paymaster.system.proof.Findings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** An integration that writes commands to Kafka itself. Thread-safe. */
final class KafkaDoor implements AutoCloseable {
    /** What workers read, and which of them. */
    static final Map<String, Set<String>> READERS = Map.of(
            Topics.JOB_COMMANDS, Set.of("job-service"),
            Topics.CREDIT_COMMANDS, Set.of("credit-worker.grants"),
            Topics.PAYOUT_COMMANDS, Set.of("payout-worker"),
            Topics.STRIPE_EVENTS, Set.of("credit-worker.billing", "payout-intake"),
            Topics.JOB_EVENTS, Set.of("payout-intake"),
            Topics.CREDIT_EVENTS, Set.of("payout-intake"));

    /** Commands to jobs first. */
    static final List<String> READ = Stream.concat(
                    Stream.of(Topics.JOB_COMMANDS),
                    READERS.keySet().stream()
                            .filter(topic -> !topic.equals(Topics.JOB_COMMANDS))
                            .sorted())
            .toList();

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

    /** Writes a command to a job, so often under one id, and returns when Kafka has it. */
    void command(String type, String sender, String json, int times) {
        String id = UUID.randomUUID().toString();
        for (int i = 0; i < times; i++) {
            confirm(message(Topics.JOB_COMMANDS, type, id, sender, json));
        }
        journal.commanded(id);
    }

    /** Gives credits that lapse so soon; what is late has lapsed already. */
    void grant(String user, long credits, Duration life) {
        String json = """
                {"user_id": "%s", "amount": %d, "reason": "chaos", "expires_at": "%s"}""".formatted(user, credits, Instant.now().plus(life));
        confirm(message(
                Topics.CREDIT_COMMANDS, "GrantCredits", UUID.randomUUID().toString(), user, json));
        journal.granted(user, credits);
    }

    /** Wants a payout to be tried now: one that is paid, or under way, stays as it is. */
    void retryPayout(String receiver, String payout, int times) {
        String id = UUID.randomUUID().toString();
        String json = "{\"receiver\": \"" + receiver + "\", \"payout_id\": \"" + payout + "\"}";
        for (int i = 0; i < times; i++) {
            confirm(message(Topics.PAYOUT_COMMANDS, "RetryPayout", id, receiver, json));
        }
        journal.commanded(id);
    }

    private static ProducerRecord<byte[], byte[]> message(
            String topic, String type, String id, String key, String json) {
        ProducerRecord<byte[], byte[]> record = record(topic, key, json);
        Envelope.of(id, "/chaos", "dev.paymaster." + type + ".v1", key, Instant.now())
                .toHeaders()
                .forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        return record;
    }

    /**
     * Writes a dead letter about a request for a job that nothing is wrong with, as job-service does after a bug that is
     * mended by now.
     *
     * @return the id of the command in it
     */
    String bury(String sender) {
        String id = UUID.randomUUID().toString();
        String mark = UUID.randomUUID().toString();
        journal.asks(mark, sender);
        ProducerRecord<byte[], byte[]> command =
                message(Topics.JOB_COMMANDS, "CreateJob", id, sender, newJob(sender, mark));
        long offset = UUID.randomUUID().getMostSignificantBits() >>> 1;
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>(command.topic(), 0, offset, command.key(), command.value());
        command.headers().forEach(record.headers()::add);
        record.headers().add(Findings.MEANT_TO_FAIL, id.getBytes(StandardCharsets.UTF_8));
        confirm(DeadLetters.of(record, Service.JOB_SERVICE.title(), new IllegalStateException("a bug"))
                .toProducerRecord());
        return id;
    }

    private static String newJob(String sender, String prompt) {
        return "{\"sender\": \"" + sender + "\", \"skill\": \"research\", \"prompt\": \"" + prompt + "\"}";
    }

    /** Asks for a job. */
    void createJob(String sender, int times) {
        String mark = UUID.randomUUID().toString();
        journal.asks(mark, sender);
        command("CreateJob", sender, newJob(sender, mark), times);
    }

    /** Writes something that nobody can read, which is to be found again among the dead letters of all who read there. */
    void litter(String topic, String key) {
        String mark = UUID.randomUUID().toString();
        ProducerRecord<byte[], byte[]> record = record(topic, key, "this is no JSON");
        record.headers().add(Findings.MEANT_TO_FAIL, mark.getBytes(StandardCharsets.UTF_8));
        confirm(record);
        journal.littered(mark, topic);
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, String key, String value) {
        return new ProducerRecord<>(
                topic, key.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));
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
