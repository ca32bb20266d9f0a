package dev.paymaster.system.fault;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.credit.CreditWorkerApplication;
import dev.paymaster.embedded.Database;
import dev.paymaster.embedded.EmbeddedDatabase;
import dev.paymaster.embedded.Ports;
import dev.paymaster.events.Envelope;
import dev.paymaster.events.Topics;
import dev.paymaster.gateway.GatewayApplication;
import dev.paymaster.system.process.Child;
import dev.paymaster.system.process.Node;
import dev.paymaster.system.world.Answer;
import dev.paymaster.system.world.Api;
import dev.paymaster.system.world.KafkaLog;
import dev.paymaster.system.world.Webhooks;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The disk of PostgreSQL, then that of Kafka is full. Both of them end by it; what matters is that nothing is acknowledged that
 * they haven't kept, and that all goes on when there is room and they run again.
 */
@Tag("long")
class FullDiskTest {
    private static final int DATABASE_MEBIBYTES = 160;
    private static final int BROKER_MEBIBYTES = 48;
    private static final int EVENT_BYTES = 200_000;
    private static final String ADMIN_KEY = "an-administrators-key-of-enough-letters";
    private static final String SECRET = "whsec_of_a_disk";

    @TempDir
    Path directory;

    private final List<AutoCloseable> toClose = new ArrayList<>();
    private final int brokerPort = Ports.orFree(0);
    private SmallDisk databaseDisk;
    private SmallDisk brokerDisk;
    private EmbeddedDatabase database;
    private Node broker;
    private int brokers;
    private ConfigurableApplicationContext worker;
    private Api admin;
    private Webhooks stripe;

    @BeforeEach
    void start() throws IOException {
        databaseDisk = closing(SmallDisk.mount(directory.resolve("database"), DATABASE_MEBIBYTES));
        brokerDisk = closing(SmallDisk.mount(directory.resolve("kafka"), BROKER_MEBIBYTES));
        startBroker();
        toClose.add(() -> broker.close());
        database = closing(EmbeddedDatabase.start(databaseDisk.directory().resolve("data"), 0));
        CompletableFuture<ConfigurableApplicationContext> credits = CompletableFuture.supplyAsync(() -> run(
                CreditWorkerApplication.application(),
                "--DATABASE_USER=paymaster_credit",
                "--spring.kafka.consumer.properties.heartbeat.interval.ms=500"));
        ConfigurableApplicationContext gateway = run(
                GatewayApplication.application(),
                "--management.server.port=0",
                "--paymaster.stop-delay=0s",
                "--paymaster.admin-key=" + ADMIN_KEY,
                "--stripe.webhook-secret=" + SECRET,
                "--reconcile.first-after=1h");
        worker = closing(credits.join());
        toClose.add(gateway);
        URI url = URI.create("http://127.0.0.1:" + gateway.getEnvironment().getProperty("local.server.port"));
        admin = new Api(url, ADMIN_KEY);
        stripe = new Webhooks(new Api(url, null), SECRET);
    }

    private ConfigurableApplicationContext run(SpringApplicationBuilder application, String... more) {
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.addAll(List.of(
                "--KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:" + brokerPort,
                "--DATABASE_HOST=" + database.host(),
                "--DATABASE_PORT=" + database.port(),
                "--DATABASE_NAME=" + database.database(),
                "--stripe.secret-key=sk_test_1",
                "--stripe.prices.starter=price_1",
                "--stripe.prices.pro=price_2",
                "--stripe.prices.team=price_3",
                "--server.port=0",
                "--spring.reactor.netty.shutdown-quiet-period=0s",
                "--messaging.partitions=2"));
        return application.run(arguments.toArray(String[]::new));
    }

    private void startBroker() {
        brokers++;
        broker = new Node(
                "broker-" + brokers,
                Child.launch(
                        "broker",
                        List.of(brokerDisk.directory().resolve("data").toString(), Integer.toString(brokerPort)),
                        directory),
                () -> !Ports.isFree(brokerPort));
        broker.start();
    }

    private <T extends AutoCloseable> T closing(T each) {
        toClose.add(each);
        return each;
    }

