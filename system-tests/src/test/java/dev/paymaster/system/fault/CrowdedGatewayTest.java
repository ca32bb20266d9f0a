package dev.paymaster.system.fault;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.embedded.Database;
import dev.paymaster.embedded.EmbeddedDatabase;
import dev.paymaster.embedded.Ports;
import dev.paymaster.events.Envelope;
import dev.paymaster.events.Topics;
import dev.paymaster.system.process.Child;
import dev.paymaster.system.process.Node;
import dev.paymaster.system.world.Answer;
import dev.paymaster.system.world.Api;
import dev.paymaster.system.world.Burst;
import dev.paymaster.system.world.KafkaLog;
import dev.paymaster.system.world.Webhooks;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A gateway with a small heap, of which far more is asked than it can do, and whose broker stands still. */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrowdedGatewayTest {
    /** A heap that a gateway has no trouble with, and far less than what is sent to it at once. */
    private static final List<String> SMALL = List.of("-Xmx128m");

    /** Two JVMs at once, on a machine that may have other things to do. */
    private static final Duration START = Duration.ofMinutes(4);

    /** Two seconds, and as much again several times for a loaded machine; Kafka's clients would try for two minutes. */
    private static final Duration IN_TIME = Duration.ofSeconds(10);

    /** More than {@code limits.requests}; of one user, no more than half of those are let in. */
    private static final int SLOW_CLIENTS = 600;

    private static final int USERS = 3;

    private static final int CALLERS = 40;
    private static final int EVENTS = 300;
    private static final int EVENT_BYTES = 64 << 10;
    private static final int MEBIBYTE = 1 << 20;
    private static final String LARGE_LIST = "/api/jobs?limit=100";

    /** What may be heard of a call that can't be done now: too slow, too much, not now. */
    private static final Set<Integer> NOT_NOW = Set.of(408, 429, 503);

    private static final String ADMIN_KEY = "an-administrators-key-of-enough-letters";
    private static final String SECRET = "whsec_of_a_crowd";

    /** What workers would show, of whom there are none. */
    private static final String VIEWS = """
            CREATE SCHEMA api;
            GRANT USAGE ON SCHEMA api TO paymaster_gateway;
            CREATE TABLE api.balance (user_id uuid, available bigint, held bigint, debt bigint);
            CREATE TABLE api.lot (user_id uuid, remaining bigint, expires_at timestamptz);
            CREATE TABLE api.job (id uuid PRIMARY KEY, status text, sender uuid, receiver uuid, skill text, credit_cost bigint,
                payout_cents bigint, shadow boolean, prompt text, title text, criteria text, output text, verification jsonb,
                created_at timestamptz, updated_at timestamptz, deadline_at timestamptz, requeues integer, charged boolean,
                cancellation text);
            CREATE TABLE api.job_outcome (command_id text PRIMARY KEY, request_hash bytea, outcome bytea);
            GRANT SELECT ON ALL TABLES IN SCHEMA api TO paymaster_gateway;""";

    @TempDir
    static Path directory;

    private final int brokerPort = Ports.orFree(0);
    private final int port = Ports.orFree(0);
    private final int healthPort = Ports.orFree(0);
    private final URI url = URI.create("http://127.0.0.1:" + port);
    private final Api admin = new Api(url, ADMIN_KEY);
    private final Webhooks stripe = new Webhooks(new Api(url, null), SECRET);
    private final Set<String> unfitting = ConcurrentHashMap.newKeySet();
    private Database database;
    private Node broker;
    private Node gateway;

    @BeforeAll
    void start() throws SQLException {
        broker = new Node(
                "broker",
                Child.launch(
                        "broker",
                        List.of(directory.resolve("kafka").toString(), Integer.toString(brokerPort)),
                        directory),
                () -> !Ports.isFree(brokerPort));
        broker.start();
        database = EmbeddedDatabase.shared().createDatabase("crowded_gateway");
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(VIEWS);
        }
        gateway = new Node(
                "gateway",
                Child.launch("gateway", arguments(database), directory),
                () -> ServiceProcess.status(URI.create("http://127.0.0.1:" + healthPort + "/actuator/health/readiness"))
                        == 200);
        gateway.start(SMALL);
        eventually("a gateway").atMost(START).until(gateway::isReady);
    }

    private List<String> arguments(Database database) {
        return List.of(
                "--KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:" + brokerPort,
                "--DATABASE_HOST=" + database.host(),
                "--DATABASE_PORT=" + database.port(),
                "--DATABASE_NAME=" + database.database(),
                "--server.address=127.0.0.1",
                "--server.port=" + port,
                "--management.server.address=127.0.0.1",
                "--management.server.port=" + healthPort,
                "--messaging.partitions=2",
                "--paymaster.admin-key=" + ADMIN_KEY,
                "--stripe.secret-key=sk_test_1",
                "--stripe.webhook-secret=" + SECRET,
                "--stripe.prices.starter=price_1",
                "--stripe.prices.pro=price_2",
                "--stripe.prices.team=price_3",
                "--limits.unread-answer=3s",
                "--reconcile.first-after=1h");
    }

    @AfterAll
    void stop() {
        gateway.close();
        broker.close();
    }

    @Test
    void turnsAwayWhatIsTooMuchAndDoesWhatItHasTaken() {
        CountDownLatch enough = new CountDownLatch(1);
        List<SlowClient> slow = new ArrayList<>();
        List<String> keys = Stream.generate(this::user).limit(USERS).toList();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, SLOW_CLIENTS)
                    .forEach(number -> slow.add(new SlowClient(keys.get(number % USERS), clients, enough)));
            eventually("somebody who is turned away")
                    .until(() -> slow.stream()
                            .anyMatch(client -> client.answer.getNow("").startsWith("HTTP/1.1 503")));
            CompletableFuture<List<Taken>> callers =
                    CompletableFuture.supplyAsync(() -> Burst.of(CALLERS, _ -> call()), clients);

            List<String> events = Burst.of(EVENTS, number -> deliver(number % 20 == 0 ? MEBIBYTE : EVENT_BYTES));
            enough.countDown();
            List<Taken> taken = callers.join();
            eventually("an end of all slow clients")
                    .until(() -> slow.stream().allMatch(client -> client.answer.isDone()));

            assertThat(unfitting).isEmpty();
            assertThat(slow).extracting(client -> client.answer.join()).allMatch(CrowdedGatewayTest::isFitting);
            assertThat(taken)
                    .allSatisfy(each -> admin.as(each.key()).get("/api/whoami").expect(200));
            try (KafkaLog kafka = new KafkaLog("127.0.0.1:" + brokerPort)) {
                assertThat(ids(kafka, Topics.STRIPE_EVENTS)).containsAll(events);
                assertThat(ids(kafka, Topics.JOB_COMMANDS))
                        .containsAll(taken.stream().map(Taken::command).toList());
            }
        }
        assertLives();
    }

    @Test
    void refusesInTimeAndForgetsWhatItCannotHandOnWhileTheBrokerIsFrozen() {
        String key = user();
        broker.freeze();
        try {
            CompletableFuture<List<String>> answers = CompletableFuture.supplyAsync(() ->
                    Burst.of(2 * EVENTS, _ -> once(() -> stripe.deliver(event(UUID.randomUUID(), 2 * EVENT_BYTES)))));
            eventually("answers to whoever needs no broker, while others wait for it")
                    .until(() -> {
                        String whoami = once(() -> admin.as(key).get("/api/whoami"));
                        assertThat(whoami).isEqualTo("200");
                        return answers.isDone();
                    });

            assertThat(answers.join()).contains("503").isSubsetOf("503", "none");
            CompletableFuture<String> job = CompletableFuture.supplyAsync(() -> once(() -> job(admin.as(key))));
            assertThat(job.orTimeout(IN_TIME.toSeconds(), TimeUnit.SECONDS).join())
                    .isEqualTo("503");
        } finally {
            broker.thaw();
        }

        deliver(EVENT_BYTES);
        eventually("a job").until(() -> job(admin.as(key)).status() == 202);
        assertThat(unfitting).isEmpty();
        assertLives();
    }

    /** Whoever keeps each part as an object of its own keeps thirty times as much, or a hundred times. */
    @Test
    void whatComesByteByByteTakesUpNoMoreThanItsBytes() {
        String user = "Authorization: Bearer " + user() + "\r\nContent-Type: application/json\r\nPrefer: respond-async";
        byte[] job = ("{\"prompt\": \"" + "x".repeat(MEBIBYTE - 100) + "\"}").getBytes(StandardCharsets.US_ASCII);
        String event = event(UUID.randomUUID(), 3 * MEBIBYTE);
        String signature = "Stripe-Signature: " + stripe.signature(event, Instant.now());

        List<String> answers = Burst.of(
                8,
                number -> number % 2 == 0
                        ? byteByByte("/api/stripe/webhook", signature, event.getBytes(StandardCharsets.US_ASCII))
                        : byteByByte("/api/jobs", user, job));

        assertThat(answers).allMatch(CrowdedGatewayTest::isFitting);
        assertLives();
    }

    /** Of whom half don't read: what they have asked for stays in memory until they are left. */
    @Test
    void largeListsLeaveRoomForEventsAndForWhoeverReads() throws SQLException, IOException {
        String key = userWithLargeJobs();
        List<Socket> unread = new ArrayList<>();
        try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CALLERS / 2; i++) {
                unread.add(askAndNeverRead(key));
            }
            CompletableFuture<List<Answer>> lists = CompletableFuture.supplyAsync(
                    () -> Burst.of(
                            CALLERS / 2, _ -> insist(200, () -> admin.as(key).get(LARGE_LIST))),
                    readers);

            Burst.of(EVENTS, _ -> deliver(EVENT_BYTES));

            assertThat(lists.join()).allSatisfy(list -> {
                assertThat(list.json().path("data")).isNotEmpty();
                assertThat(list.text("/next_cursor")).isNotEmpty();
            });
        } finally {
            for (Socket socket : unread) {
                socket.close();
            }
        }
        assertThat(unfitting).isEmpty();
        assertLives();
    }

    private String userWithLargeJobs() throws SQLException {
        Answer user = admin.post("/api/users", "{\"name\": \"Sam\"}").expect(201);
        try (Connection connection = database.connect();
                PreparedStatement jobs = connection.prepareStatement("""
                        INSERT INTO api.job (id, status, sender, skill, credit_cost, payout_cents, shadow, prompt, created_at,
                            updated_at, requeues, charged)
                        SELECT gen_random_uuid(), 'queued', ?::uuid, 'research', 2, 100, false, repeat('x', ?), now(), now(), 0, false
                        FROM generate_series(1, 100)""")) {
            jobs.setString(1, user.text("/user/id"));
            jobs.setInt(2, MEBIBYTE);
            jobs.executeUpdate();
        }
        return user.text("/key");
    }

    private Socket askAndNeverRead(String key) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(EVENT_BYTES);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.getOutputStream()
                .write(("GET " + LARGE_LIST + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** Each byte is a chunk. Returns the first line of the answer; empty when the connection was closed before. */
    private String byteByByte(String path, String header, byte[] body) {
        byte[] chunks = new byte[6 * body.length + 5];
        for (int i = 0; i < body.length; i++) {
            byte[] chunk = {'1', '\r', '\n', body[i], '\r', '\n'};
            System.arraycopy(chunk, 0, chunks, 6 * i, 6);
        }
        System.arraycopy("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII), 0, chunks, 6 * body.length, 5);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + header
                            + "\r\nTransfer-Encoding: chunked\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(chunks);
            String line = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            return "";
        }
    }

    /** It would be another one, or none: nobody starts it again. */
    private void assertLives() {
        eventually("readiness").until(gateway::isReady);
        try {
            assertThat(Files.readString(gateway.log())).doesNotContain("OutOfMemory");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String user() {
        return admin.post("/api/users", "{\"name\": \"Sam\"}").expect(201).text("/key");
    }

    /** What somebody has of calls that were answered 2xx. */
    private record Taken(String key, String command) {}

    private Taken call() {
        String idempotencyKey = UUID.randomUUID().toString();
        String key = insist(201, () -> admin.post("/api/users", "{\"name\": \"Sam\"}", idempotencyKey))
                .text("/key");
        Api user = admin.as(key);
        return new Taken(key, insist(202, () -> job(user)).text("/command_id"));
    }

    private static Answer job(Api user) {
        return user.send(user.request("/api/jobs")
                .header("Content-Type", "application/json")
                .header("Prefer", "respond-async")
                .POST(BodyPublishers.ofString("{\"prompt\": \"find it\"}")));
    }

    /** Brings an event as Stripe does: until it is taken. Returns its id. */
    private String deliver(int bytes) {
        UUID id = UUID.randomUUID();
        String event = event(id, bytes);
        insist(200, () -> stripe.deliver(event));
        return "evt_" + id;
    }

    private static String event(UUID id, int bytes) {
        return "{\"id\":\"evt_" + id
                + "\",\"type\":\"customer.updated\",\"data\":{\"object\":{\"id\":\"cus_1\"}},\"x\":\""
                + "x".repeat(bytes) + "\"}";
    }

    private Answer insist(int done, Supplier<Answer> call) {
        List<Answer> last = new ArrayList<>();
        eventually("an answer " + done).until(() -> {
            try {
                Answer answer = call.get();
                last.add(answer);
                if (answer.status() != done) {
                    require(answer);
                }
                return answer.status() == done;
            } catch (UncheckedIOException e) {
                return false; // closed
            }
        });
        return last.getLast();
    }

    /** The status of one call; {@code none} when the connection was closed. */
    private String once(Supplier<Answer> call) {
        try {
            Answer answer = call.get();
            if (answer.status() == 503) {
                require(answer);
            }
            return Integer.toString(answer.status());
        } catch (UncheckedIOException e) {
            return "none";
        }
    }

    private void require(Answer refused) {
        boolean tellsWhen =
                refused.status() == 408 || refused.header("Retry-After").isPresent();
        if (!NOT_NOW.contains(refused.status()) || !tellsWhen) {
            unfitting.add(refused.toString());
        }
    }

    private static boolean isFitting(String answer) {
        return answer.isEmpty() || answer.matches("HTTP/1\\.1 (20[02]|4\\d\\d|503) .*");
    }

    private static Set<String> ids(KafkaLog kafka, String topic) {
        return kafka.read(topic).stream()
                .map(record -> KafkaLog.header(record, Envelope.HEADER_ID))
                .collect(Collectors.toSet());
    }

    /** Sends a large body but for its last byte, and that when it is told. */
    private final class SlowClient {
        private static final byte[] BODY =
                ("{\"prompt\": \"" + "x".repeat(MEBIBYTE - 14) + "\"}").getBytes(StandardCharsets.US_ASCII);

        /** The first line of it; empty when the connection was closed before. */
        final CompletableFuture<String> answer = new CompletableFuture<>();

        SlowClient(String key, ExecutorService threads, CountDownLatch enough) {
            threads.execute(() -> {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    threads.execute(() -> write(key, socket, enough));
                    String line = new BufferedReader(
                                    new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                            .readLine();
                    answer.complete(line == null ? "" : line);
                } catch (IOException e) {
                    answer.complete("");
                }
            });
        }

        private static void write(String key, Socket socket, CountDownLatch enough) {
            try {
                OutputStream out = socket.getOutputStream();
                out.write(("POST /api/jobs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key
                                + "\r\nContent-Type: application/json\r\nPrefer: respond-async\r\nContent-Length: "
                                + BODY.length + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                out.write(BODY, 0, BODY.length - 1);
                enough.await();
                out.write(BODY, BODY.length - 1, 1);
            } catch (IOException e) {
                // closed; its other half knows
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
