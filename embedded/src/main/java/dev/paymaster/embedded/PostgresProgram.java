package dev.paymaster.embedded;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs one of PostgreSQL's programs to its end. They refuse to run as root, so for root they run in a user namespace of
 * their own, where the same user has no name and no privileges.
 */
final class PostgresProgram {
    /** Making a cluster on a slow disk takes seconds; a minute is more than any of these programs needs. */
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private static final int ROOT = 0;

    private PostgresProgram() {}

    /**
     * @return what the program printed
     * @throws IllegalStateException with what the program printed, when it fails or hangs
     */
    static String run(Path program, List<String> arguments) {
        List<String> command = new ArrayList<>();
        if (new UnixSystem().getUid() == ROOT) {
            command.addAll(List.of("unshare", "--user"));
        }
        command.add(program.toString());
        command.addAll(arguments);
        return run(command);
    }

    static String run(List<String> command) {
        return run(command, TIMEOUT);
    }

    /** The output goes to a file: reading it from the program would last as long as the program does. */
    static String run(List<String> command, Duration timeout) {
        try {
            Path output = Files.createTempFile("paymaster-postgres-", ".out");
            try {
                return run(command, timeout, output);
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not run " + command, e);
        }
    }

    private static String run(List<String> command, Duration timeout, Path output) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            process.getOutputStream().close();
            boolean ended = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
            String printed = new String(Files.readAllBytes(output), StandardCharsets.UTF_8).strip();
            if (!ended) {
                throw new IllegalStateException(
                        command + " did not end within " + timeout.toMillis() + " ms: " + printed);
            }
            if (process.exitValue() != 0) {
                throw new IllegalStateException(command + " failed: " + printed);
            }
            return printed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + command, e);
        } finally {
            process.destroyForcibly();
        }
    }
}
