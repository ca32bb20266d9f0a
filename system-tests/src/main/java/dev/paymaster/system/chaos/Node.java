package dev.paymaster.system.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One process of the run, which may be started again and again. It ends with this JVM, however that ends: its standard
 * input does. Thread-safe.
 */
final class Node implements AutoCloseable {
    /** A service ends within 20 s; a slow machine takes its time. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

    private final String name;
    private final Launch launch;
    private final BooleanSupplier ready;
    private @Nullable Process process;
    private int starts;

    /**
     * How it is started.
     *
     * @param part what {@link Child} is to run
     * @param java options of Java
     * @param arguments what the part takes
     */
    record Launch(String part, List<String> java, List<String> arguments, Path logs) {}

    /** @param ready whether it can do its work, asked only while its process lives */
    Node(String name, Launch launch, BooleanSupplier ready) {
        this.name = name;
        this.launch = launch;
        this.ready = ready;
    }

    String name() {
        return name;
    }

    /** Starts it, unless it runs; returns at once. */
    void start() {
        start(Duration.ZERO, List.of());
    }

    /**
     * Starts it otherwise than usual, this time.
     *
     * @param ahead by how much its clock is
     * @param java more options of Java
     */
    synchronized void start(Duration ahead, List<String> java) {
        if (process != null && process.isAlive()) {
            return;
        }
        starts++;
        Path output = launch.logs().resolve(name + "." + starts + ".out");
        try {
            process = new ProcessBuilder(command(ahead, java))
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.to(output.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(name + " can't be started", e);
        }
    }

    private List<String> command(Duration ahead, List<String> more) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(launch.java());
        command.addAll(more);
        command.add("-Dpaymaster.log.file=" + launch.logs().resolve(name + ".log"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(Child.class.getName(), launch.part(), Long.toString(ahead.toSeconds())));
        command.addAll(launch.arguments());
        return command;
    }

    /** Whether it runs and can do its work; fails when it has ended by itself. */
    boolean isReady() {
        synchronized (this) {
            if (process == null) {
                return false;
            }
            if (!process.isAlive()) {
                throw new IllegalStateException(
                        name + " ended with status " + process.exitValue() + ": " + lastWords());
            }
        }
        return ready.getAsBoolean();
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

    /** kill -9. */
    synchronized void kill() {
        signal("KILL");
        await();
    }

    /** In order, as a deployment does it; one that doesn't stop is killed, and that is a failure. */
    synchronized void stop() {
        signal("TERM");
        await();
    }

    /** SIGSTOP. */
    synchronized void freeze() {
        signal("STOP");
    }

    /** SIGCONT. */
    synchronized void thaw() {
        signal("CONT");
    }

    private void await() {
        Process ending = process;
        if (ending == null) {
            return;
        }
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
            kill.waitFor();
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
            process.destroyForcibly();
        }
    }
}
