package dev.paymaster.credit;

import static dev.paymaster.credit.stripe.StripeJson.STARTER;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.credit.stripe.StripeJson;
import dev.paymaster.embedded.EmbeddedBroker;
import dev.paymaster.messaging.Codec;
import dev.paymaster.messaging.DecisionTime;
import dev.paymaster.stripesandbox.SandboxSettings;
import dev.paymaster.stripesandbox.StripeSandbox;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Stripe is away, slow or unwilling while it is asked for what events don't say. */
@Tag("long")
class LookupOutageTest {
    private static final Instant NOVEMBER = Instant.parse("2026-11-01T00:00:00Z");
    private static final Instant DECEMBER = Instant.parse("2026-12-01T00:00:00Z");

    /** More than a round looks up. */
    private static final int CUSTOMERS = 30;

    /** Enough calls to see that Stripe is away, and one each time to see whether it is back; not one for each customer. */
    private static final int FEW = 12;

    /** Less than half a minute, after which a question that had no answer comes up again by itself. */
    private static final Duration SOON = Duration.ofSeconds(25);

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** How far the service's time is ahead. */
    private static volatile Duration passed = Duration.ZERO;

    private static StripeSandbox stripe;
    private static CreditWorld world;

    @BeforeAll
    static void start() {
        stripe = StripeSandbox.start(SandboxSettings.defaults());
        DecisionTime time = () -> Instant.now().plus(passed);
        world = new CreditWorld(
                "credit_lookup_outage",
                EmbeddedBroker.shared(),
                stripe.secretKey(),
                Map.of("decisionTime", time),
                "--stripe.api-base=" + stripe.baseUrl(),
                "--resilience4j.ratelimiter.instances.lookups.limit-for-period=1000",
                "--timers.lookups=100ms",
                "--timers.lookups-after=0s",
                "--stripe.read-timeout=4s",
                // Each of these tests has one failure beside one success.
                "--resilience4j.circuitbreaker.instances.lookups.failure-rate-threshold=80",
                "--resilience4j.circuitbreaker.instances.lookups.wait-duration-in-open-state=1s",
                "--resilience4j.circuitbreaker.instances.lookups.exponential-max-wait-duration-in-open-state=2s");
    }

    @AfterEach
    void heal() throws Exception {
        control("DELETE", "");
    }

    @AfterAll
    static void stop() {
        world.close();
        stripe.close();
    }

    @Test
    void anOutageIsMetWithFewCallsAndAllIsAppliedAfterIt() throws Exception {
        control("PUT", "{\"rules\": [{\"kind\": \"error_before\", \"path\": \"/v1/customers/*\"}]}");
        List<UUID> users = new ArrayList<>();
        for (int i = 0; i < CUSTOMERS; i++) {
            users.add(paidByAStranger());
        }
        world.settle();
        Instant begin = Instant.now();

        Awaitility.await().atMost(SOON).until(() -> calls() > 0 && Instant.now().isAfter(begin.plusSeconds(5)));
        assertThat(calls()).isBetween(2, FEW);
        assertThat(world.number("SELECT count(*) FROM billing.lookup WHERE tries = 0"))
                .as("questions that were not spent on a Stripe that is away")
                .isGreaterThan(CUSTOMERS - FEW);

        control("DELETE", "");
        assertThat(world.number("SELECT count(*) FROM billing.lookup WHERE due_at > now() + interval '30 seconds'"))
                .as("questions that are put off for long")
                .isZero();
        passed = passed.plusSeconds(30);
        users.forEach(user -> awaitCredits(user, Duration.ofSeconds(60)));
        Awaitility.await()
                .untilAsserted(() -> assertThat(world.number("SELECT count(*) FROM billing.lookup"))
                        .isZero());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"kind\": \"rate_limit\"",
                "\"kind\": \"error_before\"",
                "\"kind\": \"drop_request\"",
                "\"kind\": \"truncate_response\"",
                "\"kind\": \"html_body\"",
                "\"kind\": \"html_body\", \"status\": 200",
                "\"kind\": \"latency\", \"millis\": 6000"
            })
    void oneCallThatFailsIsRepeatedSoon(String fault) throws Exception {
        control("PUT", "{\"rules\": [{" + fault + ", \"path\": \"/v1/customers/*\", \"times\": 1}]}");

        awaitCredits(paidByAStranger(), SOON);

        assertThat(calls()).isEqualTo(1);
    }

    /** An invoice of a customer whom Stripe alone can name. */
    private static UUID paidByAStranger() throws Exception {
        UUID user = UUID.randomUUID();
        HttpRequest create = request("/v1/customers")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(URLEncoder.encode("metadata[user_id]", UTF_8) + "=" + user))
                .build();
        String customer = sent(create).path("id").stringValue();
        String event = "evt_" + user;
        String invoice = StripeJson.invoice(
                "in_" + user, customer, "sub_" + user, null, false, StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER));
        world.stripe(customer, event, "invoice.paid", StripeJson.event(event, "invoice.paid", invoice));
        return user;
    }

    /** How often the fault in force has struck. */
    private static int calls() throws Exception {
        return control("GET", "").at("/rules/0/hits").intValue();
    }

    private static JsonNode control(String method, String json) throws Exception {
        return sent(request("/_sandbox/faults")
                .method(method, json.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(json))
                .build());
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(stripe.baseUrl() + path))
                .header("Authorization", "Bearer " + stripe.secretKey());
    }

    private static JsonNode sent(HttpRequest request) throws IOException, InterruptedException {
        var response = HTTP.send(request, BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Codec.json().readTree(response.body());
    }

    private static void awaitCredits(UUID user, Duration patience) {
        Awaitility.await()
                .atMost(patience)
                .untilAsserted(() -> assertThat(world.available(user)).isEqualTo(50));
    }
}
