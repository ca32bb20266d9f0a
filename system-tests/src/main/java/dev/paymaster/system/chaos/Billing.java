package dev.paymaster.system.chaos;

import dev.paymaster.system.world.Answer;
import dev.paymaster.system.world.StripeControl;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** A sender who pays by subscription and for packs, changes plans, and gets money back now and then. For one thread. */
final class Billing {
    private static final List<String> TIERS = List.of("starter", "pro");
    private static final int OK = 200;
    private static final int TOO_MANY = 429;
    private static final int FAILS = 500;
    private static final int LONGEST_PAUSE_MILLIS = 4_000;

    private final User sender;
    private final StripeControl stripe;
    private final Journal journal;
    private final RandomGenerator random;

    Billing(User sender, StripeControl stripe, Journal journal, RandomGenerator random) {
        this.sender = sender;
        this.stripe = stripe;
        this.journal = journal;
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
        try {
            attempt(this::buyAPack);
            while (shift.pause(Duration.ofMillis(random.nextInt(LONGEST_PAUSE_MILLIS)))) {
                attempt(step());
            }
        } catch (GaveUp e) {
            journal.unanswered(String.valueOf(e.getMessage()));
        }
    }

    private Runnable step() {
        return switch (random.nextInt(5)) {
            case 0 -> this::upgrade;
            case 1, 2 -> this::refund;
            case 3 -> this::dispute;
            default -> this::buyAPack;
        };
    }

    /** Stripe's faults strike here, too: then it comes to nothing. */
    private static void attempt(Runnable step) {
        try {
            step.run();
        } catch (Answer.Unexpected answer) {
            if (answer.status() != TOO_MANY && answer.status() < FAILS) {
                throw answer;
            }
        } catch (UncheckedIOException e) {
            // A look at Stripe was cut; whoever calls Paymaster asks again by itself.
        }
    }

    /** A checkout that is as old as Stripe lets one become leads nowhere, as does one that somebody else has just completed. */
    void buyAPack() {
        String session = sender.api()
                .post("/api/stripe/topups", "{\"pack\": \"medium\"}")
                .expect(OK)
                .text("/session_id");
        try {
            stripe.complete(session);
        } catch (Answer.Unexpected answer) {
            if (stripe.fetch("/v1/checkout/sessions/" + session)
                    .path("status")
                    .stringValue()
                    .equals("open")) {
                throw answer;
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
