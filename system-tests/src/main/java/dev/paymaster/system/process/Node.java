package dev.paymaster.system.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One Java process, which may be started again and again. A {@link Child} ends with this JVM, however that ends: its
 * standard input does. Thread-safe.
 */
public final class Node implements AutoCloseable {
    /** A service ends within 20 s; a slow machine takes its time. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

    /** Small heaps, and a compiler that is done soon: many of these share two processors. */
    private static final List<String> JAVA = List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xms32m",
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseCompactObjectHeaders",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Djava.awt.headless=true",
            "-Duser.timezone=UTC");

    private final String name;
    private final Launch launch;
    private final BooleanSupplier ready;
    private @Nullable Process process;
    private int starts;

    /**
     * How it is started.
     *
     * @param main the class whose main method it runs
     * @param environment what it has besides ours
     * @param java options besides those of all
     * @param arguments what the main method takes
     */
    public record Launch(
            String main, Map<String, String> environment, List<String> java, List<String> arguments, Path logs) {
        public Launch(String main, Map<String, String> environment, List<String> arguments, Path logs) {
            this(main, environment, List.of(), arguments, logs);
        }

        /** The same with more options of Java, at each start; what is said twice is as it is said here. */
        public Launch with(List<String> java) {
            return new Launch(main, environment, java, arguments, logs);
        }
    }

    /** @param ready whether it can do its work, asked only while its process lives */
    public Node(String name, Launch launch, BooleanSupplier ready) {
        this.name = name;
        this.launch = launch;
        this.ready = ready;
    }

    public String name() {
        return name;
    }

    /** What it logs, from all its starts. */
    public Path log() {
        return launch.logs().resolve(name + ".log");
    }

    /** Starts it, unless it runs; returns at once. Fails when it has ended by itself: a new start would hide that. */
    public void start() {
        start(List.of());
    }

    /** Starts it with more options of Java, this time. */
    public synchronized void start(List<String> java) {
        if (runs()) {
            return;
        }
        starts++;
        Path output = launch.logs().resolve(name + "." + starts + ".out");
        try {
            ProcessBuilder builder = new ProcessBuilder(command(java))
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.to(output.toFile()));
            builder.environment().putAll(launch.environment());
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(name + " can't be started", e);
        }
    }

    private List<String> command(List<String> more) {
        List<String> command = new ArrayList<>(JAVA);
        command.addAll(launch.java());
        command.addAll(more);
        command.add("-Dpaymaster.log.file=" + log());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(launch.main());
        command.addAll(launch.arguments());
        return command;
    }

    /** Whether it runs and can do its work; fails when it has ended by itself. */
    public boolean isReady() {
        return runs() && ready.getAsBoolean();
    }

    private synchronized boolean runs() {
        if (process != null && !process.isAlive()) {
            throw new IllegalStateException(name + " ended with status " + process.exitValue() + ": " + lastWords());
        }
        return process != null;
    }

    private String lastWords() {
        Path output = launch.logs().resolve(name + "." + starts + ".out");
        try {
            List<String> lines = Files.readAllLines(output);
            return String.join(" | ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
        } catch (IOException e) {
            return "its output can't be read";
        }
    }

    /** kill -9. Fails when it has ended by itself. */
    public synchronized void kill() {
        end("KILL");
    }

    /**
     * In order, as a deployment does it; one that doesn't stop is killed, and that is a failure. So is one that has ended by
     * itself.
     */
    public synchronized void stop() {
        end("TERM");
    }

    /** SIGTERM; returns at once. */
    public synchronized void terminate() {
        signal("TERM");
    }

    /** The id of its process. */
    public synchronized long pid() {
        if (process == null) {
            throw new IllegalStateException(name + " does not run");
        }
        return process.pid();
    }

    /** The exit status of the process that was started last, when it has ended. */
    public synchronized CompletableFuture<Integer> ended() {
        if (process == null) {
            throw new IllegalStateException(name + " does not run");
        }
        return process.onExit().thenApply(Process::exitValue);
    }

    /** SIGSTOP. */
    public synchronized void freeze() {
        signal("STOP");
    }

    /** SIGCONT. */
    public synchronized void thaw() {
        signal("CONT");
    }

    private void end(String signal) {
        Process ending = process;
        if (!runs() || ending == null) {
            return;
        }
        signal(signal);
        try {
            if (!ending.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                ending.destroyForcibly();
                throw new IllegalStateException(name + " did not stop within " + STOP_LIMIT.toSeconds() + " s");
            }
            process = null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + name + " stops", e);
        }
    }

    private void signal(String signal) {
        Process running = process;
        if (running == null || !running.isAlive()) {
            return;
        }
        try {
            Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(running.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.DISCARD)
                    .start();
            if (kill.waitFor() != 0 && running.isAlive()) {
                throw new IllegalStateException("SIG" + signal + " could not be sent to " + name);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("kill can't be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Ends the process at once, in whatever state it is. */
    @Override
    public synchronized void close() {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
    }
}
