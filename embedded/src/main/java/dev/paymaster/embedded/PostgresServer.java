package dev.paymaster.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server process of one PostgreSQL cluster. It runs in a session of its own, so that Ctrl-C in a terminal ends the
 * JVM, which then stops its server in order. When the JVM dies without doing so, the server goes on: the next
 * {@link #stopLeftOver()} finds it through the cluster's own {@code postmaster.pid} and stops that very process.
 */
final class PostgresServer {
    private static final Logger log = LoggerFactory.getLogger(PostgresServer.class);
    /** A fast shutdown writes a checkpoint; on a busy disk that takes seconds. */
    private static final int STOP_SECONDS = 10;
    /** A stop takes some tens of milliseconds. */
    private static final int POLL_MILLIS = 10;

    /** What a crash or a power cut must not lose is on disk when COMMIT returns; nothing else differs from defaults. */
    private static final Map<String, String> SETTINGS = Map.of(
            "fsync", "on",
            "synchronous_commit", "on",
            "listen_addresses", "127.0.0.1",
            "unix_socket_directories", "''",
            // Four services with pools of 10 to 20 each, twice over for tests that start two of one kind.
            "max_connections", "200",
            // Compiling a query costs more than running any of ours.
            "jit", "off",
            "timezone", "UTC",
            "log_timezone", "UTC");

    private final Path programs;
    private final Path cluster;
    private final Path pidFile;
    private final Path logFile;

    PostgresServer(Path programs, Path cluster, Path logFile) {
        this.programs = programs.resolve("bin");
        this.cluster = cluster;
        this.pidFile = cluster.resolve("postmaster.pid");
        this.logFile = logFile;
    }

    /**
     * Makes the cluster with a superuser {@code postgres} who logs in with the given password, like everybody.
     *
     * @param durably whether the new files must be on disk on return
     */
    void initialise(Path passwordFile, boolean durably) {
        PostgresProgram.run(
                programs.resolve("initdb"),
                List.of(
                        durably ? "--sync-method=fsync" : "--no-sync",
                        "--pgdata=" + cluster,
                        "--username=postgres",
                        "--pwfile=" + passwordFile,
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--locale-provider=builtin",
                        "--locale=C.UTF-8",
                        "--lc-messages=C"));
    }

    /** Starts the server and returns when it takes connections. */
    void start(int port) {
        List<String> options = new ArrayList<>(List.of("-p", Integer.toString(port)));
        SETTINGS.forEach((name, value) -> options.addAll(List.of("-c", name + "=" + value)));
        try {
            PostgresProgram.run(
                    programs.resolve("pg_ctl"),
                    List.of(
                            "start",
                            "--wait",
                            "--silent",
                            "--pgdata=" + cluster,
                            "--log=" + logFile,
                            "--options=" + String.join(" ", options)));
        } catch (IllegalStateException e) {
            throw new IllegalStateException(
                    "PostgreSQL did not start on port " + port + ": " + lastLogLine() + " (log: " + logFile + ")", e);
        }
    }

    /** Ends every session, writes a checkpoint and stops; in the end without one. Does nothing when no server runs. */
    void stop() {
        runningServer().ifPresent(this::endAtLast);
    }

    /** Stops like a crash: no checkpoint, the next start recovers from the write-ahead log. */
    void crash() {
        runningServer().ifPresent(server -> end(server, "QUIT"));
    }

    /** Stops the server that an earlier process left behind on this cluster, if there is one. */
    void stopLeftOver() {
        runningServer().ifPresent(server -> {
            log.info("Stopping the PostgreSQL server {} that an earlier run left behind on {}", server.pid(), cluster);
            endAtLast(server);
        });
    }

    /** The live process named in the cluster's pid file, if it is this cluster's server and not a later namesake. */
    private Optional<ProcessHandle> runningServer() {
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        try {
            List<String> lines = Files.readAllLines(pidFile);
            if (lines.size() < 2) {
                return Optional.empty();
            }
            return ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
                    .filter(ProcessHandle::isAlive)
                    .filter(this::servesThisCluster);
        } catch (IOException | NumberFormatException e) {
            throw new IllegalStateException(
                    "can't tell whether a PostgreSQL server still runs on " + cluster + ": unreadable " + pidFile, e);
        }
    }

    private boolean servesThisCluster(ProcessHandle process) {
        ProcessHandle.Info info = process.info();
        boolean isPostgres =
                info.command().map(command -> command.endsWith("postgres")).orElse(false);
        return isPostgres
                && info.arguments()
                        .map(arguments -> List.of(arguments).contains(cluster.toString()))
                        .orElse(false);
    }

    /** A fast shutdown that comes in the first moments of a recovery may never end (18.6). Nothing is lost by a crash either. */
    private void endAtLast(ProcessHandle server) {
        if (!ends(server, "INT")) {
            log.warn("PostgreSQL server {} does not stop by itself; it is stopped as by a crash", server.pid());
            end(server, "QUIT");
        }
    }

    private void end(ProcessHandle server, String signal) {
        if (!ends(server, signal)) {
            throw new IllegalStateException("PostgreSQL server " + server.pid() + " on " + cluster
                    + " did not stop within " + STOP_SECONDS + " s; stop it with: kill -KILL " + server.pid());
        }
    }

    /** Whether it does so in time. */
    private boolean ends(ProcessHandle server, String signal) {
        PostgresProgram.run(List.of("kill", "-" + signal, Long.toString(server.pid())));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
        // The pid file goes last of all. The process itself may stay in the table until its adoptive parent collects
        // it.
        while (Files.exists(pidFile) && server.isAlive()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            pause();
        }
        return true;
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for PostgreSQL to stop", e);
        }
    }

    private String lastLogLine() {
        if (!Files.exists(logFile)) {
            return "no log was written";
        }
        try {
            List<String> lines = Files.readAllLines(logFile);
            return lines.isEmpty() ? "the log is empty" : lines.getLast();
        } catch (IOException e) {
            throw new UncheckedIOException("could not read " + logFile, e);
        }
    }
}
