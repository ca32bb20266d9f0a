package dev.paymaster.system.chaos;

import dev.paymaster.embedded.Database;
import dev.paymaster.embedded.EmbeddedDatabase;
import dev.paymaster.embedded.Ports;
import dev.paymaster.system.command.Progress;
import dev.paymaster.system.command.Waiting;
import dev.paymaster.system.process.Child;
import dev.paymaster.system.process.Node;
import dev.paymaster.system.process.Proxy;
import dev.paymaster.system.world.Api;
import dev.paymaster.system.world.StripeControl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A whole deployment on this machine: a broker, a database with fsync on, a Stripe and some instances of each service, each a
 * process of its own. Services reach the other three, and people and Stripe the gateways, through proxies; whoever
 * checks goes past those.
 */
final class Cluster implements AutoCloseable {
    private static final String ADMIN_KEY = "pm_admin_chaos_0123456789abcdef0123456789abcdef";
    private static final String STRIPE_KEY = "sk_test_chaos";
    private static final String WEBHOOK_SECRET = "whsec_chaos";
    /** What is missing meanwhile comes back first. */
    static final Duration START_LIMIT = Limits.OUTAGE.plusMinutes(4);

    /** What is taken without measure shows soon. */
    private static final List<String> SMALL_HEAP = List.of("-Xmx128m");

    private static final Duration POLL = Duration.ofMillis(300);
    private static final int OK = 200;
    /** Of a process that is frozen, some may be locked. */
    private static final String END_LEASES = """
            UPDATE payouts.payout SET lease_until = now()
            WHERE id IN (SELECT id FROM payouts.payout WHERE claim IS NOT NULL FOR UPDATE SKIP LOCKED)""";

    /** Longer than Stripe knows a key. Nothing else that is kept of a payout would have become another by then. */
    private static final Duration DAY = Duration.ofHours(25);

    private static final String AGE = """
            UPDATE payouts.payout SET first_used_at = first_used_at - interval '%1$d s',
                doubt_until = doubt_until - interval '%1$d s', lease_until = lease_until - interval '%1$d s'
            WHERE step IS NOT NULL""".formatted(DAY.toSeconds());

    private final EmbeddedDatabase database;
    private final Node broker;
    private final Node sandbox;
    private final Map<Service, List<Node>> services = new LinkedHashMap<>();
    private final Map<String, Integer> managementPorts = new LinkedHashMap<>();
    private final Proxy postgresProxy;
    private final Proxy kafkaProxy;
    private final Proxy stripeProxy;
    private final Proxy door;
    private final int kafkaPort = Ports.orFree(0);
    private final int stripePort = Ports.orFree(0);
    private final Path logs;
    private final Map<String, String> besides;
    private final Thread closing = new Thread(this::end, "chaos-close");

    private Cluster(Path directory, int instances, Map<String, String> besides) {
        this.besides = Map.copyOf(besides);
        logs = make(directory.resolve("logs"));
        database = EmbeddedDatabase.start(directory.resolve("database"), 0);
        Map<Service, List<Integer>> ports = new LinkedHashMap<>();
        for (Service service : Service.values()) {
            ports.put(
                    service,
                    IntStream.range(0, instances).mapToObj(_ -> Ports.orFree(0)).toList());
        }
        int detour = Ports.orFree(0);
        postgresProxy = Proxy.start("PostgreSQL", List.of(database.port()));
        kafkaProxy = Proxy.start("Kafka", List.of(detour));
        stripeProxy = Proxy.start("Stripe", List.of(stripePort));
        door = Proxy.start("the gateways", ports.getOrDefault(Service.GATEWAY, List.of()));
        broker = new Node(
                FaultPlan.BROKER,
                Child.launch(
                        "broker",
                        List.of(
                                directory.resolve("kafka").toString(),
                                Integer.toString(kafkaPort),
                                Integer.toString(detour),
                                Integer.toString(kafkaProxy.port())),
                        logs),
                () -> !Ports.isFree(kafkaPort));
        sandbox = new Node(
                "stripe",
                Child.launch("stripe", sandboxArguments(directory), logs),
                () -> answers(stripePort, "/_sandbox/health"));
        ports.forEach((service, each) -> services.put(service, nodes(service, each)));
    }

    /**
     * Starts all of it, and returns when all of it can do its work.
     *
     * @param instances of each service
     */
    static Cluster start(Path directory, int instances, Progress progress) {
        return start(directory, instances, Map.of(), progress);
    }

