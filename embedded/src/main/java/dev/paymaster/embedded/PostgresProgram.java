package dev.paymaster.embedded;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs one of PostgreSQL's programs to its end. They refuse to run as root, so for root they run in a user namespace of
 * their own, where the same user has no name and no privileges.
 */
final class PostgresProgram {
    /** Making a cluster on a slow disk takes seconds; a minute is more than any of these programs needs. */
    private static final int TIMEOUT_SECONDS = 60;

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
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(command + " did not end within " + TIMEOUT_SECONDS + " s");
            }
            if (process.exitValue() != 0) {
                throw new IllegalStateException(command + " failed: " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException("could not run " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + command, e);
        }
    }
}
