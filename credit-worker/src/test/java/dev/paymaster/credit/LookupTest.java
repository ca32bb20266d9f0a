package dev.paymaster.credit;

import static dev.paymaster.credit.stripe.StripeJson.PRO;
import static dev.paymaster.credit.stripe.StripeJson.STARTER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.credit.stripe.StripeJson;
import dev.paymaster.embedded.EmbeddedBroker;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What events don't say is asked of Stripe. */
class LookupTest {
    private static final Instant NOVEMBER = Instant.parse("2026-11-01T00:00:00Z");
    private static final Instant DECEMBER = Instant.parse("2026-12-01T00:00:00Z");
    private static ScriptedStripe stripe;
    private static CreditWorld world;

    @BeforeAll
    static void start() throws IOException {
        stripe = ScriptedStripe.start();
        world = new CreditWorld(
                "credit_lookup",
                EmbeddedBroker.shared(),
                "sk_test_1",
                "--stripe.api-base=" + stripe.url(),
                // Those who share the broker have left a lot to look up.
                "--resilience4j.ratelimiter.instances.lookups.limit-for-period=1000",
                "--timers.lookups=100ms",
                "--timers.lookups-after=0s");
    }

    @AfterAll
    static void stop() {
        world.close();
        stripe.close();
    }

    @Test
    void aCustomersUserStandsInItsMetadata() {
        UUID user = UUID.randomUUID();
        String customer = "cus_" + user;
        stripe.knows("/v1/customers/" + customer, """
                {"id": "%s", "object": "customer", "livemode": false, "metadata": {"user_id": "%s"}}""".formatted(customer, user));

        paid(user, "in_" + user, null, false, StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER));

        awaitCredits(user, 50);
    }

    @Test
    void allLinesOfALongInvoiceAreRead() {
        UUID user = UUID.randomUUID();
        String id = "in_" + user;
        String other = StripeJson.line("price_other", 900, NOVEMBER, DECEMBER);
        String invoice = StripeJson.invoice(id, "cus_" + user, "sub_" + user, user, true, other);
        stripe.knows("/v1/invoices/" + id, invoice);
        stripe.knows("/v1/invoices/" + id + "/lines?limit=100", page(true, other));
        stripe.knows(
                "/v1/invoices/" + id + "/lines?limit=100&starting_after=il_1",
                page(false, StripeJson.line(PRO, 2500, NOVEMBER, DECEMBER)));

        paid(user, id, user, true, other);

        awaitCredits(user, 150);
        Awaitility.await()
                .untilAsserted(() -> assertThat(world.number("SELECT count(*) FROM billing.lookup WHERE id = ?", id))
                        .isZero());
    }

    @Test
    void aRefundsPaymentLeadsToItsInvoiceOrItsCheckout() {
        UUID user = UUID.randomUUID();
        String first = "pi_first_" + user;
        String second = "pi_second_" + user;
        stripe.knows(
                "/v1/invoice_payments?limit=100&payment[type]=payment_intent&payment[payment_intent]=" + first,
                page(false, StripeJson.invoicePayment(first, "in_" + user, 1000)));
        stripe.knows(
                "/v1/invoice_payments?limit=100&payment[type]=payment_intent&payment[payment_intent]=" + second,
                page(false));
        stripe.knows(
                "/v1/checkout/sessions?payment_intent=" + second,
                page(false, StripeJson.topUp("cs_" + user, user.toString(), "medium", second, 2000, "paid")));
        paid(user, "in_" + user, user, false, StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER));
        awaitCredits(user, 50);

        refund(first, 500);
        awaitCredits(user, 25);
        refund(second, 400);
        awaitCredits(user, 25 + 50 - 10);
    }

    /** As somebody else may name its own customers. */
    @Test
    void aCustomerIsFoundOnlyWhenItNamesAUser() {
        UUID user = UUID.randomUUID();
        String customer = "cus_" + user;
        String found = """
                {"id": "%s", "object": "customer", "livemode": false, "metadata": {"user_id": "%s"}}""";
        stripe.knows("/v1/customers/" + customer, found.formatted(customer, "user-17"));

        paid(user, "in_" + user, null, false, StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER));
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> world.count("paymaster.stripe.lookups", "kind", "customer", "outcome", "nothing") > 0);
        stripe.knows("/v1/customers/" + customer, found.formatted(customer, user));
        world.jdbc.update("UPDATE billing.lookup SET due_at = now() WHERE id = ?", customer);

        awaitCredits(user, 50);
    }

    private static void paid(UUID user, String id, @Nullable UUID named, boolean cut, String... lines) {
        String customer = "cus_" + user;
        String event = "evt_" + id;
        String invoice = StripeJson.invoice(id, customer, "sub_" + user, named, cut, lines);
        world.stripe(customer, event, "invoice.paid", StripeJson.event(event, "invoice.paid", invoice));
    }

    private static void refund(String payment, long cents) {
        String refund = StripeJson.refund("re_" + payment, payment, cents, "succeeded");
        String event = "evt_" + payment;
        world.stripe("re_" + payment, event, "refund.created", StripeJson.event(event, "refund.created", refund));
    }

    private static String page(boolean more, String... objects) {
        return "{\"object\": \"list\", \"data\": [" + String.join(", ", objects) + "], \"has_more\": " + more + "}";
    }

    private static void awaitCredits(UUID user, long credits) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(world.available(user)).isEqualTo(credits));
    }
}