    /** The same with more settings of all services. */
    static Cluster start(Path directory, int instances, Map<String, String> besides, Progress progress) {
        Cluster cluster = new Cluster(directory, instances, besides);
        Runtime.getRuntime().addShutdownHook(cluster.closing);
        try {
            cluster.broker.start();
            cluster.sandbox.start();
            cluster.awaitReady(List.of(cluster.broker, cluster.sandbox), progress);
            List<Node> all =
                    cluster.services.values().stream().flatMap(List::stream).toList();
            all.forEach(Node::start);
            cluster.awaitReady(all, progress);
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private List<Node> nodes(Service service, List<Integer> ports) {
        List<Node> nodes = new ArrayList<>();
        for (int port : ports) {
            int management = service == Service.GATEWAY ? Ports.orFree(0) : port;
            managementPorts.put(service.instance(nodes.size() + 1), management);
            nodes.add(new Node(
                    service.instance(nodes.size() + 1),
                    Child.launch(service.title(), arguments(service, port, management), logs)
                            .with(service == Service.GATEWAY ? SMALL_HEAP : List.of()),
                    () -> answers(management, "/actuator/health/readiness")));
        }
        return nodes;
    }

    private List<String> sandboxArguments(Path directory) {
        return List.of(
                directory.resolve("database").toString(),
                "--port",
                Integer.toString(stripePort),
                "--key",
                STRIPE_KEY,
                "--webhook",
                "http://127.0.0.1:" + door.port() + "/api/stripe/webhook",
                "--webhook-secret",
                WEBHOOK_SECRET,
                "--prices",
                "starter=1000,pro=2500,team=7500");
    }

    private List<String> arguments(Service service, int port, int management) {
        Map<String, String> settings = new LinkedHashMap<>(Map.of(
                "spring.kafka.bootstrap-servers",
                "127.0.0.1:" + kafkaProxy.port(),
                "DATABASE_HOST",
                "127.0.0.1",
                "DATABASE_PORT",
                Integer.toString(postgresProxy.port()),
                "DATABASE_USER",
                service.databaseUser(),
                "stripe.secret-key",
                STRIPE_KEY,
                "stripe.webhook-secret",
                WEBHOOK_SECRET,
                "stripe.api-base",
                "http://127.0.0.1:" + stripeProxy.port(),
                "stripe.prices.starter",
                "price_paymaster_starter",
                "stripe.prices.pro",
                "price_paymaster_pro",
                "stripe.prices.team",
                "price_paymaster_team"));
        settings.putAll(QUICK);
        settings.putAll(besides);
        settings.put("server.port", Integer.toString(port));
        settings.put("server.address", "127.0.0.1");
        if (service == Service.GATEWAY) {
            settings.put("management.server.port", Integer.toString(management));
            settings.put("management.server.address", "127.0.0.1");
            settings.put("paymaster.admin-key", ADMIN_KEY);
            settings.put("paymaster.public-url", "http://localhost:" + port);
            // It is asked when everything is at rest.
            settings.put("proof.settled-after", "0s");
        }
        return settings.entrySet().stream()
                .map(each -> "--" + each.getKey() + "=" + each.getValue())
                .collect(Collectors.toList());
    }

    /**
     * Waits that are long for people's sake and would make every run long. A lost call can't be under way for longer than
     * a proxy is silent, a worker frozen and a call may take, all of which is within the lease and the settling after it.
     */
    private static final Map<String, String> QUICK = Map.ofEntries(
            // How soon the partitions of a worker that is gone go to the others.
            Map.entry("spring.kafka.consumer.properties.session.timeout.ms", "6000"),
            Map.entry("spring.kafka.consumer.properties.heartbeat.interval.ms", "1500"),
            // How soon partitions that are new are read.
            Map.entry("spring.kafka.consumer.properties.metadata.max.age.ms", "3000"),
            Map.entry("spring.kafka.producer.properties.metadata.max.age.ms", "3000"),
            // Nobody looks for new connections while a gateway stops.
            Map.entry("paymaster.stop-delay", "0s"),
            Map.entry("spring.reactor.netty.shutdown-quiet-period", "0s"),
            Map.entry("payouts.lease", "20s"),
            Map.entry("payouts.accounts-asked-after", "10s"),
            Map.entry("timers.expiry", "2s"),
            Map.entry("payouts.patience.settling", "10s"),
            Map.entry("payouts.patience.longest", "4s"),
            Map.entry("payouts.patience.first-for-funds", "2s"),
            Map.entry("payouts.patience.longest-for-funds", "4s"),
            // Longer than any run, and shorter than a clock may be ahead: nothing must ever be late but what is left
            // behind.
            Map.entry("jobs.policy.accept-within", "20h"),
            Map.entry("jobs.policy.submit-within", "20h"),
            Map.entry("jobs.policy.verify-within", "20h"));

    /** Waits until each of these can do its work, or could a moment ago. */
    void awaitReady(List<Node> nodes, Progress progress) {
        List<Node> starting = new ArrayList<>(nodes);
        String late = Waiting.untilDone("starting", START_LIMIT, POLL, progress, () -> {
            starting.removeIf(Node::isReady);
            return starting.stream().map(Node::name).collect(Collectors.joining(", "));
        });
        if (!late.isEmpty()) {
            throw new IllegalStateException("not up within " + START_LIMIT.toSeconds() + " s: " + late);
        }
    }

    private static boolean answers(int port, String path) {
        try {
            return new Api(URI.create("http://127.0.0.1:" + port), null)
                            .get(path)
                            .status()
                    == OK;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /** Instances of services that don't say that all of them is up: a consumer that has ended for good leaves one ready. */
    List<String> unwell() {
        return managementPorts.entrySet().stream()
                .filter(each -> !answers(each.getValue(), "/actuator/health"))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** What no log may have, besides users' keys. */
    List<String> secrets() {
        return List.of(ADMIN_KEY, STRIPE_KEY, WEBHOOK_SECRET);
    }

    private static Path make(Path directory) {
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("no directory for logs", e);
        }
    }

    /** The HTTP API as people reach it, through whichever gateway takes the connection. */
    Api admin() {
        return new Api(URI.create("http://127.0.0.1:" + door.port()), ADMIN_KEY);
    }

    StripeControl stripe() {
        return new StripeControl(URI.create("http://127.0.0.1:" + stripePort), STRIPE_KEY);
    }

    /** Past the proxy. */
    String bootstrapServers() {
        return "127.0.0.1:" + kafkaPort;
    }

    /** Past the proxy. */
    Database database() {
        return database.paymaster();
    }

    /** Whatever is claimed for a call to Stripe can be claimed by others at once. */
    void endLeases() {
        // While the database is away, nobody can claim anything either.
        var _ = isDone(END_LEASES);
    }

    /**
     * Lets the deadline of a job in this status pass, as if it had waited for so long; false while the database is away. Said again
     * because only the answer was lost, it leaves alone what has become of the job meanwhile.
     */
    boolean endWait(String job, String status) {
        return isDone("UPDATE jobs.job SET deadline_at = now() WHERE id = '" + UUID.fromString(job) + "' AND status = '"
                + status + "'");
    }

    /** For Stripe, and for payouts that wait; while nobody calls. */
    void letADayPass() {
        while (!isDone(AGE)) {
            Waiting.pause(POLL);
        }
        stripe().advance(DAY);
    }

    private boolean isDone(String sql) {
        try (Connection connection = database().connect();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
            return true;
        } catch (SQLException e) {
            if (e.getSQLState() == null || !e.getSQLState().matches("(08|57).*")) {
                throw new IllegalStateException("the database did not do: " + sql, e);
            }
            return false;
        }
    }

    /** Where all processes log. */
    Path logs() {
        return logs;
    }

    EmbeddedDatabase databaseServer() {
        return database;
    }

    Node broker() {
        return broker;
    }

    /** The instances of a service. */
    List<Node> of(Service service) {
        return services.getOrDefault(service, List.of());
    }

    /** Every process but the database's. */
    List<Node> nodes() {
        List<Node> all = new ArrayList<>(List.of(broker, sandbox));
        services.values().forEach(all::addAll);
        return all;
    }

    /** The ways to PostgreSQL, Kafka and Stripe, and to the gateways. */
    List<Proxy> proxies() {
        return List.of(postgresProxy, kafkaProxy, stripeProxy, door);
    }

    /** Ends everything at once: what matters has been checked by then. */
    @Override
    public void close() {
        end();
        Runtime.getRuntime().removeShutdownHook(closing);
    }

    private void end() {
        nodes().forEach(Node::close);
        proxies().forEach(Proxy::close);
        database.close();
    }
}
