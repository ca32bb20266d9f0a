package dev.paymaster.system.fault;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.embedded.EmbeddedDatabase;
import dev.paymaster.embedded.Ports;
import dev.paymaster.events.Topics;
import dev.paymaster.events.payout.PayoutCommand;
import dev.paymaster.events.payout.PayoutCommand.ApplyAccountStatus;
import dev.paymaster.events.payout.PayoutCommand.SchedulePayout;
import dev.paymaster.messaging.Ids;
import dev.paymaster.messaging.outbox.EventWriter;
import dev.paymaster.standalone.Service;
import dev.paymaster.system.process.Child;
import dev.paymaster.system.process.Node;
import dev.paymaster.system.process.Proxy;
import dev.paymaster.system.world.Answer;
import dev.paymaster.system.world.Api;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Each service as a process of its own, with real signals, beside a database, a broker and a Stripe that come and go. */
@Tag("long")
class StartAndStopTest {
    /** What Docker's and Kubernetes' grace periods have to be longer than. */
    private static final Duration GRACE = Duration.ofSeconds(20);

    /** Four JVMs at once, on a machine that may have other things to do. */
    private static final Duration START = Duration.ofMinutes(4);

    /** A whole log file is read each time. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

    /** What SIGTERM ends a JVM with. */
    private static final int TERMINATED = 143;

    /** What each service migrates. */
    private static final List<String> SCHEMAS = List.of("identity", "billing", "jobs", "payouts");

    private static final String WAITING =
            "SELECT DISTINCT pid FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))";

    /** That Kafka is away. */
    private static final String[] SOON_TOLD = {
        "--spring.kafka.admin.properties.default.api.timeout.ms=2000",
        "--spring.kafka.admin.properties.request.timeout.ms=2000"
    };

    private static final List<String> GROUPS =
            List.of("credit-worker.grants", "credit-worker.billing", "job-service", "payout-intake", "payout-worker");

    @TempDir(cleanup = CleanupMode.ALWAYS)
    Path directory;

    private final List<AutoCloseable> toClose = new ArrayList<>();
    private final List<ServiceProcess> started = new ArrayList<>();
    private final int databasePort = Ports.orFree(0);
    private final int brokerPort = Ports.orFree(0);
    /** Takes connections, and nobody ever answers. */
    private ServerSocket stripe;

    private Proxy database;

    @BeforeEach
    void openTheWays() throws IOException {
        stripe = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        stripe.setSoTimeout(Math.toIntExact(START.toMillis()));
        database = Proxy.start("PostgreSQL", List.of(databasePort));
        toClose.addAll(List.of(stripe, database));
    }

    @AfterEach
    void endEverything() throws Exception {
        started.forEach(ServiceProcess::close);
        for (AutoCloseable each : toClose.reversed()) {
            each.close();
        }
    }

