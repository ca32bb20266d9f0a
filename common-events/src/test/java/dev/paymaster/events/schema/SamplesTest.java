package dev.paymaster.events.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.events.job.JobCommand.VerifyJob;
import dev.paymaster.events.job.JobEvent.JobCreated;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Samples, schemas and records agree. */
class SamplesTest {

    static Stream<MessageType> types() {
        return MessageType.all();
    }

    @Test
    void everyTypeHasASample() throws IOException {
        assertThat(Folder.names(Sample.FOLDER))
                .containsExactlyInAnyOrderElementsOf(
                        MessageType.all().map(MessageType::fileName).toList());
    }

    @ParameterizedTest
    @MethodSource("types")
    void sampleSuitsItsSchema(MessageType type) {
        assertThat(Validator.of(SchemaOf.message(type)).errors(Sample.of(type)))
                .as(type.name())
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("types")
    void sampleComesBackAsItWas(MessageType type) {
        ObjectNode sample = Sample.of(type);

        Object message = Json.MAPPER.treeToValue(sample, type.record());

        JsonNode written = Json.MAPPER.readTree(Json.MAPPER.writeValueAsBytes(message));
        assertThat(written).as(type.name()).isEqualTo(sample);
    }

    @ParameterizedTest
    @MethodSource("types")
    void fieldsThatNobodyKnowsAreIgnored(MessageType type) {
        ObjectNode later = Sample.of(type).put("added_later", true);

        assertThat(Validator.of(SchemaOf.message(type)).errors(later))
                .as(type.name())
                .isEmpty();
        assertThat(Sample.isRead(later, type)).as(type.name()).isTrue();
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                fault(
                        "a required field is missing",
                        JobCreated.class,
                        message -> job(message).remove("sender")),
                fault(
                        "a uuid is none",
                        JobCreated.class,
                        message -> job(message).put("id", "job-7")),
                fault(
                        "a time is none",
                        JobCreated.class,
                        message -> job(message).put("created_at", "yesterday")),
                fault(
                        "an enum is in upper case",
                        JobCreated.class,
                        message -> job(message).put("status", "QUEUED")),
                fault(
                        "an integer is a text",
                        JobCreated.class,
                        message -> job(message).put("credit_cost", "2")),
                fault(
                        "an integer has a fraction",
                        JobCreated.class,
                        message -> job(message).put("credit_cost", 1.9)),
                fault(
                        "a boolean is a number",
                        JobCreated.class,
                        message -> job(message).put("shadow", 1)),
                fault(
                        "a score is a text",
                        VerifyJob.class,
                        message -> message.putObject("scores").put("a", "high")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void schemaRefusesASampleInWhich(String fault, MessageType type, Consumer<ObjectNode> plant) {
        ObjectNode message = Sample.of(type);
        plant.accept(message);

        assertThat(Validator.of(SchemaOf.message(type)).errors(message))
                .as(fault)
                .hasSize(1);
    }

    private static Arguments fault(String fault, Class<?> type, Consumer<ObjectNode> plant) {
        return Arguments.of(fault, MessageType.of(type), plant);
    }

    private static ObjectNode job(ObjectNode message) {
        return (ObjectNode) message.required("job");
    }
}
