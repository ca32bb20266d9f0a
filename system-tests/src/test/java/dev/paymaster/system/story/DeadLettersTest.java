package dev.paymaster.system.story;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.events.Envelope;
import dev.paymaster.events.Topics;
import dev.paymaster.system.proof.Findings;
import dev.paymaster.system.proof.Scenario;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.World;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a worker can't apply is seen by an administrator, holds up nobody, and counts once when it is replayed. */
class DeadLettersTest implements Scenario {
    private static final String PATH = "/api/admin/dead-letters";

    private final World world = World.shared();

    @Override
    public World world() {
        return world;
    }

    @Test
    void aCommandFromTheFutureWaitsForWhoeverUnderstandsIt() {
        Person sender = world.newPersonWith(2);
        String type = "dev.paymaster.CreateJob.v9-" + UUID.randomUUID();
        world.kafka().publish(List.of(command(sender, type)));

        JsonNode letter = only(type, "open");
        assertThat(letter.path("topic").asString()).isEqualTo(Topics.JOB_COMMANDS);
        assertThat(letter.path("consumer").asString()).isEqualTo("job-service");
        assertThat(letter.path("hint").asString()).contains("upgrade the worker");
        // The partition goes on.
        sender.createJob();

        // Nobody has upgraded: it dies again, and says whose replay it was.
        String first = letter.path("id").asString();
        world.admin().post(PATH + "/" + first + "/replay").expect(200);
        JsonNode second = only(type, "open");
        assertThat(letter.has("replay_of")).isFalse();
        assertThat(second.path("replay_of").asString()).isEqualTo(first);
        world.admin().post(PATH + "/discard", """
                        {"type": "%s", "reason": "nobody will ever know this type"}""".formatted(type)).expect(200);
        assertThat(letters(type, "open")).isEmpty();
        assertThat(letters(type, "replayed")).hasSize(1);
        assertThat(letters(type, "discarded")).hasSize(1);
    }

    private JsonNode only(String type, String status) {
        return eventually("one letter that is " + status)
                .until(() -> letters(type, status), letters -> letters.size() == 1)
                .getFirst();
    }

    private List<JsonNode> letters(String type, String status) {
        return world.admin()
                .get(PATH + "?type=" + type + "&status=" + status)
                .expect(200)
                .json()
                .path("data")
                .valueStream()
                .toList();
    }

    private static ProducerRecord<byte[], byte[]> command(Person sender, String type) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(Topics.JOB_COMMANDS, null, bytes(sender.id()), bytes("{}"));
        Envelope.of(UUID.randomUUID().toString(), "/test", type, sender.id(), Instant.now())
                .toHeaders()
                .forEach((name, value) -> record.headers().add(new RecordHeader(name, bytes(value))));
        record.headers().add(Findings.MEANT_TO_FAIL, bytes("x"));
        return record;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
