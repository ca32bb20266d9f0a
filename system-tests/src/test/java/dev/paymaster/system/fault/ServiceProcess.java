package dev.paymaster.system.fault;

import dev.paymaster.embedded.Database;
import dev.paymaster.embedded.Ports;
import dev.paymaster.standalone.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** One service as it runs in production: a process of its own, which takes signals. */
final class ServiceProcess implements AutoCloseable {
    static final String ADMIN_KEY = "an-administrators-key-of-enough-letters";

    private static final Map<Service, String> APPLICATIONS = Map.of(
            Service.GATEWAY, "dev.paymaster.gateway.GatewayApplication",
            Service.CREDIT_WORKER, "dev.paymaster.credit.CreditWorkerApplication",
            Service.JOB_SERVICE, "dev.paymaster.job.JobServiceApplication",
            Service.PAYOUT_WORKER, "dev.paymaster.payout.PayoutWorkerApplication");

    private final Service service;
    private final Process process;
    private final int port;
    private final int healthPort;
    private final Path log;

    private ServiceProcess(Service service, Process process, int port, int healthPort, Path log) {
        this.service = service;
        this.process = process;
        this.port = port;
        this.healthPort = healthPort;
        this.log = log;
    }

    /**
     * Starts it and returns at once.
     *
     * @param brokers {@code host:port}
     * @param stripe where it looks for Stripe
     */
    static ServiceProcess start(Service service, Path directory, int databasePort, String brokers, URI stripe) {
        int port = Ports.orFree(0);
        int healthPort = Ports.orFree(0);
        Path log = directory.resolve(service + "-" + healthPort + ".log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dpaymaster.log.file=" + log,
                "-cp",
                System.getProperty("java.class.path"),
                APPLICATIONS.get(service),
                "--server.address=127.0.0.1",
                "--logging.level.org.apache.kafka.clients.admin=info"));
        if (service == Service.GATEWAY) {
            command.addAll(List.of(
                    "--server.port=" + port,
                    "--management.server.port=" + healthPort,
                    "--management.server.address=127.0.0.1"));
        } else {
            command.add("--server.port=" + healthPort);
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        directory.resolve(service + "-" + healthPort + ".out").toFile());
        builder.environment()
                .putAll(Map.of(
                        "KAFKA_BOOTSTRAP_SERVERS",
                        brokers,
                        "DATABASE_HOST",
                        "127.0.0.1",
                        "DATABASE_PORT",
                        Integer.toString(databasePort),
                        "DATABASE_PASSWORD",
                        Database.PASSWORD,
                        "DATABASE_OWNER_PASSWORD",
                        Database.PASSWORD,
                        "PAYMASTER_ADMIN_KEY",
                        ADMIN_KEY,
                        "STRIPE_SECRET_KEY",
                        "sk_test_of_a_process",
                        "STRIPE_WEBHOOK_SECRET",
                        "whsec_of_a_process",
                        "STRIPE_API_BASE",
                        stripe.toString()));
        builder.environment()
                .putAll(Map.of(
                        "STRIPE_PRICE_STARTER", "price_starter",
                        "STRIPE_PRICE_PRO", "price_pro",
                        "STRIPE_PRICE_TEAM", "price_team"));
        try {
            return new ServiceProcess(service, builder.start(), port, healthPort, log);
        } catch (IOException e) {
            throw new UncheckedIOException(service + " can't be started", e);
        }
    }

    Service service() {
        return service;
    }

    /** Of the HTTP API, if it is the gateway. */
    URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** What a probe is answered; 0 while nobody listens. */
    int probe(String name) {
        if (!process.isAlive()) {
            throw new IllegalStateException(service + " has ended with " + process.exitValue() + ": " + log());
        }
        return status(URI.create("http://127.0.0.1:" + healthPort + "/actuator/health/" + name));
    }

    /** The status of a GET on a connection of its own; 0 when there is none. */
    static int status(URI address) {
        try {
            HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
            connection.setRequestProperty("Connection", "close");
            connection.setConnectTimeout(10_000);
            connection.setReadTimeout(10_000);
            return connection.getResponseCode();
        } catch (IOException e) {
            return 0;
        }
    }

    /** One of the numbers that it publishes. */
    double metric(String name) {
        try (var lines = new java.io.BufferedReader(new java.io.InputStreamReader(
                URI.create("http://127.0.0.1:" + healthPort + "/actuator/prometheus")
                        .toURL()
                        .openStream(),
                java.nio.charset.StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> line.startsWith(name))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException("no metrics of " + service, e);
        }
    }

    /** What it has logged and printed so far. */
    String log() {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** How long it takes from now on until it has ended. */
    CompletableFuture<Duration> ended() {
        long from = System.nanoTime();
        return process.onExit().thenApply(_ -> Duration.ofNanos(System.nanoTime() - from));
    }

    int exitCode() {
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public String toString() {
        return service.name().toLowerCase(Locale.ROOT);
    }
}
