package dev.paymaster.system.bench;

import dev.paymaster.standalone.Standalone;
import dev.paymaster.system.command.Waiting;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/** Starts what {@code ./paymaster up} starts, as that does: same Java, same options, and its start cache if there is one. */
final class UpCommand {
    private static final Duration READY_LIMIT = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(5);
    private static final int STOP_SECONDS = 30;
    /** What it says when it is ready. */
    private static final String READY = "Paymaster is ready";

    private static final String MAX_HEAP = "-Xmx";

    private final Path directory;
    private final String classPath;
    private final Optional<Path> cache;

    private UpCommand(Path directory, String classPath, Optional<Path> cache) {
        this.directory = directory;
        this.classPath = classPath;
        this.cache = cache;
    }

    /** A cache only fits the class path that it was made on, which the build leaves beside standalone's jar. */
    static UpCommand find(Path directory) {
        try {
            Path jar = Path.of(Standalone.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path built = jar.resolveSibling("classpath");
            if (Files.isRegularFile(jar) && Files.exists(built)) {
                Path cache = jar.resolveSibling("start-" + System.getProperty("java.runtime.version") + ".aot");
                return new UpCommand(
                        directory,
                        jar + File.pathSeparator + Files.readString(built).strip(),
                        Optional.of(cache).filter(Files::exists));
            }
            return new UpCommand(directory, System.getProperty("java.class.path"), Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException("can't find what 'up' runs", e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    String describe() {
        return "'./paymaster up' on data that is there, from the start of its Java process until all of it is ready, "
                + (cache.isPresent() ? "with Java's start cache" : "without Java's start cache");
    }

    /** A start and, when it is closed, a stop. */
    Started start() {
        Path output = directory.resolve("up.log");
        ProcessBuilder builder =
                new ProcessBuilder(command()).redirectErrorStream(true).redirectOutput(output.toFile());
        try {
            long startNanos = System.nanoTime();
            Process process = builder.start();
            try {
                Waiting.until("'up'", READY_LIMIT, POLL, () -> isReady(process, output));
                return new Started(process, (System.nanoTime() - startNanos) / 1e9);
            } catch (RuntimeException e) {
                process.destroy();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("'up' can't be started", e);
        }
    }

    private static boolean isReady(Process process, Path output) {
        try {
            String said = Files.readString(output);
            if (!process.isAlive()) {
                throw new IllegalStateException("'up' ended with status " + process.exitValue() + ": " + said.strip());
            }
            return said.contains(READY);
        } catch (IOException e) {
            throw new UncheckedIOException("could not read " + output, e);
        }
    }

    private List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options());
        cache.ifPresent(file -> command.add("-XX:AOTCache=" + file));
        command.addAll(List.of("-cp", classPath, "dev.paymaster.standalone.Up"));
        command.addAll(List.of("--data", directory.resolve("data").toString()));
        for (String port :
                List.of("--port", "--management-port", "--kafka-port", "--database-port", "--sandbox-port")) {
            command.addAll(List.of(port, "0"));
        }
        return command;
    }

    /** This process's own, which the launcher gives to all; the larger heap that it adds for benchmarks comes second. */
    private static List<String> options() {
        List<String> options = new ArrayList<>();
        boolean hasHeap = false;
        for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            boolean isHeap = option.startsWith(MAX_HEAP);
            boolean isAgent = option.startsWith("-javaagent") || option.startsWith("-agentlib");
            if (!isAgent && !(isHeap && hasHeap)) {
                options.add(option);
            }
            hasHeap |= isHeap;
        }
        return options;
    }

    /** One that is ready. */
    record Started(Process process, double seconds) implements AutoCloseable {
        private static final String RESIDENT = "VmRSS:";

        /** What the process has in memory now; empty where the system doesn't say. */
        OptionalDouble residentMebibytes() {
            Path status = Path.of("/proc", Long.toString(process.pid()), "status");
            if (!Files.isReadable(status)) {
                return OptionalDouble.empty();
            }
            try {
                return Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith(RESIDENT))
                        .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
                        .findFirst();
            } catch (IOException e) {
                throw new UncheckedIOException("could not read " + status, e);
            }
        }

        @Override
        public void close() {
            process.destroy();
            try {
                if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new IllegalStateException("'up' did not stop within " + STOP_SECONDS + " s");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }
}
