package dev.paymaster.events.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.events.Text;
import dev.paymaster.events.credit.CreditCommand;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** At the edges of every text, number and map of a command, the schema and the constructor say the same. */
class LimitsTest {
    private static final List<JsonNode> TEXTS = Stream.of(
                    "",
                    " ",
                    "x",
                    "x".repeat(Text.MAX_LINE),
                    "x".repeat(Text.MAX_LINE + 1),
                    "x".repeat(Text.MAX_BODY),
                    "x".repeat(Text.MAX_BODY + 1))
            .<JsonNode>map(JsonNodeFactory.instance::stringNode)
            .toList();
    private static final List<JsonNode> NAMES = Stream.of(Text.MAX_LINE, Text.MAX_LINE + 1)
            .<JsonNode>map(length -> JsonNodeFactory.instance.objectNode().put("x".repeat(length), 1.0))
            .toList();
    private static final List<JsonNode> NUMBERS = Stream.of(
                    -CreditCommand.MAX_AMOUNT - 1,
                    -CreditCommand.MAX_AMOUNT,
                    -1L,
                    0L,
                    1L,
                    CreditCommand.MAX_AMOUNT,
                    CreditCommand.MAX_AMOUNT + 1)
            .<JsonNode>map(JsonNodeFactory.instance::numberNode)
            .toList();

    static Stream<MessageType> commands() {
        return MessageType.commands();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void schemaAndConstructorRefuseTheSame(MessageType command) {
        ObjectNode schema = SchemaOf.message(command);
        Validator validator = Validator.of(schema);
        schema.required("properties")
                .forEachEntry((field, type) -> edgesOf(type).forEach(edge -> {
                    ObjectNode message = Sample.bare(command).set(field, edge);
                    assertThat(validator.errors(message).isEmpty())
                            .as("%s: %s of %s", command, field, shortened(edge))
                            .isEqualTo(Sample.isRead(message, command));
                }));
    }

    private static List<JsonNode> edgesOf(JsonNode type) {
        return switch (type.path("type").asString()) {
            case "string" -> type.has("format") || type.has("enum") ? List.of() : TEXTS;
            case "integer" -> NUMBERS;
            case "object" -> NAMES;
            default -> List.of();
        };
    }

    private static String shortened(JsonNode edge) {
        String text = edge.isContainer() ? edge.toString() : edge.asString();
        return text.length() < 20 ? "'" + text + "'" : text.length() + " characters";
    }
}
