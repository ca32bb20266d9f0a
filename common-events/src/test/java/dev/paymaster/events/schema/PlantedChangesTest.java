package dev.paymaster.events.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.events.job.JobCommand.CreateJob;
import dev.paymaster.events.job.JobCommand.VerifyJob;
import dev.paymaster.events.job.JobEvent.JobCreated;
import dev.paymaster.events.payout.PayoutCommand.ApplyTransferOutcome;
import dev.paymaster.events.payout.PayoutEvent.AccountUpdated;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The comparison of schemas finds what breaks others, and lets pass what doesn't. */
class PlantedChangesTest {
    private static final String JOB = "/properties/job";
    private static final String JOB_FIELDS = "/properties/job/properties";

    static Stream<Arguments> changes() {
        return Stream.of(
                change("nothing changes", CreateJob.class, schema -> {}),
                change(
                        "a command gains an optional field",
                        CreateJob.class,
                        schema -> at(schema, "/properties").putObject("planted")),
                change(
                        "an event gains an optional field",
                        JobCreated.class,
                        schema -> at(schema, JOB_FIELDS).putObject("planted")),
                change(
                        "an event's enum gains a value",
                        JobCreated.class,
                        schema -> list(schema, JOB_FIELDS + "/status/enum").add("paused")),
                change(
                        "a command's enum gains a value",
                        ApplyTransferOutcome.class,
                        schema -> list(schema, "/properties/outcome/enum").add("maybe"),
                        "/outcome has the new value maybe"),
                change(
                        "an event's enum loses a value",
                        JobCreated.class,
                        schema -> list(schema, JOB_FIELDS + "/status/enum").remove(0),
                        "/job/status no longer has the value queued"),
                change(
                        "a text becomes an enum",
                        JobCreated.class,
                        schema -> at(schema, JOB_FIELDS + "/skill")
                                .putArray("enum")
                                .add("research"),
                        "/job/skill: enum was absent and is [\"research\"]"),
                change(
                        "an optional field goes",
                        CreateJob.class,
                        schema -> at(schema, "/properties").remove("title"),
                        "/title is gone"),
                change(
                        "an optional field is renamed",
                        JobCreated.class,
                        schema -> at(schema, JOB_FIELDS)
                                .set("name", at(schema, JOB_FIELDS).remove("title")),
                        "/job/title is gone"),
                change(
                        "a command gains a required field",
                        CreateJob.class,
                        schema -> {
                            at(schema, "/properties").putObject("planted");
                            list(schema, "/required").add("planted");
                        },
                        "/planted has become required"),
                change(
                        "a command's field becomes required",
                        CreateJob.class,
                        schema -> list(schema, "/required").add("title"),
                        "/title has become required"),
                change(
                        "an event's field becomes required, and stored events lack it",
                        JobCreated.class,
                        schema -> list(schema, JOB + "/required").add("title"),
                        "/job/title has become required"),
                change(
                        "an event's field becomes optional",
                        JobCreated.class,
                        schema -> list(schema, "/required").remove(0),
                        "/job is no longer required"),
                change(
                        "a type changes",
                        JobCreated.class,
                        schema -> at(schema, JOB_FIELDS + "/credit_cost").put("type", "number"),
                        "/job/credit_cost: type was \"integer\" and is \"number\""),
                change(
                        "a format goes",
                        CreateJob.class,
                        schema -> at(schema, "/properties/sender").remove("format"),
                        "/sender: format was \"uuid\" and is absent"),
                change(
                        "a limit shrinks",
                        CreateJob.class,
                        schema -> at(schema, "/properties/prompt").put("maxLength", 10),
                        "/prompt: maxLength was 1048576 and is 10"),
                change(
                        "an array holds something else",
                        AccountUpdated.class,
                        schema -> at(schema, "/properties/account/properties/requirements/items")
                                .put("type", "integer"),
                        "/account/requirements[]: type was \"string\" and is \"integer\""),
                change(
                        "a map holds something else",
                        VerifyJob.class,
                        schema -> at(schema, "/properties/scores/additionalProperties")
                                .put("type", "string"),
                        "/scores[]: type was \"number\" and is \"string\""),
                change(
                        "unknown fields are forbidden",
                        JobCreated.class,
                        schema -> at(schema, JOB).put("additionalProperties", false),
                        "/job[]: additionalProperties was absent and is false"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changes")
    void isToldOfWhatBreaksWhen(String change, Class<?> message, Consumer<ObjectNode> plant, List<String> told) {
        MessageType type = MessageType.of(message);
        ObjectNode changed = SchemaOf.message(type);
        plant.accept(changed);

        assertThat(Compatibility.breaks(SchemaOf.message(type), changed, type.kind()))
                .as(change)
                .isEqualTo(told);
    }

    private static Arguments change(String change, Class<?> message, Consumer<ObjectNode> plant, String... told) {
        return Arguments.of(change, message, plant, List.of(told));
    }

    private static ObjectNode at(ObjectNode schema, String pointer) {
        return (ObjectNode) schema.requiredAt(pointer);
    }

    private static ArrayNode list(ObjectNode schema, String pointer) {
        return (ArrayNode) schema.requiredAt(pointer);
    }
}
