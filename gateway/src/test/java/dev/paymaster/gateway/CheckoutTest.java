package dev.paymaster.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paymaster.embedded.EmbeddedBroker;
import dev.paymaster.gateway.Http.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

/** Selling, with a Stripe whose answers take as long as the test wants. */
@ExtendWith(OutputCaptureExtension.class)
class CheckoutTest {
    private static final String SESSIONS = "/v1/checkout/sessions";

    private static final String LATENCY = ", \"min_millis\": 500, \"max_millis\": 500";

    private static final Sandbox STRIPE = new Sandbox();
    private static RunningGateway gateway;
    private Http buyer;
    private String buyerId;

    @BeforeAll
    static void start() {
        List<String> settings = new ArrayList<>(List.of(STRIPE.settings()));
        // What was asked for it before is still paid by those who have subscribed then.
        settings.add("--stripe.prices.starter=" + STRIPE.price("starter") + ", price_before");
        gateway = RunningGateway.start("gateway_checkout", EmbeddedBroker.shared(), settings.toArray(String[]::new));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        STRIPE.close();
    }

    @BeforeEach
    void makeBuyer() {
        Http admin = new Http(gateway.url(), RunningGateway.ADMIN_KEY);
        Answer made = admin.post("/api/users", "{\"name\": \"Bob\"}");
        buyer = admin.as(made.body().path("key").asString());
        buyerId = made.body().path("user").path("id").asString();
    }

    @AfterEach
    void heal() {
        STRIPE.heal();
    }

    @Test
    void sellsATierAtTheFirstOfItsPrices() {
        Answer begun = buy("starter");
        STRIPE.pay(begun);

        String invoice = STRIPE.get("/v1/checkout/sessions/"
                        + begun.body().path("session_id").asString())
                .path("invoice")
                .asString();
        assertThat(STRIPE.get("/v1/invoices/" + invoice)
                        .at("/lines/data/0/pricing/price_details/price")
                        .asString())
                .isEqualTo(STRIPE.price("starter"));
    }

    /** Of whatever is sold or paid, and for as long as the user has that address. */
    @ParameterizedTest
    @ValueSource(strings = {"checkout {\"tier\":\"starter\"}", "topups {\"pack\":\"small\"}", "connect {}"})
    void saysWhatToDoAboutAnAddressThatStripeDoesNotTake(String call, CapturedOutput log) {
        Http admin = new Http(gateway.url(), RunningGateway.ADMIN_KEY);
        Answer made = admin.post("/api/users", "{\"name\": \"Bob\", \"email\": \"bob@home\"}");

        Answer refused = admin.as(made.body().path("key").asString())
                .post("/api/stripe/" + call.replaceFirst(" .*", ""), call.replaceFirst("\\S+ ", ""));

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("email_invalid");
        assertThat(refused.body().path("detail").asString()).contains("make the user anew");
        assertThat(log)
                .containsPattern(
                        "a call to Stripe failed: InvalidRequestException, code email_invalid, status 400, request req_")
                .doesNotContain("bob@home");
    }

    /** Its settings have changed between the call whose answer was lost and its repetition. */
    @ParameterizedTest
    @ValueSource(strings = {"checkout {\"tier\":\"pro\"}", "topups {\"pack\":\"small\"}"})
    void repeatsTheAnswerAboutWhatIsNotSoldAnyMore(String call) {
        String path = "/api/stripe/" + call.replaceFirst(" .*", "");
        String body = call.replaceFirst("\\S+ ", "");
        Answer first = buyer.post(path, body, "Idempotency-Key", "k");
        List<String> settings = new ArrayList<>(List.of(STRIPE.settings()));
        settings.add("--DATABASE_NAME=gateway_checkout");
        settings.add("--paymaster.tiers[0].name=starter");
        settings.add("--paymaster.tiers[0].credits-per-month=50");
        settings.add("--topups.packs.huge.credits=1000");
        settings.add("--topups.packs.huge.price-cents=20000");

        try (RunningGateway later = RunningGateway.start(
                "gateway_checkout_later", EmbeddedBroker.shared(), settings.toArray(String[]::new))) {
            Http again = new Http(later.url(), buyer.key());

            assertThat(again.post(path, body, "Idempotency-Key", "other").code())
                    .startsWith("unknown_");
            Answer repeated = again.post(path, body, "Idempotency-Key", "k");
            assertThat(repeated.header("Idempotent-Replayed")).isEqualTo("true");
            assertThat(repeated.body()).isEqualTo(first.body());
        }
    }

