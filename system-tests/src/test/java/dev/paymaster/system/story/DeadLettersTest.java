package dev.paymaster.system.story;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.events.Envelope;
import dev.paymaster.events.Topics;
import dev.paymaster.messaging.deadletter.DeadLetters;
import dev.paymaster.system.proof.Findings;
import dev.paymaster.system.proof.Scenario;
import dev.paymaster.system.world.KafkaLog;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.World;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
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
        world.kafka().publish(List.of(command(sender, type, "{}")));

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

    /** As if the gateway had died when Kafka had the record, before that was written down. */
    @Test
    void aSoundCommandThatIsReplayedTwiceTakesEffectOnce() throws SQLException {
        Person sender = world.newPersonWith(10);
        String type = "dev.paymaster.CreateJob.v1";
        String json = "{\"sender\": \"%s\", \"skill\": \"research\", \"prompt\": \"Once\"}".formatted(sender.id());
        ProducerRecord<byte[], byte[]> command = command(sender, type, json);
        world.kafka().publish(List.of(letterOf(command)));
        String id = new String(command.headers().lastHeader(Envelope.HEADER_ID).value(), StandardCharsets.UTF_8);
        UUID letter = eventually("the letter")
                .until(
                        () -> letters(type, "open").stream()
                                .filter(each -> each.path("event_id").asString().equals(id))
                                .map(each -> UUID.fromString(each.path("id").asString()))
                                .toList(),
                        found -> !found.isEmpty())
                .getFirst();

        world.admin().post(PATH + "/" + letter + "/replay").expect(200);
        sender.awaitCredits(8, 2);
        try (Connection connection = world.database().connect();
                PreparedStatement open =
                        connection.prepareStatement("UPDATE identity.dead_letter SET status = 'open' WHERE id = ?")) {
            open.setObject(1, letter);
            assertThat(open.executeUpdate()).isEqualTo(1);
        }
        world.admin().post(PATH + "/" + letter + "/replay").expect(200);

        List<ConsumerRecord<byte[], byte[]>> outcomes = eventually("an answer to each")
                .until(
                        () -> world.kafka().read(Topics.JOB_EVENTS).stream()
                                .filter(each -> KafkaLog.header(each, Envelope.HEADER_CAUSATION_ID)
                                        .equals(id))
                                .toList(),
                        found -> found.size() == 2);
        assertThat(outcomes)
                .extracting(each -> KafkaLog.header(each, Envelope.HEADER_REPLAYED))
                .containsExactly("", "true");
        assertThat(sender.api().get("/api/jobs").expect(200).json().path("data"))
                .hasSize(1);
        assertThat(sender.credits()).isEqualTo(new Person.Balance(8, 2, 0));
    }

    /** As job-service buries what it can't apply. */
    private static ProducerRecord<byte[], byte[]> letterOf(ProducerRecord<byte[], byte[]> command) {
        long offset = UUID.randomUUID().getMostSignificantBits() >>> 1;
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>(command.topic(), 0, offset, command.key(), command.value());
        command.headers().forEach(record.headers()::add);
        return DeadLetters.of(record, "job-service", new IllegalStateException("a bug that is mended by now"))
                .toProducerRecord();
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

    private static ProducerRecord<byte[], byte[]> command(Person sender, String type, String json) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(Topics.JOB_COMMANDS, null, bytes(sender.id()), bytes(json));
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
