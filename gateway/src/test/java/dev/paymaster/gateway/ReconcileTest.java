package dev.paymaster.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.embedded.EmbeddedBroker;
import dev.paymaster.events.Envelope;
import dev.paymaster.events.Topics;
import dev.paymaster.gateway.Http.Answer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Catching up with a Stripe that has no webhook endpoint here, so nobody hears of anything. */
class ReconcileTest {
    private static final String PATH = "/api/admin/reconcile";
    private static final Sandbox STRIPE = new Sandbox();
    private static final EmbeddedBroker BROKER = EmbeddedBroker.startTemporary();
    private static RunningGateway gateway;
    private static Http admin;

    @BeforeAll
    static void start() {
        gateway = start("gateway_reconcile");
        admin = new Http(gateway.url(), RunningGateway.ADMIN_KEY);
    }

    private static RunningGateway start(String database, String... more) {
        List<String> settings = new ArrayList<>(List.of(STRIPE.settings()));
        settings.add("--reconcile.first-after=1h");
        settings.addAll(List.of(more));
        return RunningGateway.start(database, BROKER, settings.toArray(String[]::new));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        BROKER.close();
        STRIPE.close();
    }

    @BeforeEach
    void begin() {
        gateway.owner.execute("DELETE FROM identity.reconciled_event; DELETE FROM api.applied_invoice;"
                + " UPDATE identity.reconcile_lease SET holder = NULL, lease_until = '-infinity'");
        STRIPE.heal();
    }

    @Test
    void publishesAPaidInvoiceThatNobodyKnowsAsItsEvent() {
        try (ScriptedWorker topic = new ScriptedWorker(gateway, Topics.STRIPE_EVENTS)) {
            String invoiceId = payForASubscription();
            Answer ran = admin.post(PATH, "{}");

            assertThat(ran.status()).isEqualTo(200);
            assertThat(ran.body().path("complete").asBoolean()).isTrue();
            assertThat(number(ran, "events", "published")).isZero();
            ConsumerRecord<byte[], byte[]> record = recordOf(topic, invoiceId);
            JsonNode event = JsonMapper.shared().readTree(record.value());
            assertThat(ScriptedWorker.header(record, Envelope.HEADER_ID))
                    .isEqualTo("evt_paymaster_invoice.paid_" + invoiceId + "_paid");
            assertThat(ScriptedWorker.header(record, Envelope.HEADER_TYPE)).isEqualTo("stripe.invoice.paid");
            assertThat(new String(record.key(), StandardCharsets.UTF_8))
                    .isEqualTo(event.at("/data/object/customer").asString());
            assertThat(event.at("/data/object")).isEqualTo(STRIPE.get("/v1/invoices/" + invoiceId));
        }
    }

    /** Events of a time without an endpoint are delivered to all endpoints there were, so Stripe doesn't list them as lost. */
    @Test
    void publishesPacksRefundsAndDisputesAsTheyStandNow() {
        String invoiceId = payForASubscription();
        String payment = STRIPE.get("/v1/invoice_payments?invoice=" + invoiceId)
                .at("/data/0/payment/payment_intent")
                .asString();
        STRIPE.post("/v1/refunds", "payment_intent=" + payment + "&amount=100");
        STRIPE.post("/_sandbox/disputes", "{\"invoice\": \"" + invoiceId + "\"}");
        try (ScriptedWorker topic = new ScriptedWorker(gateway, Topics.STRIPE_EVENTS)) {
            Answer ran = admin.post(PATH, "{}");

            assertThat(number(ran, "sessions", "published")).isPositive();
            assertThat(number(ran, "refunds", "published")).isPositive();
            assertThat(number(ran, "disputes", "published")).isPositive();
            assertThat(ran.body().at("/lists/credit_notes/complete").asBoolean())
                    .isTrue();
            ConsumerRecord<byte[], byte[]> refund = topic.next();
            while (!ScriptedWorker.header(refund, Envelope.HEADER_TYPE).equals("stripe.refund.updated")) {
                refund = topic.next();
            }
            JsonNode object = JsonMapper.shared().readTree(refund.value()).at("/data/object");
            assertThat(object)
                    .isEqualTo(STRIPE.get("/v1/refunds/" + object.path("id").asString()));
        }
        assertThat(number(admin.post(PATH, "{}"), "refunds", "published")).isZero();
    }

