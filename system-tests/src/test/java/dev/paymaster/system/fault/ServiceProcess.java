package dev.paymaster.system.fault;

import dev.paymaster.credit.CreditWorkerApplication;
import dev.paymaster.embedded.Database;
import dev.paymaster.embedded.Ports;
import dev.paymaster.gateway.GatewayApplication;
import dev.paymaster.job.JobServiceApplication;
import dev.paymaster.payout.PayoutWorkerApplication;
import dev.paymaster.standalone.Service;
import dev.paymaster.system.process.Node;
import dev.paymaster.system.process.Node.Launch;
import dev.paymaster.system.world.World;
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

    private final Service service;
    private final Node node;
    private final int port = Ports.orFree(0);
    private final int healthPort = Ports.orFree(0);

    private ServiceProcess(Service service, Path directory, Map<String, String> environment, List<String> more) {
        this.service = service;
        Launch launch = new Launch(application(service).getName(), environment, arguments(more), directory);
        this.node = new Node(service + "-" + healthPort, launch, () -> true);
    }

    /**
     * Starts it and returns at once.
     *
     * @param brokers {@code host:port}
     * @param stripe where it looks for Stripe
     * @param more settings
     */
    static ServiceProcess start(
            Service service, Path directory, int databasePort, String brokers, URI stripe, String... more) {
        ServiceProcess started =
                new ServiceProcess(service, directory, environment(databasePort, brokers, stripe), List.of(more));
        started.node.start();
        return started;
    }

    /** Starts another gateway for a world, which catches up with nothing by itself, and returns at once. */
    static ServiceProcess startGateway(World world, Path directory, int databasePort, String... more) {
        List<String> settings = new ArrayList<>(List.of(more));
        settings.add("--DATABASE_NAME=" + world.database().database());
        settings.add("--reconcile.first-after=1h");
        return start(
                Service.GATEWAY,
                directory,
                databasePort,
                world.standalone().bootstrapServers(),
                URI.create("http://127.0.0.1:1"),
                settings.toArray(String[]::new));
    }

    private static Class<?> application(Service service) {
        return switch (service) {
            case GATEWAY -> GatewayApplication.class;
            case CREDIT_WORKER -> CreditWorkerApplication.class;
            case JOB_SERVICE -> JobServiceApplication.class;
            case PAYOUT_WORKER -> PayoutWorkerApplication.class;
        };
    }

    private List<String> arguments(List<String> more) {
        List<String> arguments = new ArrayList<>(more);
        arguments.addAll(List.of("--server.address=127.0.0.1", "--logging.level.org.apache.kafka.clients.admin=info"));
        if (service == Service.GATEWAY) {
            arguments.addAll(List.of(
                    "--server.port=" + port,
                    "--management.server.port=" + healthPort,
                    "--management.server.address=127.0.0.1"));
        } else {
            arguments.add("--server.port=" + healthPort);
        }
        return arguments;
    }

    private static Map<String, String> environment(int databasePort, String brokers, URI stripe) {
        return Map.ofEntries(
                Map.entry("KAFKA_BOOTSTRAP_SERVERS", brokers),
                Map.entry("DATABASE_HOST", "127.0.0.1"),
                Map.entry("DATABASE_PORT", Integer.toString(databasePort)),
                Map.entry("DATABASE_PASSWORD", Database.PASSWORD),
                Map.entry("DATABASE_OWNER_PASSWORD", Database.PASSWORD),
                Map.entry("PAYMASTER_ADMIN_KEY", ADMIN_KEY),
                Map.entry("STRIPE_SECRET_KEY", "sk_test_of_a_process"),
                Map.entry("STRIPE_WEBHOOK_SECRET", "whsec_of_a_process"),
                Map.entry("STRIPE_API_BASE", stripe.toString()),
                Map.entry("STRIPE_PRICE_STARTER", "price_starter"),
                Map.entry("STRIPE_PRICE_PRO", "price_pro"),
                Map.entry("STRIPE_PRICE_TEAM", "price_team"));
    }

    /** Of the HTTP API, if it is the gateway. */
    URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** What a probe is answered; 0 while nobody listens. Fails when the service has ended by itself. */
    int probe(String name) {
        if (!node.isReady()) {
            throw new IllegalStateException(service + " was not started");
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
            return Files.exists(node.log()) ? Files.readString(node.log()) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends SIGTERM. */
    void terminate() {
        node.terminate();
    }

    /** How long it takes from now on until it has ended. */
    CompletableFuture<Duration> ended() {
        long from = System.nanoTime();
        return node.ended().thenApply(_ -> Duration.ofNanos(System.nanoTime() - from));
    }

    int exitCode() {
        return node.ended().join();
    }

    @Override
    public void close() {
        node.close();
    }

    @Override
    public String toString() {
        return service.name().toLowerCase(Locale.ROOT);
    }
}
