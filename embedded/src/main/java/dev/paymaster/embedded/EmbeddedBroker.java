package dev.paymaster.embedded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Kafka broker (KRaft, broker and controller in one) inside this JVM, on 127.0.0.1, keeping its data in a
 * directory: a second start on the same directory finds topics, records and group offsets again.
 *
 * <p>Limits: one node, so every replication factor is 1; no authentication and no encryption, which is why it listens
 * on the loopback interface only; records reach the disk when the operating system writes them, so they survive the
 * death of the process but not a power cut. Topics are not created by being used. Fatal faults of the broker, which
 * would end a broker's own process, are logged and leave this JVM running with the broker down.
 *
 * <p>Thread-safe. A stopped broker can be started again on the same data and port.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedBroker.class);
    /** A port that was free may be taken before the broker binds it; three in a row are no coincidence. */
    private static final int FREE_PORT_ATTEMPTS = 3;

    static {
        Exit.setExitProcedure(EmbeddedBroker::refuseToEndTheProcess);
        Exit.setHaltProcedure(EmbeddedBroker::refuseToEndTheProcess);
    }

    private final DataDirectory directory;
    private final int port;
    private final Optional<Detour> detour;
    private @Nullable KafkaRaftServer server;

    private EmbeddedBroker(DataDirectory directory, int port, Optional<Detour> detour) {
        this.directory = directory;
        this.port = port;
        this.detour = detour;
    }

    /**
     * Starts a broker, and formats its directory if it is new. Returns when the broker takes requests.
     *
     * @param port the port to listen on, 0 for a free one
     * @throws IllegalStateException in one line, when the directory is in use or the port is taken
     */
    public static EmbeddedBroker start(Path dataDirectory, int port) {
        return open(DataDirectory.open(dataDirectory), port, Optional.empty());
    }

    /** The same with a second way to it. */
    public static EmbeddedBroker start(Path dataDirectory, int port, Detour detour) {
        return open(DataDirectory.open(dataDirectory), port, Optional.of(detour));
    }

    /** Starts a broker on a free port whose data goes when it is closed, or when the JVM ends in order. */
    public static EmbeddedBroker startTemporary() {
        DataDirectory.abandoned("broker").forEach(DataDirectory::close);
        EmbeddedBroker broker = open(DataDirectory.temporary("broker"), 0, Optional.empty());
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "embedded-broker-close"));
        return broker;
    }

    /** The one temporary broker of this JVM, started when it is first asked for. Don't close it. */
    public static EmbeddedBroker shared() {
        return Shared.BROKER;
    }

    private static EmbeddedBroker open(DataDirectory directory, int port, Optional<Detour> detour) {
        try {
            return openOnAnyOf(directory, port, detour, port == 0 ? FREE_PORT_ATTEMPTS : 1);
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    private static EmbeddedBroker openOnAnyOf(
            DataDirectory directory, int port, Optional<Detour> detour, int attempts) {
        EmbeddedBroker broker = new EmbeddedBroker(directory, Ports.orFree(port), detour);
        try {
            broker.start();
            return broker;
        } catch (IllegalStateException e) {
            if (attempts == 1) {
                throw e;
            }
            log.info("Trying another port than {}: {}", broker.port, e.getMessage());
            return openOnAnyOf(directory, port, detour, attempts - 1);
        }
    }

    /** Starts a stopped broker again on the same data and port; does nothing to one that runs. */
    public synchronized void start() {
        if (server != null) {
            return;
        }
        if (!Ports.isFree(port)) {
            throw new IllegalStateException("port " + port + " for Kafka is in use");
        }
        Properties settings = BrokerSettings.of(directory.resolve("data"), port, Ports.orFree(0), detour);
        format(settings);
        KafkaRaftServer starting = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
        try {
            starting.startup();
        } catch (RuntimeException e) {
            starting.shutdown();
            throw new IllegalStateException("Kafka did not start on port " + port + ": " + e.getMessage(), e);
        }
        server = starting;
    }

    /** Stops the broker and keeps its data; does nothing to one that is stopped. */
    public synchronized void stop() {
        KafkaRaftServer running = server;
        if (running == null) {
            return;
        }
        server = null;
        running.shutdown();
        running.awaitShutdown();
    }

    /** {@code host:port}, for {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    /** Stops the broker for good. Closing again does nothing. */
    @Override
    public synchronized void close() {
        stop();
        directory.close();
    }

    private void format(Properties settings) {
        if (Files.exists(directory.resolve("data").resolve("meta.properties"))) {
            return;
        }
        Path file = directory.resolve("format.properties");
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try {
            try (Writer writer = Files.newBufferedWriter(file)) {
                settings.store(writer, null);
            }
            String[] command = {
                "format",
                "--config",
                file.toString(),
                "--cluster-id",
                Uuid.randomUuid().toString()
            };
            int status = StorageTool.execute(command, new PrintStream(output, true, StandardCharsets.UTF_8));
            if (status != 0) {
                throw new IllegalStateException(
                        "Kafka's storage could not be formatted: " + output.toString(StandardCharsets.UTF_8));
            }
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException("could not format Kafka's storage in " + directory.path(), e);
        }
    }

    private static void refuseToEndTheProcess(int status, @Nullable String message) {
        log.error("Kafka met a fatal fault and wanted to end the process with status {}: {}", status, message);
        throw new IllegalStateException("Kafka met a fatal fault: " + message);
    }

    private static final class Shared {
        static final EmbeddedBroker BROKER = startTemporary();
    }
}