    @Test
    void changesNothingTheSecondTime() {
        payForASubscription();
        admin.post(PATH, "{}");
        try (ScriptedWorker topic = new ScriptedWorker(gateway, Topics.STRIPE_EVENTS)) {
            Answer again = admin.post(PATH, "{}");

            assertThat(number(again, "invoices", "seen")).isPositive();
            assertThat(number(again, "invoices", "published")).isZero();
            assertThat(again.body().at("/lists/invoices/cursor/since").asLong()).isPositive();
            assertThat(topic.hasNothing()).isTrue();
        }
    }

    @Test
    void leavesAnInvoiceAloneThatHasHadItsEffect() {
        String invoiceId = payForASubscription();
        admin.post(PATH, "{}");
        gateway.owner.execute("DELETE FROM identity.reconciled_event");
        gateway.owner.execute("INSERT INTO api.applied_invoice SELECT id FROM unnest(" + "(SELECT array_agg('"
                + invoiceId + "'::text))) AS known (id)");

        long published = number(admin.post(PATH, "{}"), "invoices", "published");

        assertThat(published)
                .isEqualTo(STRIPE.get("/v1/invoices?status=paid&limit=100")
                                .path("data")
                                .size()
                        - 1L);
    }

    /** It may give back what had waited for an invoice; a plain one has no effect. */
    @Test
    void publishesAnInvoiceByHandThatMayGiveBack() {
        try (Sandbox stripe = new Sandbox();
                RunningGateway own = RunningGateway.start("gateway_by_hand", BROKER, stripe.settings())) {
            String customer =
                    stripe.post("/v1/customers", "name=Eva").path("id").asString();
            stripe.post("/_sandbox/customers/" + customer + "/card", "{\"card\": \"4242424242424242\"}");
            payByHand(stripe, customer, 1_200);
            payByHand(stripe, customer, 1_200, -200);
            payByHand(stripe, customer, LongStream.range(100, 111).toArray());

            Answer ran = new Http(own.url(), RunningGateway.ADMIN_KEY).post(PATH, "{}");

            assertThat(number(ran, "invoices", "seen")).isEqualTo(3);
            assertThat(number(ran, "invoices", "published"))
                    .as("one has more lines than the list shows")
                    .isEqualTo(2);
        }
    }

    private static void payByHand(Sandbox stripe, String customer, long... cents) {
        for (long each : cents) {
            stripe.post("/v1/invoiceitems", "currency=usd&customer=" + customer + "&amount=" + each);
        }
        String invoice = stripe.post("/v1/invoices", "customer=" + customer + "&pending_invoice_items_behavior=include")
                .path("id")
                .asString();
        stripe.post("/v1/invoices/" + invoice + "/pay", "");
    }

    /** It would never have an effect, and be told again every day. */
    @Test
    void leavesAnInvoiceAloneWhoseCurrencyIsIgnored() {
        payForASubscription();
        String customer = STRIPE.post("/v1/customers", "name=Eva").path("id").asString();
        STRIPE.post("/_sandbox/customers/" + customer + "/card", "{\"card\": \"4242424242424242\"}");
        String product = STRIPE.post("/v1/products", "name=Euro").path("id").asString();
        String price = STRIPE.post(
                        "/v1/prices", "currency=eur&unit_amount=900&recurring[interval]=month&product=" + product)
                .path("id")
                .asString();
        STRIPE.post("/v1/subscriptions", "customer=" + customer + "&items[0][price]=" + price);
        JsonNode paid = STRIPE.get("/v1/invoices?status=paid&limit=100").path("data");
        long inDollars = paid.valueStream()
                .filter(invoice -> invoice.path("currency").asString().equals("usd"))
                .count();
        assertThat(inDollars).isLessThan(paid.size());

        try (RunningGateway ignoring = start("gateway_ignoring", "--stripe.foreign-currency=ignore")) {
            Answer ran = new Http(ignoring.url(), RunningGateway.ADMIN_KEY).post(PATH, "{}");

            assertThat(number(ran, "invoices", "published")).isEqualTo(inDollars);
        }
    }

