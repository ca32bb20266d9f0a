package dev.paymaster.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paymaster.embedded.EmbeddedBroker;
import dev.paymaster.gateway.Http.Answer;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class OverloadTest {
    private static final int PER_CALLER = 5;
    private static final int PER_ADDRESS = 8;
    private static final int WITHOUT_KEY = 250;
    private static final int REQUESTS = 4;
    private static final int CONNECTIONS = 200;
    private static final String STRANGER = "203.0.113.7";
    private static final Duration SOON = Duration.ofSeconds(30);

    private static RunningGateway gateway;
    private static Http admin;
    private final List<Socket> sockets = new ArrayList<>();

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start(
                "gateway_overload",
                EmbeddedBroker.shared(),
                "--limits.per-caller.per-second=1",
                "--limits.per-caller.burst=" + PER_CALLER,
                "--limits.per-address.per-second=1",
                "--limits.per-address.burst=" + PER_ADDRESS,
                "--limits.without-key.per-second=1",
                "--limits.without-key.burst=" + WITHOUT_KEY,
                "--spring.kafka.producer.buffer-memory=128KB",
                "--limits.requests=" + REQUESTS,
                "--limits.connections=" + CONNECTIONS,
                "--limits.unread-answer=1s",
                "--server.forward-headers-strategy=native",
                "--paymaster.request-timeout=60s");
        admin = new Http(gateway.url(), RunningGateway.ADMIN_KEY);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @AfterEach
    void closeSockets() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        awaitInHand(0);
        // Of the client's own some stay open.
        await().atMost(SOON).until(() -> gauge("paymaster.http.connections") < CONNECTIONS / 2);
    }

    @Test
    void oneCallerCannotTakeAllThereIs() {
        Http greedy = user();
        Http other = user();

        assertThat(whoamis(greedy, PER_CALLER)).containsOnly(200);
        List<Integer> more = whoamis(greedy, PER_CALLER);
        assertThat(more).contains(429);
        Answer refused = firstRefused(greedy);
        assertThat(refused.code()).isEqualTo("too_many_requests");
        assertThat(Integer.parseInt(refused.header("Retry-After"))).isEqualTo(1);

        assertThat(other.get("/api/whoami").status()).isEqualTo(200);
        assertThat(whoamis(admin, 2 * PER_CALLER)).containsOnly(200);
        await().atMost(SOON).until(() -> greedy.get("/api/whoami").status() == 200);
    }

    @Test
    void whoTriesKeysIsStoppedAndWhoHasOneIsNot() {
        Http known = user();
        assertThat(from(STRANGER, known).status()).isEqualTo(200);

        List<Integer> tries = new ArrayList<>();
        for (int i = 0; i < 3 * PER_ADDRESS; i++) {
            tries.add(from(STRANGER, admin.as("guess-" + i)).status());
        }

        assertThat(tries.subList(0, PER_ADDRESS)).containsOnly(401);
        assertThat(tries).contains(429);
        assertThat(from(STRANGER, known).status()).isEqualTo(200);
        assertThat(from(STRANGER, admin).status()).isEqualTo(200);
        assertThat(from("198.51.100.1", admin.as("guess")).status()).isEqualTo(401);
        await().atMost(SOON).until(() -> from(STRANGER, admin.as("guess")).status() == 401);
    }

    /** What Stripe has signed is taken from the very same address: it may be a proxy's. */
    @Test
    void whoTriesSignaturesIsStoppedAndStripeIsNot() {
        List<Answer> tries = new ArrayList<>();
        for (int i = 0; i < 3 * PER_ADDRESS; i++) {
            tries.add(event(STRANGER, "evt_guess", i % 2 == 0 ? "t=1,v1=00" : SignedEvents.signature("other")));
        }

        assertThat(tries.subList(0, PER_ADDRESS)).extracting(Answer::status).containsOnly(400);
        assertThat(tries)
                .filteredOn(answer -> answer.status() == 429)
                .isNotEmpty()
                .allSatisfy(refused -> assertThat(refused.header("Retry-After")).isEqualTo("1"));
        assertThat(event(STRANGER, "evt_guess", SignedEvents.signature(SignedEvents.event("evt_guess")))
                        .status())
                .isEqualTo(200);
        assertThat(event("198.51.100.2", "evt_guess", "t=1,v1=00").status()).isEqualTo(400);
        assertThat(from(STRANGER, user()).status()).isEqualTo(200);
        await().atMost(SOON)
                .until(() -> event(STRANGER, "evt_guess", "t=1,v1=00").status() == 400);
    }

    /** As an address does that stops in the middle, too, for whom the server waits. */
    @Test
    void whoCutsBodiesOffIsAStranger() throws IOException {
        double before = refusedEvents();
        for (int i = 0; i < 3 * PER_ADDRESS; i++) {
            send("POST " + SignedEvents.PATH + " HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 203.0.113.8"
                            + "\r\nStripe-Signature: " + SignedEvents.signature("other")
                            + "\r\nContent-Length: 100\r\n\r\n{")
                    .close();
        }
        await().atMost(SOON).until(() -> refusedEvents() == before + 3 * PER_ADDRESS);

        List<Integer> next = new ArrayList<>();
        for (int i = 0; i < PER_ADDRESS; i++) {
            next.add(event("203.0.113.8", "evt_guess", "t=1,v1=00").status());
        }
        assertThat(next).contains(429);
    }

    @Test
    void whoAsksTooOftenForWhatNeedsNoKeyIsStopped() {
        String address = "203.0.113.9";
        String refresh = "/api/stripe/connect/refresh?token=x";
        Http known = user();

        List<Integer> first = new ArrayList<>();
        for (int i = 0; i < WITHOUT_KEY; i++) {
            first.add(at(address, i % 2 == 0 ? refresh : "/nothing").status());
        }

        assertThat(first).containsOnly(404);
        for (String path : List.of(refresh, "/nothing", "/openapi.json", "/index.html")) {
            // One comes back each second.
            Answer refused = Stream.generate(() -> at(address, path))
                    .limit(WITHOUT_KEY)
                    .filter(answer -> answer.status() == 429)
                    .findFirst()
                    .orElseThrow();
            assertThat(refused.code()).isEqualTo("too_many_requests");
            assertThat(refused.header("Retry-After")).isEqualTo("1");
        }
        assertThat(at("198.51.100.3", refresh).status()).isEqualTo(404);
        assertThat(from(address, known).status()).isEqualTo(200);
        assertThat(from(address, admin).status()).isEqualTo(200);
        assertThat(event(address, "evt_page", SignedEvents.signature(SignedEvents.event("evt_page")))
                        .status())
                .isEqualTo(200);
    }

    /** Whoever they are, with as many users' keys as they have; administrators go on, as they do under every limit. */
    @Test
    void allCallsOfAnAddressTogetherHaveALimitOfTheirOwn() {
        String address = "203.0.113.10";
        try (RunningGateway limited = RunningGateway.start(
                "gateway_overload_address",
                EmbeddedBroker.shared(),
                "--limits.all-per-address.per-second=1",
                "--limits.all-per-address.burst=" + PER_ADDRESS,
                "--server.forward-headers-strategy=native")) {
            Http helper = new Http(limited.url(), RunningGateway.ADMIN_KEY);
            List<Http> users = Stream.generate(() -> user(helper)).limit(3).toList();
            List<Answer> answers = new ArrayList<>();
            for (int i = 0; i < 3 * PER_ADDRESS; i++) {
                answers.add(from(address, users.get(i % users.size())));
            }

            assertThat(answers.subList(0, PER_ADDRESS))
                    .extracting(Answer::status)
                    .containsOnly(200);
            assertThat(answers)
                    .filteredOn(answer -> answer.status() == 429)
                    .isNotEmpty()
                    .allSatisfy(
                            refused -> assertThat(refused.header("Retry-After")).isEqualTo("1"));
            for (int i = 0; i < PER_ADDRESS; i++) {
                // Pages, too; one call comes back each second.
                answers.add(helper.as("none").get("/index.html", "X-Forwarded-For", address));
            }
            assertThat(answers.subList(3 * PER_ADDRESS, 4 * PER_ADDRESS))
                    .extracting(Answer::status)
                    .contains(429);
            assertThat(from("198.51.100.4", users.getFirst()).status()).isEqualTo(200);
            assertThat(from(address, helper).status()).isEqualTo(200);
            await().atMost(SOON).until(() -> from(address, users.getFirst()).status() == 200);
        }
    }

    private static Answer at(String address, String path) {
        return admin.as("none").get(path, "X-Forwarded-For", address);
    }

    /** While Kafka is slow, the API may have all of its buffer in hand. */
    @Test
    void eventsHaveABufferThatTheApiCannotFill() {
        String text = "x".repeat(200 << 10);

        Answer job = admin.post("/api/jobs", "{\"prompt\": \"" + text + "\"}");

        assertThat(job.status()).isEqualTo(503);
        assertThat(job.code()).isEqualTo("kafka_unavailable");
        String event =
                "{\"id\":\"evt_large\",\"type\":\"customer.updated\",\"data\":{\"object\":{}},\"x\":\"" + text + "\"}";
        assertThat(new SignedEvents(admin).deliver(event).status()).isEqualTo(200);
    }

    /** Texts may have a mebibyte each; of usual ones a page has as many jobs as were asked for. */
    @Test
    void aPageOfJobsEndsByItsBytes() {
        int mebibyte = 1 << 20;
        int number = 0;
        for (int bytes :
                new int[] {10, 10, 10, mebibyte, mebibyte, mebibyte, mebibyte, mebibyte, mebibyte, 5 * mebibyte}) {
            addJob(++number, bytes);
        }

        assertThat(pagesOfJobs(100))
                .containsExactly(List.of(10L), List.of(9L, 8L, 7L, 6L), List.of(5L, 4L, 3L, 2L, 1L));
        assertThat(pagesOfJobs(3))
                .containsExactly(List.of(10L), List.of(9L, 8L, 7L), List.of(6L, 5L, 4L), List.of(3L, 2L, 1L));
    }

    /** With so many bytes of text: half of them in characters of two. */
    private static void addJob(long number, int bytes) {
        gateway.owner.update("""
                INSERT INTO api.job (id, status, sender, skill, credit_cost, payout_cents, shadow, prompt, criteria, created_at,
                    updated_at, requeues, charged)
                VALUES (?, 'queued', ?, '', 2, 100, false, repeat('x', ?), repeat('é', ?), now(), now(), 0, false)""", new UUID(0, number), new UUID(0, 0), bytes - bytes / 2, bytes / 4);
    }

    /** The numbers of all jobs, page by page. */
    private static List<List<Long>> pagesOfJobs(int limit) {
        List<List<Long>> pages = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            JsonNode page = admin.get("/api/jobs?limit=" + limit + cursor).body();
            pages.add(page.path("data")
                    .valueStream()
                    .map(job -> UUID.fromString(job.path("id").asString()).getLeastSignificantBits())
                    .toList());
            cursor = page.path("next_cursor").isNull()
                    ? null
                    : "&cursor=" + page.path("next_cursor").asString();
        }
        return pages;
    }

    private static double refusedEvents() {
        return gateway.bean(MeterRegistry.class)
                .get("paymaster.webhook.events")
                .tag("outcome", "refused")
                .counter()
                .count();
    }

    private static Answer event(String address, String id, String signature) {
        return admin.post(
                SignedEvents.PATH, SignedEvents.event(id), "Stripe-Signature", signature, "X-Forwarded-For", address);
    }

    @Test
    void oneCustomerOfAProviderIsOneStrangerWithAllItsAddresses() {
        List<Integer> tries = new ArrayList<>();
        for (int i = 0; i < 3 * PER_ADDRESS; i++) {
            tries.add(from("2001:db8:0:1::" + i, admin.as("guess-" + i)).status());
        }

        assertThat(tries).contains(429);
        assertThat(from("2001:db8:0:2::1", admin.as("guess")).status()).isEqualTo(401);
    }

    /** As a proxy hands it on. */
    private static Answer from(String address, Http who) {
        return who.get("/api/whoami", "X-Forwarded-For", address);
    }

    @Test
    void whatIsAboveCapacityIsTurnedAwayAndEventsAreNot() throws IOException {
        takeAll();

        Answer refused = admin.get("/api/whoami");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.code()).isEqualTo("overloaded");
        assertThat(refused.header("Retry-After")).isEqualTo("1");
        assertThat(new SignedEvents(admin)
                        .deliver(SignedEvents.event("evt_beside"))
                        .status())
                .isEqualTo(200);

        closeSockets();
        assertThat(admin.get("/api/whoami").status()).isEqualTo(200);
    }

    @Test
    void whoeverWouldWaitWhenHalfOfThePlacesWaitHearsAtOnce() {
        await().atMost(SOON).untilAsserted(() -> {
            List<CompletableFuture<Answer>> waiting = List.of(job(user()), job(user())); // nobody applies jobs here
            await().until(() -> gauge("paymaster.gateway.waits") == REQUESTS / 2);

            assertThat(job(user()).join().status()).isEqualTo(202);

            // They wait still, so the last one didn't.
            assertThat(gauge("paymaster.gateway.waits")).isEqualTo(REQUESTS / 2);
            assertThat(waiting).noneMatch(CompletableFuture::isDone);
            waiting.forEach(CompletableFuture::join);
        });
    }

    private static CompletableFuture<Answer> job(Http who) {
        return who.postAsync("/api/jobs", "{\"prompt\": \"find it\"}");
    }

    @Test
    void healthIsToldWhileAllIsTaken() throws IOException {
        takeAll();

        Http management = gateway.management();
        assertThat(management.get("/actuator/health/liveness").status()).isEqualTo(200);
    }

    @Test
    void oneCallerHasHalfOfThePlacesAtTheMost() throws IOException {
        Http greedy = user();
        for (int i = 0; i < REQUESTS; i++) {
            send(promisedBody(greedy.key()));
        }
        awaitInHand(REQUESTS / 2);

        assertThat(admin.get("/api/whoami").status()).isEqualTo(200);
    }

    @Test
    void manyRequestsOfOneConnectionAreOneConnection() throws IOException {
        assertThat(whoamis(admin, 2 * CONNECTIONS)).containsOnly(200);

        assertThat(gauge("paymaster.http.connections")).isLessThan(CONNECTIONS / 2);
    }

    @Test
    void connectionsThatSayNothingAreBoundedToo() throws IOException {
        List<Socket> open = new ArrayList<>();
        for (int i = 0; i < 2 * CONNECTIONS; i++) {
            open.add(send(""));
        }
        Socket last = open.getLast();
        assertThat(firstByte(last)).isNegative();
    }

    @Test
    void connectionsAreBounded() throws IOException {
        List<Socket> open = new ArrayList<>();
        for (int i = 0; i < 2 * CONNECTIONS; i++) {
            open.add(send(whoami()));
        }

        int answered = 0;
        for (Socket socket : open) {
            if (firstByte(socket) >= 0) {
                answered++;
            }
        }
        assertThat(answered).isBetween(1, CONNECTIONS);

        closeSockets();
        assertThat(admin.get("/api/whoami").status()).isEqualTo(200);
    }

    @Test
    void whoDoesNotReadIsLeft() throws IOException {
        Socket silent = send("GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(200));
        awaitInHand(1);

        // Far sooner than a client that reads would need this for, and without a byte read.
        awaitInHand(0);
        assertThat(silent.isClosed()).isFalse();
    }

    private void takeAll() throws IOException {
        for (int i = 0; i < REQUESTS; i++) {
            send(promisedBody(RunningGateway.ADMIN_KEY));
        }
        awaitInHand(REQUESTS);
    }

    private static String promisedBody(String key) {
        return "POST /api/jobs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key
                + "\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
    }

    private static String whoami() {
        return "GET /api/whoami HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + RunningGateway.ADMIN_KEY
                + "\r\n\r\n";
    }

    private static int firstByte(Socket socket) {
        try {
            return socket.getInputStream().read();
        } catch (IOException e) {
            return -1; // reset
        }
    }

    private Socket send(String request) throws IOException {
        Socket socket = new Socket(gateway.url().getHost(), gateway.url().getPort());
        sockets.add(socket);
        socket.setSoTimeout((int) SOON.toMillis());
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static void awaitInHand(int count) {
        await().atMost(SOON).until(() -> gauge("paymaster.http.in.hand") == count);
    }

    private static double gauge(String name) {
        return gateway.bean(MeterRegistry.class).get(name).gauge().value();
    }

    private static List<Integer> whoamis(Http who, int count) {
        List<Integer> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            answers.add(who.get("/api/whoami").status());
        }
        return answers;
    }

    private static Answer firstRefused(Http who) {
        for (int i = 0; i < 10 * PER_CALLER; i++) {
            Answer answer = who.get("/api/whoami");
            if (answer.status() == 429) {
                return answer;
            }
        }
        throw new AssertionError("never refused");
    }

    private static Http user() {
        return user(admin);
    }

    private static Http user(Http administrator) {
        Answer made = administrator.post(
                "/api/users",
                "{\"name\": \"" + UUID.randomUUID() + "\"}",
                "Idempotency-Key",
                UUID.randomUUID().toString());
        return administrator.as(made.body().path("key").asString());
    }
}
