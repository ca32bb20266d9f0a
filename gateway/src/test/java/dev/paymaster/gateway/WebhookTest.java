package dev.paymaster.gateway;

import static dev.paymaster.gateway.SignedEvents.PATH;
import static dev.paymaster.gateway.SignedEvents.event;
import static dev.paymaster.gateway.SignedEvents.signature;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paymaster.embedded.EmbeddedBroker;
import dev.paymaster.events.Envelope;
import dev.paymaster.events.Topics;
import dev.paymaster.gateway.Http.Answer;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class WebhookTest {
    private static final EmbeddedBroker BROKER = EmbeddedBroker.startTemporary();

    /** More than would be let in if each were taken at its word. */
    private static final int MANY = 40;

    private static final int LARGEST = 4 << 20;

    /** As much as may come of a body that isn't large. */
    private static final int PART = 255 << 10;

    private static final String STRANGER = "203.0.113.9";

    /** Longer than a request may take, and no condition: it ends a test that would never end. */
    private static final Duration SOON = Duration.ofSeconds(30);

    /** Two seconds, and as much again several times for a loaded machine; Kafka's clients would try for two minutes. */
    private static final Duration IN_TIME = Duration.ofSeconds(10);

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static RunningGateway gateway;
    private static Http stripe;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start(
                "gateway_webhook",
                BROKER,
                "--paymaster.request-timeout=2s",
                "--server.forward-headers-strategy=native");
        stripe = new Http(gateway.url(), "none");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        BROKER.close();
    }

    @Test
    void handsTheBytesToKafkaAsTheyWereSigned() {
        String body = "{\"id\":\"evt_1\",  \"type\":\"invoice.paid\",\n\"data\":{\"object\":{\"id\":\"in_1\","
                + "\"customer\":\"cus_1\",\"name\":\"Zoë\\u0000\"}},\"id2\":1.0}";
        try (ScriptedWorker topic = new ScriptedWorker(gateway, Topics.STRIPE_EVENTS)) {
            Answer answer = deliver(body);

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.raw().body()).isEqualTo("{\"received\":true}");
            ConsumerRecord<byte[], byte[]> record = topic.next();
            assertThat(new String(record.value(), StandardCharsets.UTF_8)).isEqualTo(body);
            assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("cus_1");
            assertThat(ScriptedWorker.header(record, Envelope.HEADER_ID)).isEqualTo("evt_1");
            assertThat(ScriptedWorker.header(record, Envelope.HEADER_TYPE)).isEqualTo("stripe.invoice.paid");
            assertThat(ScriptedWorker.header(record, Envelope.HEADER_SUBJECT)).isEqualTo("in_1");
        }
    }

    @Test
    void publishesNothingThatStripeHasNotSigned() {
        String body = event("evt_bad");
        try (ScriptedWorker topic = new ScriptedWorker(gateway, Topics.STRIPE_EVENTS)) {
            assertThat(stripe.post(PATH, body).status()).isEqualTo(400);
            assertThat(stripe.post(PATH, body, "Stripe-Signature", "t=1,v1=00").status())
                    .isEqualTo(400);
            assertThat(stripe.post(PATH, body, "Stripe-Signature", signature(body + " "))
                            .status())
                    .isEqualTo(400);
            assertThat(deliver("[]").status()).isEqualTo(400);
            assertThat(deliver("").status()).isEqualTo(400);

            assertThat(deliver(event("evt_good")).status()).isEqualTo(200);
            assertThat(ScriptedWorker.header(topic.next(), Envelope.HEADER_ID)).isEqualTo("evt_good");
        }
    }

    @Test
    void opensNothingButItself() {
        assertThat(stripe.get(PATH).status()).isEqualTo(401);
        assertThat(stripe.delete(PATH).status()).isEqualTo(401);
        assertThat(stripe.post(PATH + "/x", "").status()).isEqualTo(401);
        assertThat(stripe.post(PATH + "/../checkout", "").status()).isIn(400, 401);
        assertThat(stripe.post(PATH + ";x=1/../checkout", "").status()).isIn(400, 401);
        assertThat(stripe.post("/api/stripe/checkout", "").status()).isEqualTo(401);
    }

    @Test
    void takesLargeEventsAndRefusesLargerOnes() throws Exception {
        for (int excess : List.of(0, 1)) {
            byte[] event = eventOf(LARGEST + excess);
            int expected = excess == 0 ? 200 : 413;

            assertThat(deliver(BodyPublishers.ofByteArray(event), event)).isEqualTo(expected);
            assertThat(deliver(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(event)), event))
                    .as("in chunks")
                    .isEqualTo(expected);
        }
    }

    private static byte[] eventOf(int bytes) {
        String begin = "{\"x\":\"";
        String rest = "\",\"type\":\"x\",\"id\":\"evt_large\"}";
        return (begin + "y".repeat(bytes - begin.length() - rest.length()) + rest).getBytes(StandardCharsets.US_ASCII);
    }

    /** Nothing is unpacked: what is signed are the bytes as they come, and a small body may become a large one. */
    @Test
    void refusesWhatIsCompressed() throws Exception {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write(event("evt_zipped").getBytes(StandardCharsets.US_ASCII));
        }
        BodyPublisher body = BodyPublishers.ofByteArray(zipped.toByteArray());

        assertThat(deliver(body, zipped.toByteArray(), "Content-Encoding", "gzip"))
                .isEqualTo(400);
        HttpRequest api = HttpRequest.newBuilder(gateway.url().resolve("/api/users"))
                .headers("Authorization", "Bearer " + RunningGateway.ADMIN_KEY)
                .headers("Content-Type", "application/json", "Content-Encoding", "gzip")
                .POST(body)
                .build();
        assertThat(CLIENT.send(api, BodyHandlers.discarding()).statusCode()).isEqualTo(400);
    }

    @Test
    void refusesAHeaderThatIsTooLarge() throws IOException {
        String answer;
        try (Socket socket = new Socket(gateway.url().getHost(), gateway.url().getPort())) {
            socket.setSoTimeout((int) SOON.toMillis());
            socket.getOutputStream()
                    .write(("GET /api/whoami HTTP/1.1\r\nHost: localhost\r\nX-Large: " + "x".repeat(64 << 10)
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (SocketException e) {
            answer = "closed: " + e.getMessage();
        }

        assertThat(answer).matches("(?s)((HTTP/1\\.1 4\\d\\d |closed: ).*)?");
        assertThat(stripe.get("/api/whoami").status()).isEqualTo(401);
    }

    @Test
    void waitsForNoBodyForEver() throws IOException {
        double before = refused();
        try (Socket slow = connect()) {
            write(slow, head(LARGEST));

            assertThat(drip(slow)).startsWith("HTTP/1.1 408").contains("\"too_slow\"");
        }
        assertThat(refused()).isGreaterThan(before);
    }

    private static double refused() {
        return gateway.bean(MeterRegistry.class)
                .get("paymaster.webhook.events")
                .tag("outcome", "refused")
                .counter()
                .count();
    }

    /** Its body never comes, which would be another answer. */
    @Test
    void readsNoBodyForWhatStripeCannotHaveSigned() throws IOException {
        try (Socket stranger = connect()) {
            write(stranger, "POST " + PATH + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{");

            assertThat(rest(stranger)).startsWith("HTTP/1.1 400").contains("\"invalid_signature\"");
        }
    }

    /** Whoever waits between two requests is not meant. */
    @Test
    void waitsForNoHeadForEver() throws IOException {
        String whole = "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n";
        try (Socket idle = connect();
                Socket first = connect();
                Socket second = connect()) {
            write(idle, head(0));
            assertThat(idle.getInputStream().read()).isPositive();
            write(first, "GET / HTTP/1.1\r\nX: ");
            write(second, whole + "\r\n" + whole);

            drip(first);
            drip(second);

            write(idle, whole + "Connection: close\r\n\r\n");
            assertThat(rest(idle)).contains("HTTP/1.1 200");
        }
    }

    /** Sends a byte now and then, until the other side has closed, and returns what that has said. */
    private static String drip(Socket socket) throws IOException {
        StringBuilder said = new StringBuilder();
        socket.setSoTimeout(100);
        long end = System.nanoTime() + SOON.toNanos();
        while (System.nanoTime() < end) {
            try {
                write(socket, "x");
                int next = socket.getInputStream().read();
                while (next >= 0) {
                    said.append((char) next);
                    next = socket.getInputStream().read();
                }
                return said.toString();
            } catch (SocketTimeoutException e) {
                // still open
            } catch (SocketException e) {
                return said.toString(); // reset
            }
        }
        throw new AssertionError("what never ends is waited for");
    }

    @Test
    void isNotTakenUpByWhoeverOnlyPromisesMuch() throws IOException {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < MANY; i++) {
                Socket socket = connect();
                silent.add(socket);
                write(socket, head(LARGEST) + "{");
            }

            // Sent until the server has surely seen the others: as many events as they are connections.
            for (int i = 0; i < MANY; i++) {
                assertThat(deliver(event("evt_beside_" + i)).status()).isEqualTo(200);
            }
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    /** All that there is room for, of one address; Stripe sends from others. */
    @Test
    void isNotTakenUpByOneAddressThatStopsInTheMiddle() throws IOException {
        List<Socket> stopped = new ArrayList<>();
        try {
            int next = 0;
            while (next != 503) {
                for (int i = 0; i < MANY; i++) {
                    stopped.add(stopAfter(PART));
                }
                // What is left then is less than any of these.
                for (int part = PART; part > 32; part /= 2) {
                    stopped.add(stopAfter(part));
                }
                next = stripe.post(
                                PATH,
                                "x".repeat(1000),
                                "Stripe-Signature",
                                signature("of another body"),
                                "X-Forwarded-For",
                                STRANGER)
                        .status();
            }

            for (int i = 0; i < MANY; i++) {
                String event = new String(eventOf(4000), StandardCharsets.US_ASCII);
                assertThat(deliver(event).status()).isEqualTo(200);
            }
        } finally {
            for (Socket socket : stopped) {
                socket.close();
            }
        }
    }

    private static Socket stopAfter(int bytes) throws IOException {
        Socket socket = connect();
        try {
            write(socket, head(LARGEST).replace("\r\n\r\n", "\r\nX-Forwarded-For: " + STRANGER + "\r\n\r\n"));
            socket.getOutputStream().write(new byte[bytes]);
        } catch (SocketException e) {
            // told already that too much is being read
        }
        return socket;
    }

    /** Each time more than may be in hand at once, by clients that are gone before they have sent it all. */
    @Test
    void forgetsWhatWasNotSentToItsEnd() throws Exception {
        byte[] half = eventOf(LARGEST / 2);
        try (ScriptedWorker topic = new ScriptedWorker(gateway, Topics.STRIPE_EVENTS)) {
            for (int i = 0; i < MANY; i++) {
                try (Socket socket = connect()) {
                    // What has come is an event, and signed.
                    write(socket, head(LARGEST, signature(half)));
                    socket.getOutputStream().write(half);
                } catch (SocketException e) {
                    // told already that too much is being read
                }
            }

            byte[] large = eventOf(LARGEST);
            await().atMost(SOON).until(() -> deliver(BodyPublishers.ofByteArray(large), large) == 200);
            assertThat(topic.next().value()).isEqualTo(large);
        }
    }

    private static Socket connect() throws IOException {
        Socket socket = new Socket(gateway.url().getHost(), gateway.url().getPort());
        socket.setSoTimeout((int) SOON.toMillis());
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Of a request that may be Stripe's, as far as can be told before its body is there. */
    private static String head(int bytes) {
        return head(bytes, signature("of another body"));
    }

    private static String head(int bytes, String signature) {
        return "POST " + PATH + " HTTP/1.1\r\nHost: localhost\r\nStripe-Signature: " + signature
                + "\r\nContent-Length: " + bytes + "\r\n\r\n";
    }

    @Test
    void asksStripeToComeAgainWhileKafkaIsAway() {
        BROKER.stop();
        try {
            await().atMost(SOON).untilAsserted(() -> {
                List<CompletableFuture<Answer>> events = Stream.generate(() -> deliverAsync(event("evt_lost")))
                        .limit(MANY)
                        .toList();
                assertThat(stripe.get("/api/whoami").status()).isEqualTo(401);

                // One after the other on its event loops, they would take longer.
                assertThat(events)
                        .map(event -> event.orTimeout(IN_TIME.toSeconds(), TimeUnit.SECONDS)
                                .join())
                        .allSatisfy(answer -> {
                            assertThat(answer.status()).isEqualTo(503);
                            assertThat(answer.code()).isEqualTo("kafka_unavailable");
                            assertThat(answer.header("Retry-After")).isEqualTo("1");
                        });
            });
        } finally {
            BROKER.start();
        }
        await().atMost(SOON).until(() -> deliver(event("evt_again")).status() == 200);
    }

    private static int deliver(BodyPublisher body, byte[] signed, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(gateway.url().resolve(PATH))
                .header("Stripe-Signature", signature(signed))
                .POST(body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), BodyHandlers.discarding()).statusCode();
    }

    private static CompletableFuture<Answer> deliverAsync(String body) {
        return stripe.postAsync(PATH, body, "Stripe-Signature", signature(body));
    }

    private static Answer deliver(String body) {
        return new SignedEvents(stripe).deliver(body);
    }
}