    @Test
    void readsNoMoreThanItMayAndGoesOnThere() {
        payForASubscription();
        String newest = STRIPE.get("/v1/invoices?limit=1")
                .path("data")
                .path(0)
                .path("id")
                .asString();
        gateway.owner.update(
                "INSERT INTO identity.reconcile_cursor VALUES ('invoices', NULL, 1, ?) ON CONFLICT (list) DO UPDATE"
                        + " SET resume_after = excluded.resume_after",
                newest);

        Answer ran = admin.post(PATH, "{}");

        assertThat(number(ran, "invoices", "seen"))
                .isEqualTo(STRIPE.get("/v1/invoices?status=paid&limit=100")
                                .path("data")
                                .size()
                        - 1L);
        assertThat(ran.body().at("/lists/invoices/cursor/resume_after").isMissingNode())
                .isTrue();
    }

    @Test
    void startsASweepAnewWhoseEndStripeHasForgotten() {
        gateway.owner.update("INSERT INTO identity.reconcile_cursor VALUES ('invoices', NULL, 1, 'in_gone')"
                + " ON CONFLICT (list) DO UPDATE SET resume_after = excluded.resume_after");

        assertThat(admin.post(PATH, "{}").code()).isEqualTo("stripe_refused");
        assertThat(admin.post(PATH, "{}").status()).isEqualTo(200);
    }

    @Test
    void runsOnceAtATime() {
        gateway.owner.execute("UPDATE identity.reconcile_lease SET holder = '" + UUID.randomUUID()
                + "', lease_until = now() + interval '1 minute'");

        Answer second = admin.post(PATH, "{}");

        assertThat(second.status()).isEqualTo(409);
        assertThat(second.code()).isEqualTo("reconcile_under_way");
        gateway.owner.execute("UPDATE identity.reconcile_lease SET lease_until = now() - interval '1 second'");
        assertThat(admin.post(PATH, "{}").status()).isEqualTo(200);
    }

    @Test
    void givesTheLeaseBackWhenStripeDoesNotAnswer() {
        STRIPE.fault("error_before", "GET", "/v1/events", ", \"times\": 1");

        assertThat(admin.post(PATH, "{}").code()).isEqualTo("stripe_unavailable");
        assertThat(admin.post(PATH, "{}").status()).isEqualTo(200);
    }

    @Test
    void isForAdministratorsOnly() {
        String key = admin.post("/api/users", "{\"name\": \"Bob\"}")
                .body()
                .path("key")
                .asString();

        assertThat(admin.as(key).post(PATH, "{}").status()).isEqualTo(403);
    }

    private static long number(Answer ran, String list, String name) {
        JsonNode number = ran.body().path("lists").path(list).path(name);
        assertThat(number.isIntegralNumber()).isTrue();
        return number.asLong();
    }

    /** Somebody subscribes; the id of the invoice. */
    private static String payForASubscription() {
        String key = admin.post("/api/users", "{\"name\": \"Bob\"}")
                .body()
                .path("key")
                .asString();
        Answer checkout = admin.as(key).post("/api/stripe/checkout", "{\"tier\": \"pro\"}");
        STRIPE.pay(checkout);
        return STRIPE.get("/v1/checkout/sessions/"
                        + checkout.body().path("session_id").asString())
                .path("invoice")
                .asString();
    }

    private static ConsumerRecord<byte[], byte[]> recordOf(ScriptedWorker topic, String invoiceId) {
        ConsumerRecord<byte[], byte[]> record = topic.next();
        while (!ScriptedWorker.header(record, Envelope.HEADER_SUBJECT).equals(invoiceId)) {
            record = topic.next();
        }
        return record;
    }
}
