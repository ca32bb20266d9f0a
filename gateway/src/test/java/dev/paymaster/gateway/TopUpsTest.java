package dev.paymaster.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.embedded.EmbeddedBroker;
import dev.paymaster.gateway.Http.Answer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Selling credits without a subscription, and leading people to Stripe's portal. */
class TopUpsTest {
    private static final Sandbox STRIPE = new Sandbox();
    private static RunningGateway gateway;
    private Http buyer;
    private String buyerId;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start("gateway_topups", EmbeddedBroker.shared(), STRIPE.settings());
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

    @Test
    void offersPacksFromTheSmallest() {
        assertThat(buyer.get("/api/topups").raw().body())
                .isEqualTo("{\"data\":[{\"name\":\"small\",\"credits\":10,\"price_cents\":300},"
                        + "{\"name\":\"medium\",\"credits\":50,\"price_cents\":1250},"
                        + "{\"name\":\"large\",\"credits\":200,\"price_cents\":4500}],\"next_cursor\":null}");
    }

    @Test
    void tellsStripeWhoseItIsAndWhatItBuys() {
        Answer bought = buy("small");
        STRIPE.pay(bought);

        JsonNode session = STRIPE.get(
                "/v1/checkout/sessions/" + bought.body().path("session_id").asString());
        JsonNode payment = STRIPE.get(
                "/v1/payment_intents/" + session.path("payment_intent").asString());
        assertThat(session.path("mode").asString()).isEqualTo("payment");
        assertThat(session.path("client_reference_id").asString()).isEqualTo(buyerId);
        assertThat(session.path("amount_total").asLong()).isEqualTo(300);
        assertThat(payment.path("amount").asLong()).isEqualTo(300);
        for (JsonNode metadata : List.of(session.path("metadata"), payment.path("metadata"))) {
            assertThat(metadata.path("user_id").asString()).isEqualTo(buyerId);
            assertThat(metadata.path("pack").asString()).isEqualTo("small");
            assertThat(metadata.path("credits").asString()).isEqualTo("10");
        }
    }

    @Test
    void sellsAPackAgainOnceItIsPaid() {
        Answer first = buy("small");

        assertThat(buy("small").body()).isEqualTo(first.body());
        STRIPE.pay(first);

        Answer second = buy("small");
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.body()).isNotEqualTo(first.body());
    }

    @Test
    void answersManyEqualCallsWithOneSession() {
        List<CompletableFuture<Answer>> all = Stream.generate(
                        () -> buyer.postAsync("/api/stripe/topups", pack("large")))
                .limit(8)
                .toList();

        assertThat(all.stream().map(Http::await).map(Answer::body).distinct()).hasSize(1);
        assertThat(STRIPE.openSessions(buyerId)).hasSize(1);
    }

    @Test
    void leavesAnOpenTopUpAloneWhenASubscriptionIsBought() {
        Answer topUp = buy("medium");

        Answer subscription = buyer.post("/api/stripe/checkout", "{\"tier\": \"pro\"}");

        assertThat(subscription.status()).isEqualTo(200);
        assertThat(STRIPE.openSessions(buyerId))
                .extracting(session -> session.path("id").asString())
                .containsExactlyInAnyOrder(
                        topUp.body().path("session_id").asString(),
                        subscription.body().path("session_id").asString());
        assertThat(buy("medium").body()).isEqualTo(topUp.body());
    }

    @Test
    void givesARepeatedCallItsAnswerAgain() {
        Answer first = buyer.post("/api/stripe/topups", pack("small"), "Idempotency-Key", "one");
        STRIPE.pay(first);

        Answer again = buyer.post("/api/stripe/topups", pack("small"), "Idempotency-Key", "one");

        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(buyer.post("/api/stripe/topups", pack("large"), "Idempotency-Key", "one")
                        .status())
                .isEqualTo(422);
    }

    @Test
    void refusesAPackThatIsNotSold() {
        Answer refused = buy("huge");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.code()).isEqualTo("unknown_pack");
        assertThat(refused.body().path("detail").asString()).contains("small, medium, large");
    }

    @Test
    void leadsACustomerToThePortalAndNobodyElse() {
        assertThat(buyer.post("/api/stripe/portal", "{}").code()).isEqualTo("no_stripe_customer");
        buy("small");

        Answer opened = buyer.post("/api/stripe/portal", "{}");

        assertThat(opened.status()).isEqualTo(200);
        assertThat(opened.body().path("url").asString()).contains("/p/session/");
    }

    private Answer buy(String name) {
        return buyer.post("/api/stripe/topups", pack(name));
    }

    private static String pack(String name) {
        return "{\"pack\": \"" + name + "\"}";
    }
}
