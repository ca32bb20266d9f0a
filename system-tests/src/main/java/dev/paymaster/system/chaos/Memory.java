package dev.paymaster.system.chaos;

import dev.paymaster.system.proof.Rule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Whether what processes have logged says that one had too little memory, of whatever kind. */
final class Memory {
    /** Not the option of Java that names it. */
    private static final Pattern SHORT = Pattern.compile("(?<!On)OutOf(Direct)?Memory");

    private Memory() {}

    /** The rule and where it is broken; empty when it holds. */
    static String broken(Path logs) {
        List<String> found = new ArrayList<>();
        for (Path log : files(logs)) {
            // What is killed may leave half a character behind.
            try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
                lines.filter(line -> SHORT.matcher(line).find())
                        .findFirst()
                        .ifPresent(line -> found.add(log.getFileName() + ": " + line));
            } catch (IOException e) {
                throw new UncheckedIOException(log + " can't be read", e);
            }
        }
        return Rule.broken("no process runs out of memory", found);
    }

    /** All of them, sorted. */
    static List<Path> files(Path logs) {
        try (Stream<Path> files = Files.list(logs)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(logs + " can't be read", e);
        }
    }
}