    @AfterEach
    void endEverything() throws Exception {
        List<Exception> failures = new ArrayList<>();
        for (AutoCloseable each : toClose.reversed()) {
            try {
                each.close();
            } catch (Exception e) {
                failures.add(e); // the disks are to be unmounted whatever comes
            }
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    @Test
    void acknowledgesNothingThatIsNotKeptAndGoesOnWhenThereIsRoom() throws Exception {
        String user = eventually("a user")
                .until(() -> admin.post("/api/users", "{\"name\": \"Sam\"}"), made -> made.status() == 201)
                .text("/user/id");
        Grants grants = new Grants(user);
        grants.ask();
        List<String> users = new ArrayList<>();
        List<String> events = new ArrayList<>();

        databaseDisk.fill();
        for (Answer answer = makeUser(users); answer.status() != 503; answer = makeUser(users)) {
            answer.expect(201);
            grants.ask();
            switchLog();
        }
        grants.ask();
        deliver(events).expect(200); // Kafka has it
        eventually("an outage at the worker")
                .until(() -> worker.getBean(MeterRegistry.class).find("paymaster.outages").counters().stream()
                        .anyMatch(counter -> counter.count() > 0));
        databaseDisk.free();
        database.restart();
        eventually("a user").until(() -> makeUser(users).status() == 201);
        grants.insist();
        assertThat(users).allSatisfy(key -> admin.as(key).get("/api/whoami").expect(200));
        assertNoDeadLetters();

        brokerDisk.fill();
        for (Answer answer = deliver(events); answer.status() != 503; answer = deliver(events)) {
            answer.expect(200);
        }
        grants.ask();
        brokerDisk.free();
        broker.close();
        startBroker();
        eventually("an event").until(() -> deliver(events).status() == 200);
        grants.insist();

        try (KafkaLog kafka = new KafkaLog("127.0.0.1:" + brokerPort)) {
            Set<String> kept = kafka.read(Topics.STRIPE_EVENTS).stream()
                    .map(record -> KafkaLog.header(record, Envelope.HEADER_ID))
                    .collect(Collectors.toSet());
            assertThat(kept).containsAll(events);
        }
        assertNoDeadLetters();
    }

    /** Grants of one credit each, with a key each, which are asked for again until they are made. */
    private final class Grants {
        private final String user;
        private final List<String> keys = new ArrayList<>();

        Grants(String user) {
            this.user = user;
        }

        /** Whatever comes of it, as long as it is no lie. */
        void ask() {
            keys.add(UUID.randomUUID().toString());
            assertThat(ask(keys.getLast()).status()).isIn(201, 202, 503);
        }

        private Answer ask(String key) {
            return admin.post("/api/credits/grants", """
                    {"user_id": "%s", "amount": 1, "reason": "for a test"}""".formatted(user), key);
        }

        /** Each is made once. */
        void insist() throws SQLException {
            keys.forEach(key -> eventually("a grant").until(() -> ask(key).status() == 201));
            try (Connection connection = database.paymaster().connect();
                    Statement statement = connection.createStatement();
                    var row = statement.executeQuery(
                            "SELECT available FROM api.balance WHERE user_id = '" + user + "'")) {
                row.next();
                assertThat(row.getLong(1)).isEqualTo(keys.size());
            }
        }
    }

    private Answer makeUser(List<String> keys) {
        Answer answer = admin.post("/api/users", "{\"name\": \"Sam\"}");
        if (answer.status() == 201) {
            keys.add(answer.text("/key"));
        }
        return answer;
    }

    private Answer deliver(List<String> taken) {
        String id = "evt_" + UUID.randomUUID();
        Answer answer = stripe.deliver("{\"id\":\"" + id + "\",\"type\":\"customer.updated\",\"data\":{\"object\":"
                + "{\"id\":\"cus_1\"}},\"x\":\"" + "x".repeat(EVENT_BYTES) + "\"}");
        if (answer.status() == 200) {
            taken.add(id);
        }
        return answer;
    }

    /** Lets PostgreSQL begin a new file of its log, which has no room. */
    private void switchLog() {
        String url = new Database(database.host(), database.port(), "postgres").jdbcUrl();
        try (Connection connection = DriverManager.getConnection(url, "postgres", Database.PASSWORD);
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_switch_wal()");
        } catch (SQLException e) {
            // It ends by that.
        }
    }

    private void assertNoDeadLetters() {
        assertThat(admin.get("/api/admin/dead-letters").expect(200).json().path("data"))
                .isEmpty();
    }
}
