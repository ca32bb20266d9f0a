package dev.paymaster.system.chaos;

import dev.paymaster.system.proof.Rule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether what services have logged gives a secret away, or fills a disk with stack traces. The broker and the sandbox, which tells
 * its key and its secret to whoever starts it, are not ours to keep quiet.
 */
final class Logs {
    private static final String OF_A_STACK_TRACE = "\tat ";

    /** What Spring may log one of in a service that is told to stop while it starts: once, and nothing hangs on it. */
    private static final String STOPPED_WHILE_STARTING = "Failed to stop bean";

    private static final Pattern BEGINS_WITH_A_TIME = Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:");

    private Logs() {}

    /** The rules and where they are broken; those that hold are empty. */
    static List<String> broken(Path logs, Collection<String> secrets) {
        return List.of(
                Rule.broken(
                        "no log has a secret",
                        found(logs, (_, line) -> secrets.stream().anyMatch(line::contains))),
                Rule.broken(
                        "no log has a stack trace",
                        found(
                                logs,
                                (who, line) ->
                                        line.startsWith(OF_A_STACK_TRACE) && !who.contains(STOPPED_WHILE_STARTING))));
    }

    /**
     * The first of each file, after the line before it: of a stack trace, that says what it is. And before that the last line that
     * has a time: it says who logs it.
     *
     * @param wrong by who logs it, and the line
     */
    private static List<String> found(Path logs, BiPredicate<String, String> wrong) {
        List<String> found = new ArrayList<>();
        for (Path log : ofServices(logs)) {
            first(log, wrong).ifPresent(lines -> found.add(log.getFileName() + ": " + lines));
        }
        return found;
    }

    private static Optional<String> first(Path log, BiPredicate<String, String> wrong) {
        String who = "";
        String before = "";
        // What is killed may leave half a character behind.
        try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
            for (String line : (Iterable<String>) lines::iterator) {
                if (wrong.test(who, line)) {
                    return Optional.of(Stream.of(who, before, line.strip())
                            .distinct()
                            .filter(each -> !each.isEmpty())
                            .collect(Collectors.joining(" | ")));
                }
                before = line;
                who = BEGINS_WITH_A_TIME.matcher(line).lookingAt() ? line : who;
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(log + " can't be read", e);
        }
    }

    private static List<Path> ofServices(Path logs) {
        return Memory.files(logs).stream()
                .filter(log -> Arrays.stream(Service.values())
                        .anyMatch(service -> log.getFileName().toString().startsWith(service.title() + "-")))
                .toList();
    }
}
