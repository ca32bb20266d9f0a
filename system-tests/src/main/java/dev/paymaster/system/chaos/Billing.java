package dev.paymaster.system.chaos;

import dev.paymaster.system.world.Answer;
import dev.paymaster.system.world.StripeControl;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** A sender who pays by subscription, changes plans, and gets money back now and then. For one thread. */
final class Billing {
    private static final List<String> TIERS = List.of("starter", "pro");
    private static final int OK = 200;
    private static final int LONGEST_PAUSE_MILLIS = 4_000;

    private final User sender;
    private final StripeControl stripe;
    private final RandomGenerator random;

    Billing(User sender, StripeControl stripe, RandomGenerator random) {
        this.sender = sender;
        this.stripe = stripe;
        this.random = random;
    }

    /** Subscribes by Checkout. */
    void subscribe() {
        String body = "{\"tier\": \"" + TIERS.get(random.nextInt(TIERS.size())) + "\"}";
        Answer session = sender.api().post("/api/stripe/checkout", body).expect(OK);
        stripe.complete(session.text("/session_id"));
    }

    /** What happens to money as time goes by. */
    void run(Shift shift) {
        while (shift.pause(Duration.ofMillis(random.nextInt(LONGEST_PAUSE_MILLIS)))) {
            switch (random.nextInt(4)) {
                case 0 -> upgrade();
                case 1, 2 -> refund();
                default -> dispute();
            }
        }
    }

    private void upgrade() {
        JsonNode subscription =
                stripe.fetch("/v1/subscriptions?limit=1&customer=" + customer()).at("/data/0");
        stripe.control(
                "subscriptions/" + subscription.path("id").stringValue() + "/change",
                "{\"price\": \"price_paymaster_team\", \"when\": \"now\"}");
    }

    /** A part of a payment of which nothing has come back yet. */
    private void refund() {
        JsonNode payment = untouched();
        if (!payment.isMissingNode()) {
            stripe.refund(payment.path("id").stringValue(), 100L + random.nextInt(400));
        }
    }

    private void dispute() {
        JsonNode payment = untouched();
        if (!payment.isMissingNode()) {
            String dispute = stripe.dispute(payment.path("id").stringValue());
            stripe.closeDispute(dispute, random.nextBoolean() ? "won" : "lost");
        }
    }

    private JsonNode untouched() {
        JsonNode payments = stripe.fetch("/v1/payment_intents?limit=100&customer=" + customer())
                .path("data");
        return StreamSupport.stream(payments.spliterator(), false)
                .filter(each -> each.path("amount_received").asLong(0) >= 500)
                .filter(each -> {
                    JsonNode charge = stripe.fetch(
                            "/v1/charges/" + each.path("latest_charge").asString(""));
                    return charge.path("amount_refunded").asLong(0) == 0
                            && !charge.path("disputed").asBoolean(false);
                })
                .findFirst()
                .orElse(payments.path(-1));
    }

    private String customer() {
        JsonNode customers = stripe.fetch("/v1/customers?limit=100").path("data");
        return StreamSupport.stream(customers.spliterator(), false)
                .filter(each -> each.at("/metadata/user_id").asString("").equals(sender.id()))
                .map(each -> each.path("id").stringValue())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Stripe does not know " + sender.id()));
    }
}
