package dev.paymaster.events.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

/**
 * No change breaks a schema that was released: a breaking change is a new type, {@code .v2} beside {@code .v1}. After a
 * release {@code -Dschemas=release} makes the schemas of today the ones to keep.
 */
class CompatibilityTest {

    static Stream<MessageType> types() {
        return MessageType.all();
    }

    @ParameterizedTest
    @MethodSource("types")
    void schemaKeepsWhatWasReleased(MessageType type) {
        ObjectNode schema = SchemaOf.message(type);
        Path released = Mode.RELEASED.resolve(type.fileName());
        if (Files.exists(released)) {
            assertThat(Compatibility.breaks(Json.read(released), schema, type.kind()))
                    .as("%s against its released copy", type)
                    .isEmpty();
            assertThat(Validator.of(Json.read(released)).errors(Sample.of(type)))
                    .as("%s: today's sample by the released schema", type)
                    .isEmpty();
        }
        if (Mode.current() == Mode.RELEASE) {
            Mode.write(Mode.RELEASED, type, schema);
        }
    }

    @Test
    void everyReleasedTypeIsStillThere() throws IOException {
        assertThat(Folder.names(Mode.RELEASED))
                .isNotEmpty()
                .isSubsetOf(MessageType.all().map(MessageType::fileName).toList());
    }
}
