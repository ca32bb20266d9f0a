package dev.paymaster.stripesandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paymaster.stripesandbox.state.Json;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Stripe's contract: nothing before execution is saved, everything after it is. */
class IdempotencyTest {
    private Running running;

    @BeforeEach
    void start() {
        running = new Running();
    }

    @AfterEach
    void stop() {
        running.close();
    }

    @Test
    void replaysTheFirstAnswer() {
        HttpResponse<String> first = create("name=a&email=b@example.com", "key-1");
        HttpResponse<String> again = create("email=b@example.com&name=a", "key-1");

        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.headers().firstValue("Idempotent-Replayed")).contains("true");
        assertThat(again.headers().firstValue("Original-Request"))
                .isEqualTo(first.headers().firstValue("Request-Id"));
        assertThat(first.headers().firstValue("Idempotent-Replayed")).isEmpty();
        assertThat(again.headers().firstValue("Idempotency-Key")).contains("key-1");
        assertThat(customers()).isEqualTo(1);
    }

    @Test
    void refusesTheKeyForAnotherBodyOrEndpoint() {
        create("name=a", "key-1");

        HttpResponse<String> otherBody = create("name=b", "key-1");
        HttpResponse<String> otherEndpoint = running.form("POST", "/v1/products", "name=a", "Idempotency-Key", "key-1");

        assertThat(otherBody.statusCode()).isEqualTo(400);
        assertThat(otherBody.body()).contains("idempotency_error");
        assertThat(otherEndpoint.statusCode()).isEqualTo(400);
        assertThat(otherEndpoint.body()).contains("idempotency_error");
    }

    @Test
    void savesARefusalOfExecution() throws Exception {
        String account = running.payable().getId();
        String form = "amount=100&currency=usd&destination=" + account;

        HttpResponse<String> first = running.form("POST", "/v1/transfers", form, "Idempotency-Key", "key-1");
        running.fund(1_000);
        HttpResponse<String> again = running.form("POST", "/v1/transfers", form, "Idempotency-Key", "key-1");
        HttpResponse<String> nextKey = running.form("POST", "/v1/transfers", form, "Idempotency-Key", "key-2");

        assertThat(first.body()).contains("balance_insufficient");
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.statusCode()).isEqualTo(400);
        assertThat(nextKey.statusCode()).isEqualTo(200);
    }

    @Test
    void doesNotSaveARefusalOfParameters() {
        assertThat(create("nmae=a", "key-1").statusCode()).isEqualTo(400);
        assertThat(create("name=a", "key-1").statusCode()).isEqualTo(200);
    }

    @Test
    void doesNotSaveARateLimit() {
        running.faults("{\"kind\":\"rate_limit\",\"times\":1}");

        HttpResponse<String> limited = create("name=a", "key-1");

        assertThat(limited.statusCode()).isEqualTo(429);
        assertThat(limited.headers().firstValue("Stripe-Rate-Limited-Reason")).contains("endpoint-rate");
        assertThat(create("name=b", "key-1").statusCode()).isEqualTo(200);
    }

    @Test
    void savesAFailureBeforeAndAfterTheEffect() {
        running.faults("{\"kind\":\"error_before\",\"times\":1}");
        assertThat(create("name=a", "before").statusCode()).isEqualTo(500);
        assertThat(create("name=a", "before").statusCode()).isEqualTo(500);
        assertThat(customers()).isZero();

        running.faults("{\"kind\":\"error_after\",\"times\":1}");
        assertThat(create("name=a", "after").statusCode()).isEqualTo(500);
        assertThat(create("name=a", "after").headers().firstValue("Idempotent-Replayed"))
                .contains("true");
        assertThat(customers()).isEqualTo(1);
    }

    @Test
    void refusesAKeyInFlight() {
        running.faults("{\"kind\":\"latency\",\"millis\":1500,\"times\":1}");
        CompletableFuture<HttpResponse<String>> slow = CompletableFuture.supplyAsync(() -> create("name=a", "key-1"));
        await().atMost(Duration.ofSeconds(5))
                .until(() -> running.control("GET", "/_sandbox/faults", "")
                                .at("/rules/0/hits")
                                .asInt()
                        == 1);

        HttpResponse<String> meanwhile = create("name=a", "key-1");

        assertThat(meanwhile.statusCode()).isEqualTo(409);
        assertThat(meanwhile.body()).contains("idempotency_key_in_use");
        assertThat(slow.join().statusCode()).isEqualTo(200);
        assertThat(create("name=a", "key-1").body()).isEqualTo(slow.join().body());
    }

    @Test
    void hasOneEffectForManyAtOnce() {
        List<CompletableFuture<HttpResponse<String>>> calls;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            calls = IntStream.range(0, 50)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> create("name=a", "key-1"), threads))
                    .toList();
        }

        assertThat(calls)
                .allSatisfy(call -> assertThat(call.join().statusCode()).isIn(200, 409));
        assertThat(customers()).isEqualTo(1);
    }

    @Test
    void spendsTheBalanceExactlyOnce() throws Exception {
        String form = "amount=100&currency=usd&destination=" + running.payable().getId();
        running.fund(2_500);
        List<CompletableFuture<HttpResponse<String>>> calls;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            calls = IntStream.range(0, 50)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> running.form("POST", "/v1/transfers", form, "Idempotency-Key", "key-" + i), threads))
                    .toList();
        }

        assertThat(calls.stream().filter(call -> call.join().statusCode() == 200))
                .hasSize(25);
        assertThat(running.stripe
                        .v1()
                        .balance()
                        .retrieve()
                        .getAvailable()
                        .getFirst()
                        .getAmount())
                .isZero();
    }

    @Test
    void forgetsAKeyAfterADay() {
        create("name=a", "key-1");
        running.advance(Duration.ofHours(25));

        HttpResponse<String> later = create("name=b", "key-1");

        assertThat(later.statusCode()).isEqualTo(200);
        assertThat(customers()).isEqualTo(2);
    }

    @Test
    void refusesAKeyThatIsTooLong() {
        assertThat(create("name=a", "k".repeat(256)).statusCode()).isEqualTo(400);
        assertThat(create("name=a", "k".repeat(255)).statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> create(String form, String key) {
        return running.form("POST", "/v1/customers", form, "Idempotency-Key", key);
    }

    private int customers() {
        return Json.MAPPER
                .readTree(running.form("GET", "/v1/customers?limit=100", "").body())
                .path("data")
                .size();
    }
}
