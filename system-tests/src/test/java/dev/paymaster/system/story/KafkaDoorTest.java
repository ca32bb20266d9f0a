package dev.paymaster.system.story;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.events.Envelope;
import dev.paymaster.events.Topics;
import dev.paymaster.system.proof.Findings;
import dev.paymaster.system.proof.Scenario;
import dev.paymaster.system.world.KafkaLog;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.Person.Balance;
import dev.paymaster.system.world.World;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** An integration that publishes commands itself gets what the HTTP door gives, and its mistakes hurt nobody else. */
class KafkaDoorTest implements Scenario {
    private static final String CREATE_JOB = "dev.paymaster.CreateJob.v1";

    private final World world = World.shared();
    private final Person sender = world.newPersonWith(10);

    @Override
    public World world() {
        return world;
    }

    @Test
    void aPublishedCommandHasTheSameEffect() {
        String id = "integration-" + UUID.randomUUID();

        world.kafka().publish(List.of(command(id, CREATE_JOB, createJob("From Kafka"))));

        ConsumerRecord<byte[], byte[]> outcome = outcomes(id, 1).getFirst();
        assertThat(KafkaLog.header(outcome, Envelope.HEADER_TYPE)).isEqualTo("dev.paymaster.JobCreated.v1");
        assertThat(sender.credits()).isEqualTo(new Balance(8, 2, 0));
        assertThat(sender.api()
                        .get("/api/jobs/" + KafkaLog.header(outcome, Envelope.HEADER_SUBJECT))
                        .expect(200)
                        .text("/prompt"))
                .isEqualTo("From Kafka");
    }

    @Test
    void aRepeatedCommandIsAnsweredAgainAndAnotherUnderItsIdRefused() {
        String id = "integration-" + UUID.randomUUID();

        world.kafka()
                .publish(List.of(
                        command(id, CREATE_JOB, createJob("Once")),
                        command(id, CREATE_JOB, createJob("Once")),
                        command(id, CREATE_JOB, createJob("Twice"))));

        List<ConsumerRecord<byte[], byte[]>> outcomes = outcomes(id, 3);
        assertThat(outcomes.stream().map(each -> KafkaLog.header(each, Envelope.HEADER_TYPE)))
                .containsExactlyInAnyOrder(
                        "dev.paymaster.JobCreated.v1", "dev.paymaster.JobCreated.v1", "dev.paymaster.JobRefused.v1");
        assertThat(outcomes.stream()
                        .filter(each ->
                                KafkaLog.header(each, Envelope.HEADER_REPLAYED).equals("true")))
                .hasSize(1);
        assertThat(outcomes.stream().map(KafkaDoorTest::body)).anyMatch(body -> body.contains("idempotency_mismatch"));
        assertThat(sender.credits()).isEqualTo(new Balance(8, 2, 0));
    }

    @Test
    void garbageBecomesDeadLettersAndTheRestGoesOn() {
        List<ProducerRecord<byte[], byte[]>> garbage = List.of(
                garbage(command("bad-" + UUID.randomUUID(), CREATE_JOB, "this is no JSON")),
                garbage(command("bad-" + UUID.randomUUID(), CREATE_JOB, createJob(""))),
                garbage(command("bad-" + UUID.randomUUID(), CREATE_JOB, "{\"sender\": 1.9}")),
                garbage(command(
                        "bad-" + UUID.randomUUID(), "dev.paymaster.CreateJob.v2", createJob("From the future"))),
                garbage(command("bad-" + UUID.randomUUID(), "dev.paymaster.Nonsense.v1", "{}")),
                garbage(record(new byte[] {0, (byte) 0xff, (byte) 0xfe, '{'})),
                garbage(record(null)));
        List<ProducerRecord<byte[], byte[]>> all = new ArrayList<>(garbage);
        String before = "good-" + UUID.randomUUID();
        String after = "good-" + UUID.randomUUID();
        all.addFirst(command(before, CREATE_JOB, createJob("Before")));
        all.addLast(command(after, CREATE_JOB, createJob("After")));

        world.kafka().publish(all);

        outcomes(before, 1);
        outcomes(after, 1);
        assertThat(sender.credits()).isEqualTo(new Balance(6, 4, 0));
        for (ProducerRecord<byte[], byte[]> each : garbage) {
            isDead(each);
        }
    }

    private void isDead(ProducerRecord<byte[], byte[]> record) {
        Header mark = record.headers().lastHeader(Findings.MEANT_TO_FAIL);
        List<ConsumerRecord<byte[], byte[]>> letters = eventually("a dead letter")
                .until(
                        () -> world.kafka().read(Topics.deadLetters(Topics.JOB_COMMANDS)).stream()
                                .filter(each -> mark.equals(each.headers().lastHeader(mark.key())))
                                .toList(),
                        found -> !found.isEmpty());
        assertThat(letters).hasSize(1);
        ConsumerRecord<byte[], byte[]> letter = letters.getFirst();
        assertThat(letter.value()).isEqualTo(record.value());
        assertThat(letter.key()).isEqualTo(record.key());
        assertThat(Arrays.asList(letter.headers().toArray()))
                .containsAll(Arrays.asList(record.headers().toArray()));
        assertThat(KafkaLog.header(letter, "dlt_topic")).isEqualTo(Topics.JOB_COMMANDS);
        assertThat(KafkaLog.header(letter, "dlt_message")).isNotBlank();
        assertThat(Long.parseLong(KafkaLog.header(letter, "dlt_offset"))).isNotNegative();
    }

    private List<ConsumerRecord<byte[], byte[]>> outcomes(String commandId, int count) {
        return eventually("the outcome of " + commandId)
                .until(
                        () -> world.kafka().read(Topics.JOB_EVENTS).stream()
                                .filter(each -> KafkaLog.header(each, Envelope.HEADER_CAUSATION_ID)
                                        .equals(commandId))
                                .toList(),
                        found -> found.size() >= count);
    }

    private String createJob(String prompt) {
        return "{\"sender\": \"" + sender.id() + "\", \"skill\": \"research\", \"prompt\": \"" + prompt + "\"}";
    }

    private ProducerRecord<byte[], byte[]> command(String id, String type, String json) {
        ProducerRecord<byte[], byte[]> record = record(json.getBytes(StandardCharsets.UTF_8));
        Envelope.of(id, "/integration", type, sender.id(), Instant.now())
                .toHeaders()
                .forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        return record;
    }

    /** All of one sender, so on one partition and in this order. */
    private ProducerRecord<byte[], byte[]> record(byte @Nullable [] value) {
        return new ProducerRecord<>(Topics.JOB_COMMANDS, sender.id().getBytes(StandardCharsets.UTF_8), value);
    }

    private static ProducerRecord<byte[], byte[]> garbage(ProducerRecord<byte[], byte[]> record) {
        byte[] mark = UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8);
        record.headers().add(Findings.MEANT_TO_FAIL, mark);
        return record;
    }

    private static String body(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.value(), StandardCharsets.UTF_8);
    }
}