    @Test
    void leavesOneSessionOpenWhenTwoTiersAreWantedAtOnce() {
        assertThat(buy("team").status()).isEqualTo(200);
        STRIPE.fault("latency", "POST", SESSIONS, LATENCY);

        List<CompletableFuture<Answer>> both =
                Stream.of("starter", "pro").map(this::buyAsync).toList();
        await().until(() -> STRIPE.hits() == 2);
        List<Answer> answers = both.stream().map(Http::await).toList();

        assertThat(answers.stream().map(Answer::status)).isSubsetOf(200, 409).contains(200);
        List<JsonNode> open = STRIPE.openSessions(buyerId);
        assertThat(open).hasSize(1);
        // Whoever was answered last has the open one.
        assertThat(answers.stream()
                        .filter(answer -> answer.status() == 200)
                        .map(answer -> answer.body().path("session_id").asString()))
                .contains(open.getFirst().path("id").asString());
        assertThat(answers.stream().filter(answer -> answer.status() == 409).map(Answer::code))
                .isSubsetOf(Set.of("checkout_superseded"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void sellsNoSecondSubscriptionWhileTheFirstIsBeingPaid(String whereItWaits) {
        Answer first = buy("starter");
        STRIPE.fault("latency", whereItWaits, SESSIONS, LATENCY + ", \"times\": 1");

        CompletableFuture<Answer> second = buyAsync("pro");
        await().until(() -> STRIPE.hits() == 1);
        STRIPE.pay(first);

        assertThat(Http.await(second).code()).isEqualTo("already_subscribed");
        assertThat(STRIPE.openSessions(buyerId)).isEmpty();
    }

    /** A bank takes days to pay, and would pay twice. */
    @Test
    void sellsNoSecondSubscriptionWhileABankIsToPayTheFirst() {
        String session = buy("starter").body().path("session_id").asString();
        STRIPE.post(
                "/_sandbox/checkout/sessions/" + session + "/complete", "{\"payment_method\": \"us_bank_account\"}");

        assertThat(buy("pro").code()).isEqualTo("already_subscribed");
    }

    @Test
    void answersManyEqualCallsWithOneSession() {
        List<CompletableFuture<Answer>> all =
                Stream.generate(() -> buyAsync("pro")).limit(8).toList();

        List<Answer> answers = all.stream().map(Http::await).toList();

        assertThat(answers).allMatch(answer -> answer.status() == 200);
        assertThat(STRIPE.openSessions(buyerId))
                .singleElement()
                .satisfies(session -> assertThat(answers)
                        .allMatch(answer -> answer.body().path("session_id").equals(session.path("id"))));
    }

    @Test
    void findsTheOpenSessionAgain() {
        Answer first = buy("pro");

        assertThat(buy("pro").body()).isEqualTo(first.body());
        assertThat(buy("team").body()).isNotEqualTo(first.body());
        assertThat(STRIPE.openSessions(buyerId)).hasSize(1);
    }

    @Test
    void findsASessionWhoseAnswerWasLost() {
        STRIPE.fault("truncate_response", "POST", SESSIONS, ", \"times\": 1");

        assertThat(buy("pro").code()).isEqualTo("stripe_unavailable");
        Answer again = buy("pro");

        assertThat(STRIPE.openSessions(buyerId))
                .singleElement()
                .matches(session -> session.path("id")
                        .asString()
                        .equals(again.body().path("session_id").asString()));
    }

    private Answer buy(String tier) {
        return Http.await(buyAsync(tier));
    }

    private CompletableFuture<Answer> buyAsync(String tier) {
        return buyer.postAsync("/api/stripe/checkout", "{\"tier\": \"" + tier + "\"}");
    }
}
