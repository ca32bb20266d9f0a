package dev.paymaster.stripesandbox.state;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The snapshot file: one line of JSON per transaction, an array of changes {@code {"kind", "put": document}} or
 * {@code {"kind", "remove": id}} in their order.
 * A line is handed to the operating system before its change is answered, so a killed process forgets nothing it
 * answered; a machine that loses power may lose the last moments. On open and on close, and when it has grown far
 * beyond its content, the file is replaced in one step by a fresh one. Not thread-safe: the store locks.
 */
public final class Journal {
    /** Below 32 MiB a rewrite isn't worth its pause. */
    private static final long COMPACT_ABOVE_CHARACTERS = 32L << 20;

    private final Path file;
    private ArrayNode pending = Json.array();
    private @Nullable BufferedWriter writer;
    private long written;
    private long writtenWhenCompact;

    public Journal(Path file) {
        this.file = file.toAbsolutePath();
    }

    void put(Kind kind, ObjectNode document) {
        pending.add(putOf(kind, document));
    }

    void remove(Kind kind, String id) {
        pending.add(Json.object().put("kind", kind.name()).put("remove", id));
    }

    void open(Map<Kind, Table> tables) {
        try {
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            if (Files.exists(file)) {
                read(tables);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the snapshot " + file, e);
        }
        compact(tables);
    }

    void commit(Map<Kind, Table> tables) {
        if (pending.isEmpty()) {
            return;
        }
        try {
            append(Objects.requireNonNull(writer), pending);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the snapshot " + file, e);
        }
        pending = Json.array();
        if (written > COMPACT_ABOVE_CHARACTERS && written > 3 * writtenWhenCompact) {
            compact(tables);
        }
    }

    void compact(Map<Kind, Table> tables) {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            closeWriter();
            written = 0;
            try (BufferedWriter out = Files.newBufferedWriter(fresh)) {
                for (Map.Entry<Kind, Table> table : tables.entrySet()) {
                    for (ObjectNode document : table.getValue().oldestFirst()) {
                        append(out, Json.array().add(putOf(table.getKey(), document)));
                    }
                }
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            writer = Files.newBufferedWriter(file, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the snapshot " + file, e);
        }
        pending = Json.array();
        writtenWhenCompact = written;
    }

    void close(Map<Kind, Table> tables) {
        compact(tables);
        try {
            closeWriter();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot close the snapshot " + file, e);
        }
    }

    private void closeWriter() throws IOException {
        if (writer != null) {
            writer.close();
            writer = null;
        }
    }

    private void append(BufferedWriter out, ArrayNode entry) throws IOException {
        String line = Json.MAPPER.writeValueAsString(entry);
        out.write(line);
        out.write('\n');
        out.flush();
        written += line.length() + 1;
    }

    private static ObjectNode putOf(Kind kind, ObjectNode document) {
        ObjectNode change = Json.object().put("kind", kind.name());
        change.set("put", document);
        return change;
    }

    private void read(Map<Kind, Table> tables) throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (String line = reader.readLine(); line != null; ) {
                String next = reader.readLine();
                JsonNode entry = parse(line, next == null);
                if (entry != null) {
                    apply(entry, tables);
                }
                line = next;
            }
        }
    }

    /** The last line may be torn by a kill in the middle of a write: it was never answered, so it is dropped. */
    private @Nullable JsonNode parse(String line, boolean last) {
        try {
            return Json.MAPPER.readTree(line);
        } catch (JacksonException e) {
            if (last) {
                return null;
            }
            throw new IllegalStateException("The snapshot " + file + " is damaged; remove it to start afresh", e);
        }
    }

    private static void apply(JsonNode entry, Map<Kind, Table> tables) {
        for (JsonNode change : entry) {
            Table table = Objects.requireNonNull(tables.get(Kind.valueOf(Json.require(change, "kind"))));
            if (change.path("put") instanceof ObjectNode document) {
                table.put(Json.require(document, "id"), document);
            } else {
                table.remove(Json.require(change, "remove"));
            }
        }
    }
}
