package dev.paymaster.events.schema;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** What a run does with the checked-in schemas: {@code -Dschemas=check}, the default, {@code write} or {@code release}. */
enum Mode {
    CHECK,
    /** Writes the schemas of today. */
    WRITE,
    /** Writes them, and the copies that later changes may not break; refuses what breaks the copies of before. */
    RELEASE;

    static final Path SCHEMAS = Path.of("src/main/resources/schemas");
    static final Path RELEASED = Path.of("src/test/resources/released");

    static Mode current() {
        return valueOf(System.getProperty("schemas", "check").toUpperCase(Locale.ROOT));
    }

    static void write(Path folder, MessageType type, JsonNode schema) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(type.fileName()), Json.pretty(schema));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
