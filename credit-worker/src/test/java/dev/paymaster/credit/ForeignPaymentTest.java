package dev.paymaster.credit;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Refunds on an account that is shared with another product: Stripe isn't asked for ever what they are of. */
class ForeignPaymentTest {
    private static final Instant NOVEMBER = Instant.parse("2026-11-01T00:00:00Z");
    private static final Instant DECEMBER = Instant.parse("2026-12-01T00:00:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String NONE = "{\"object\": \"list\", \"data\": [], \"has_more\": false}";

    private static ScriptedStripe stripe;
    private static CreditWorld world;

    private final UUID user = UUID.randomUUID();
    private final String payment = "pi_" + user;

    @BeforeAll
    static void start() throws IOException {
        stripe = ScriptedStripe.start();
        world = new CreditWorld(
                "credit_foreign",
                EmbeddedBroker.shared(),
                "sk_test_1",
                "--stripe.api-base=" + stripe.url(),
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
    void isNotAskedForAnyMoreOnceItSurelyIsSomebodyElses() {
        stripeKnows("succeeded", "cus_foreign", "{}", NONE, NONE);
        refund("re_" + payment, 500, "refund.created");
        awaitAnswers(1);
        pass(Duration.ofHours(60));
        awaitAnswers(2);
        assertThat(isAskedFor()).as("less than three days after the refund").isTrue();
        pass(Duration.ofHours(24));
        awaitAnswers(3);
        assertGivenUp(payment);

        refund("re_" + payment, 500, "refund.updated"); // as it is told again and again while things are caught up with
        world.settle();
        pass(Duration.ofDays(30));
        awaitARound();
        assertThat(answers()).isEqualTo(3);

        refund("re_second_" + payment, 100, "refund.created");
        awaitAnswers(4);
        pass(Duration.ofHours(84));
        awaitAnswers(5);
        assertGivenUp(payment);

        // It was ours after all: Stripe can attach a payment to an invoice later.
        String link = StripeJson.invoicePayment(payment, "in_" + user, 1000);
        tell("inpay_" + user, "invoice_payment.paid", link);
        payStarter();
        awaitCredits(20);
        assertThat(answers()).isEqualTo(5);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            still under way           | processing | null   | {}                      | false | false
            for a user of ours        | succeeded  | null   | {"user_id": "somebody"} | false | false
            for a pack of ours        | succeeded  | null   | {"pack": "medium"}      | false | false
            by a customer of ours     | succeeded  | ours   | {}                      | false | false
            there are more invoices   | succeeded  | null   | {}                      | true  | false
            there are more checkouts  | succeeded  | null   | {}                      | false | true
            """)
    void isAskedForAsLongAsItMayBeOurs(
            String why, String status, String customer, String metadata, boolean moreInvoices, boolean moreCheckouts) {
        String ours = "cus_ours_" + user;
        if (customer.equals("ours")) {
            world.stripe(
                    ours,
                    "evt_" + ours,
                    "checkout.session.completed",
                    StripeJson.checkoutCompleted("evt_" + ours, ours, user, "subscription"));
            world.settle();
        }
        stripeKnows(
                status,
                customer.equals("ours") ? ours : null,
                metadata,
                NONE.replace("false", String.valueOf(moreInvoices)),
                NONE.replace("false", String.valueOf(moreCheckouts)));

        refund("re_" + payment, 500, "refund.created");
        awaitAnswers(1);
        pass(Duration.ofDays(4));
        awaitAnswers(2);
        pass(Duration.ofDays(4));
        awaitAnswers(3);

        assertThat(isAskedFor()).as(why).isTrue();
    }

    @Test
    void isAskedForAsLongAsStripeDoesNotKnowIt() {
        stripe.knows(links(), NONE);
        stripe.knows(sessions(), NONE);

        refund("re_" + payment, 500, "refund.created");
        awaitAnswers(1);
        pass(Duration.ofDays(4));
        awaitAnswers(2);
        pass(Duration.ofDays(4));
        awaitAnswers(3);

        assertThat(isAskedFor()).isTrue();
    }

    @Test
    void aChargeLeadsToItsPayment() {
        String charge = "ch_" + user;
        String refund = StripeJson.refund("re_" + charge, payment, 500, "succeeded")
                .replace("\"payment_intent\": \"" + payment + "\"", "\"payment_intent\": null")
                .replace("ch_" + payment, charge);
        stripe.knows(
                "/v1/charges/" + charge, StripeJson.charge(payment, 1000, 500).replace("ch_" + payment, charge));
        stripe.knows("/v1/refunds?limit=100&charge=" + charge, NONE.replace("[]", "[" + refund + "]"));
        stripe.knows("/v1/disputes?limit=100&charge=" + charge, NONE);
        stripe.knows(links(), NONE.replace("[]", "[" + StripeJson.invoicePayment(payment, "in_" + user, 1000) + "]"));
        payStarter();

        tell("re_" + charge, "refund.created", refund);

        awaitCredits(25);
    }

    /** Only what somebody else sells is charged without a payment intent. */
    @Test
    void aChargeWithoutAPaymentIsSomebodyElses() {
        String charge = "ch_" + user;
        String path = "/v1/charges/" + charge;
        stripe.knows(
                path,
                StripeJson.charge("null", 1000, 500)
                        .replace("\"null\"", "null")
                        .replace("ch_null", charge)
                        // Others are ours in the tests that share the broker.
                        .replace("cus_1", "cus_foreign"));
        tell(
                "re_" + charge,
                "refund.created",
                StripeJson.refund("re_" + charge, "null", 500, "succeeded")
                        .replace("\"null\"", "null")
                        .replace("ch_null", charge));

        awaitCalls(path, 1);
        pass(charge, Duration.ofDays(4));
        awaitCalls(path, 2);

        assertGivenUp(charge);
    }

    private void payStarter() {
        String invoice = StripeJson.invoice(
                "in_" + user,
                "cus_" + user,
                "sub_" + user,
                user,
                false,
                StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER));
        tell("cus_" + user, "invoice.paid", invoice);
    }

    private void stripeKnows(
            String status, @Nullable String customer, String metadata, String invoices, String checkouts) {
        stripe.knows(links(), invoices);
        stripe.knows(sessions(), checkouts);
        stripe.knows("/v1/payment_intents/" + payment, """
                {"id": "%s", "object": "payment_intent", "amount": 1000, "customer": %s, "livemode": false,
                 "metadata": %s, "status": "%s"}""".formatted(
                        payment, customer == null ? "null" : "\"" + customer + "\"", metadata, status));
    }

    private String links() {
        return "/v1/invoice_payments?limit=100&payment[type]=payment_intent&payment[payment_intent]=" + payment;
    }

    private String sessions() {
        return "/v1/checkout/sessions?payment_intent=" + payment;
    }

    /** How often Stripe was asked for it. */
    private int answers() {
        return stripe.calls().getOrDefault(links(), 0);
    }

    /** Waits for an answer, and until what it means is noted. */
    private void awaitAnswers(int number) {
        awaitCalls(links(), number);
    }

    private static void awaitCalls(String path, int number) {
        Awaitility.await().atMost(PATIENCE).until(() -> stripe.calls().getOrDefault(path, 0), count -> count == number);
        awaitARound();
    }

    /** Waits until something that is asked for now has been looked up: what was due before has had its turn. */
    private static void awaitARound() {
        String marker = "pi_marker_" + UUID.randomUUID();
        tell(marker, "refund.created", StripeJson.refund("re_" + marker, marker, 1, "succeeded"));
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> stripe.calls().keySet().stream()
                        .anyMatch(path -> path.startsWith("/v1/checkout") && path.endsWith(marker)));
    }

    /** Lets time go by for everything that is to be looked up. */
    private void pass(Duration time) {
        pass(payment, time);
    }

    private static void pass(String id, Duration time) {
        String by = " - interval '" + time.toSeconds() + " seconds'";
        world.jdbc.update(
                "UPDATE billing.lookup SET due_at = due_at" + by + ", asked_at = asked_at" + by
                        + ", not_ours_since = not_ours_since" + by + " WHERE id = ?",
                id);
    }

    private void awaitCredits(long credits) {
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(world.available(user)).isEqualTo(credits));
    }

    private static void assertGivenUp(String id) {
        assertThat(isAskedFor(id)).isFalse();
    }

    private boolean isAskedFor() {
        return isAskedFor(payment);
    }

    private static boolean isAskedFor(String id) {
        return world.number("SELECT count(*) FROM billing.lookup WHERE id = ? AND due_at < 'infinity'", id) == 1;
    }

    private void refund(String id, long cents, String type) {
        tell(id, type, StripeJson.refund(id, payment, cents, "succeeded"));
    }

    private static void tell(String key, String type, String object) {
        String event = "evt_" + UUID.randomUUID();
        world.stripe(key, event, type, StripeJson.event(event, type, object));
    }
}