    @Test
    void waitsForWhatIsMissingThenComesUpAndInTheEndFinishesWhatItHas() throws Exception {
        List<ServiceProcess> all = startAll(SOON_TOLD);
        awaitWaitingFor("PostgreSQL at 127.0.0.1:" + database.port() + "/paymaster", all);
        startDatabase();
        awaitWaitingFor("Kafka at 127.0.0.1:" + brokerPort, all);
        startBroker();
        awaitReady(all);
        assertThat(all)
                .allSatisfy(each -> assertThat(each.log())
                        .doesNotContain("password", "sk_test_of_a_process")
                        .satisfies(log ->
                                assertThat(count(log, "waiting for PostgreSQL")).isLessThan(10))
                        .satisfies(
                                log -> assertThat(count(log, "Rebootstrapping")).isLessThan(100)));

        ServiceProcess gateway = all.getFirst();
        List<ServiceProcess> workers = all.subList(1, all.size());
        Api admin = new Api(gateway.url(), ServiceProcess.ADMIN_KEY);
        String user =
                admin.post("/api/users", "{\"name\": \"Sam\"}").expect(201).text("/user/id");
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            AtomicBoolean enough = new AtomicBoolean();
            AtomicInteger granted = new AtomicInteger();
            List<CompletableFuture<Answer>> load = IntStream.range(0, 8)
                    .mapToObj(_ -> CompletableFuture.supplyAsync(
                            () -> {
                                Answer last = grant(admin, user);
                                while (Set.of(201, 202).contains(last.status()) && !enough.get()) {
                                    granted.addAndGet(last.status() == 201 ? 1 : 0);
                                    last = grant(admin, user);
                                }
                                return last;
                            },
                            clients))
                    .toList();
            eventually("load").until(() -> granted.get() > 50);
            terminate(workers);
            assertLeft(GROUPS);
            eventually("requests that wait for an outcome")
                    .until(() -> gateway.metric("paymaster_gateway_waits"), waits -> waits == 8);
            enough.set(true);
            CompletableFuture<Duration> ended = gateway.ended();
            gateway.terminate();
            eventually("unreadiness").until(() -> gateway.probe("readiness"), status -> status == 503);
            assertThat(ServiceProcess.status(gateway.url().resolve("/openapi.json")))
                    .as("an answer while proxies don't know yet")
                    .isEqualTo(200);
            eventually("no new connections")
                    .until(() -> ServiceProcess.status(gateway.url().resolve("/openapi.json")), status -> status == 0);
            assertThat(ended).as("its end").isNotDone();
            load.forEach(each -> assertThat(each.join().status()).isEqualTo(202));
            assertEndedByItself(gateway, ended.join());
        }
    }

    @Test
    void obeysWhileSomethingIsMissing() throws Exception {
        List<ServiceProcess> all = startAll();
        awaitWaitingFor("PostgreSQL at 127.0.0.1:" + database.port() + "/paymaster", all);
        List<ServiceProcess> half = List.of(all.get(0), all.get(1));
        terminate(half);

        startDatabase();
        List<ServiceProcess> rest = List.of(all.get(2), all.get(3));
        awaitWaitingFor("Kafka at 127.0.0.1:" + brokerPort, rest);
        terminate(rest);
    }

    @Test
    void obeysWhileEverythingHangs() throws Exception {
        startDatabase();
        Node broker = startBroker();
        List<ServiceProcess> all = startAll();
        awaitReady(all);
        owePayout();
        toClose.add(stripe.accept());

        database.silence();
        broker.freeze();
        // What hangs is ended at the limit.
        ends(all).forEach((each, end) -> assertEnded(each, end.join()));
    }

    /** As one does that fails over. */
    @Test
    void migratesAgainWhenTheDatabaseGoesAwayMeanwhile() throws Exception {
        EmbeddedDatabase server = startDatabase();
        try (Connection other = server.paymaster().connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            for (String schema : SCHEMAS) {
                statement.execute("CREATE SCHEMA " + schema);
            }
            List<ServiceProcess> all = startAll(SOON_TOLD);
            eventually("migrations that wait for these schemas")
                    .atMost(START)
                    .until(() ->
                            number(statement, "SELECT count(*) FROM (" + WAITING + ") AS waiting") == SCHEMAS.size());
            statement.execute("SELECT pg_terminate_backend(waiting.pid) FROM (" + WAITING + ") AS waiting");
            for (ServiceProcess each : all) {
                eventually(each + " says what has happened")
                        .pollInterval(LOOK_AGAIN)
                        .until(() -> each.log().contains("went away during the migrations"));
            }
            other.rollback();

            awaitWaitingFor("Kafka at 127.0.0.1:" + brokerPort, all);
            assertThat(all)
                    .allSatisfy(each -> assertThat(each.log()).as("%s", each).doesNotContain("\n\tat "));
        }
    }

    private static int number(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getInt(1);
        }
    }

    private List<ServiceProcess> startAll(String... more) {
        List<ServiceProcess> all =
                List.of(Service.GATEWAY, Service.CREDIT_WORKER, Service.JOB_SERVICE, Service.PAYOUT_WORKER).stream()
                        .map(each -> ServiceProcess.start(
                                each, directory, database.port(), "127.0.0.1:" + brokerPort, stripe(), more))
                        .toList();
        started.addAll(all);
        return all;
    }

    private URI stripe() {
        return URI.create("http://127.0.0.1:" + stripe.getLocalPort());
    }

    private EmbeddedDatabase startDatabase() {
        EmbeddedDatabase server = EmbeddedDatabase.start(directory.resolve("database"), databasePort);
        toClose.add(server);
        return server;
    }

    private Node startBroker() {
        List<String> arguments = List.of(directory.resolve("kafka").toString(), Integer.toString(brokerPort));
        Node broker = new Node("broker", Child.launch("broker", arguments, directory), () -> true);
        broker.start();
        toClose.add(broker);
        return broker;
    }

    private static void awaitWaitingFor(String what, Collection<ServiceProcess> services) {
        for (ServiceProcess each : services) {
            eventually(each + " says that it waits")
                    .atMost(START)
                    .pollInterval(LOOK_AGAIN)
                    .until(() -> each.log().contains("waiting for " + what));
            eventually(each + " lives").until(() -> each.probe("liveness"), status -> status == 200);
            assertThat(each.probe("readiness")).as("readiness of %s", each).isEqualTo(503);
        }
    }

    private static void awaitReady(Collection<ServiceProcess> services) {
        for (ServiceProcess each : services) {
            eventually(each + " is ready").atMost(START).until(() -> each.probe("readiness"), status -> status == 200);
            assertThat(each.probe("liveness")).as("liveness of %s", each).isEqualTo(200);
        }
    }

    private static void terminate(Collection<ServiceProcess> services) {
        ends(services).forEach((each, end) -> assertEndedByItself(each, end.join()));
    }

    /** Tells all of them to stop. */
    private static Map<ServiceProcess, CompletableFuture<Duration>> ends(Collection<ServiceProcess> services) {
        Map<ServiceProcess, CompletableFuture<Duration>> ends = new java.util.LinkedHashMap<>();
        services.forEach(each -> ends.put(each, each.ended()));
        services.forEach(ServiceProcess::terminate);
        return ends;
    }

    /** Only its log tells one that was ended at the limit from one that has stopped. */
    private static void assertEndedByItself(ServiceProcess service, Duration took) {
        assertEnded(service, took);
        assertThat(service.log()).as("%s", service).doesNotContain("not stopped within");
    }

    private static void assertEnded(ServiceProcess service, Duration took) {
        assertThat(took).as("%s: %s", service, service.log()).isLessThan(GRACE);
        assertThat(service.exitCode()).as("%s", service).isEqualTo(TERMINATED);
    }

    private void assertLeft(List<String> groups) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + brokerPort))) {
            assertThat(admin.describeConsumerGroups(groups).all().get().values())
                    .allSatisfy(group -> assertThat(group.members()).isEmpty());
        }
    }

    private static Answer grant(Api admin, String user) {
        return admin.post("/api/credits/grants", """
                {"user_id": "%s", "amount": 1, "reason": "for a test"}""".formatted(user));
    }

    private void owePayout() throws Exception {
        UUID receiver = UUID.randomUUID();
        EventWriter writer = new EventWriter("/test", Ids.timeOrdered(), Clock.systemUTC());
        List<PayoutCommand> commands = List.of(
                new ApplyAccountStatus(
                        receiver,
                        "acct_1",
                        true,
                        "active",
                        true,
                        List.of(),
                        Clock.systemUTC().instant()),
                new SchedulePayout(receiver, UUID.randomUUID(), UUID.randomUUID(), 700));
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", "127.0.0.1:" + brokerPort),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (PayoutCommand command : commands) {
                producer.send(writer.command(
                                        Topics.PAYOUT_COMMANDS,
                                        receiver.toString(),
                                        UUID.randomUUID().toString(),
                                        receiver.toString(),
                                        command)
                                .toProducerRecord())
                        .get();
            }
        }
    }

    private static int count(String text, String part) {
        return text.split(part, -1).length - 1;
    }
}
