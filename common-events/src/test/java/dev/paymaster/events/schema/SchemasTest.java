package dev.paymaster.events.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.events.MessageTypes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

/** The checked-in schemas are what the records give; with {@code -Dschemas=write} they are made so. */
class SchemasTest {
    private static final Path SOURCES = Path.of("src/main/java");

    static Stream<MessageType> types() {
        return MessageType.all();
    }

    @ParameterizedTest
    @MethodSource("types")
    void schemaIsWhatItsRecordGives(MessageType type) throws IOException {
        ObjectNode schema = SchemaOf.message(type);
        if (Mode.current() == Mode.CHECK) {
            assertThat(shipped(type))
                    .as("%s has changed: run ./mvnw -pl common-events test -Dschemas=write", type)
                    .isEqualTo(Json.pretty(schema));
        } else {
            Mode.write(Mode.SCHEMAS, type, schema);
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void schemaIsOneByItsOwnStandard(MessageType type) {
        assertThat(Validator.ofSchemas().errors(SchemaOf.message(type)))
                .as(type.name())
                .isEmpty();
    }

    @Test
    void noSchemaIsLeftOfATypeThatIsGone() throws IOException {
        assertThat(Folder.names(Mode.SCHEMAS))
                .isSubsetOf(MessageType.all().map(MessageType::fileName).toList());
    }

    @Test
    void everyFamilyIsCovered() throws IOException {
        try (Stream<Path> sources = Files.walk(SOURCES)) {
            List<String> families = sources.map(source -> source.getFileName().toString())
                    .filter(name -> name.endsWith("Command.java") || name.endsWith("Event.java"))
                    .map(name -> name.replace(".java", ""))
                    .toList();
            assertThat(Stream.concat(MessageType.COMMANDS.stream(), MessageType.EVENTS.stream())
                            .map(Class::getSimpleName))
                    .containsExactlyInAnyOrderElementsOf(families);
        }
    }

    /** As an integrator finds it: on the class path, where the envelope's {@code dataschema} says. */
    private static String shipped(MessageType type) throws IOException {
        String name = MessageTypes.schemaOf(type.name());
        ClassLoader classPath = Objects.requireNonNull(MessageTypes.class.getClassLoader());
        try (InputStream content = Objects.requireNonNull(classPath.getResourceAsStream(name), name)) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
