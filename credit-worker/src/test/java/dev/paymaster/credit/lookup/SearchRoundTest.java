package dev.paymaster.credit.lookup;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.credit.BillingDatabase;
import dev.paymaster.messaging.Codec;
import dev.paymaster.messaging.outbox.Outgoing;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.retry.Retry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class SearchRoundTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    private static BillingDatabase database;

    @BeforeAll
    static void migrate() {
        database = new BillingDatabase("search_round_test");
    }

    @AfterAll
    static void close() {
        database.close();
    }

    /** Refunds say none: told as those of a test, refunds of real money would be refused. */
    @Test
    void tellsOfWhatItFindsInTheModeThatTheObjectSays() {
        List<JsonNode> told = told(
                object("{\"id\": \"inpay_1\", \"livemode\": true}"),
                object("{\"id\": \"inpay_2\", \"livemode\": false}"),
                object("{\"id\": \"re_1\", \"object\": \"refund\"}"));

        assertThat(told).extracting(event -> event.path("livemode").toString()).containsExactly("true", "false", "");
    }

    private static List<JsonNode> told(ObjectNode... found) {
        Lookups lookups = new Lookups(new JdbcTemplate(database.pool()), Duration.ZERO);
        lookups.ask(Set.of(new Lookup(Lookup.Kind.CUSTOMER, "cus_1")), NOW);
        List<Finding> findings = Stream.of(found)
                .map(object -> new Finding("refund.updated", object))
                .toList();
        List<Outgoing> published = new ArrayList<>();
        StripeGuard guard = new StripeGuard(
                CircuitBreaker.ofDefaults("test"), RateLimiter.ofDefaults("test"), Retry.ofDefaults("test"));

        new SearchRound(
                        lookups,
                        _ -> new Answer.Found(findings),
                        guard,
                        published::addAll,
                        new SimpleMeterRegistry(),
                        () -> NOW)
                .run();

        return published.stream()
                .map(record -> Codec.json().readTree(requireNonNull(record.value())))
                .toList();
    }

    private static ObjectNode object(String json) {
        return (ObjectNode) Codec.json().readTree(json);
    }
}
