package dev.paymaster.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paymaster.embedded.EmbeddedBroker;
import dev.paymaster.events.Envelope;
import dev.paymaster.events.Topics;
import dev.paymaster.gateway.Http.Answer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
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
    private static String inEuros;

    @BeforeAll
    static void start() {
        // The starter's price was another one before.
        inEuros = priceOfOthers("eur");
        gateway = start(
                "gateway_reconcile",
                "--stripe.prices.starter=price_new, " + STRIPE.price("starter"),
                "--stripe.prices.team=" + inEuros);
        admin = new Http(gateway.url(), RunningGateway.ADMIN_KEY);
    }

    private static RunningGateway start(String database, String... more) {
        List<String> settings = new ArrayList<>(List.of(STRIPE.settings()));
        settings.addAll(List.of("--reconcile.first-after=1h", "--proof.settled-after=0s"));
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
        gateway.owner.execute("DELETE FROM identity.reconciled_event; DELETE FROM identity.dead_letter;"
                + " DELETE FROM api.applied_invoice; DELETE FROM api.top_up; DELETE FROM api.reversal;"
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

    /** The reversal's event may be lost, or of a time without an endpoint. */
    @Test
    void publishesWhatWasTakenBackOfATransferUntilItIsRecorded() {
        UUID job = UUID.randomUUID();
        String account = STRIPE.post("/v1/accounts", "type=express&country=US&capabilities[transfers][requested]=true")
                .path("id")
                .asString();
        STRIPE.post("/_sandbox/accounts/" + account + "/onboard", "{\"outcome\": \"complete\"}");
        STRIPE.post("/_sandbox/balance", "{\"available\": 1000}");
        String stands = transfer(account, job);
        String gone = transfer(account, job);
        String back = transfer(account, job);
        String ofOthers = transfer(account, UUID.randomUUID());
        List.of(back, gone, ofOthers).forEach(each -> takeBack(each, 100));
        gateway.owner.update(
                "INSERT INTO api.payout (job_id, status, transfer_id, taken_back) VALUES (?, 'paid', ?, ARRAY[?])",
                job,
                back,
                gone);

        try (ScriptedWorker topic = new ScriptedWorker(gateway, Topics.STRIPE_EVENTS)) {
            assertThat(number(admin.post(PATH, "{}"), "transfers", "published")).isEqualTo(1);

            ConsumerRecord<byte[], byte[]> record = recordOf(topic, back);
            assertThat(ScriptedWorker.header(record, Envelope.HEADER_ID))
                    .isEqualTo("evt_paymaster_transfer.reversed_" + back + "_100");
            assertThat(ScriptedWorker.header(record, Envelope.HEADER_TYPE)).isEqualTo("stripe.transfer.reversed");
            JsonNode event = JsonMapper.shared().readTree(record.value());
            assertThat(event.at("/data/object")).isEqualTo(STRIPE.get("/v1/transfers/" + back));
            assertThat(event.path("created").asLong())
                    .isEqualTo(event.at("/data/object/reversals/data/0/created").asLong());
        }
        assertThat(List.of(stands, gone, ofOthers)).noneMatch(ReconcileTest::isHandedOn);
        assertThat(number(admin.post(PATH, "{}"), "transfers", "published")).isZero();

        aDayPasses();
        gateway.owner.update("UPDATE api.payout SET reversed_cents = 99 WHERE job_id = ?", job);
        assertThat(number(admin.post(PATH, "{}"), "transfers", "published")).isEqualTo(1);
        aDayPasses();
        gateway.owner.update("UPDATE api.payout SET reversed_cents = 100 WHERE job_id = ?", job);
        assertThat(number(admin.post(PATH, "{}"), "transfers", "published")).isZero();
    }

    private static void takeBack(String transfer, long cents) {
        STRIPE.post("/v1/transfers/" + transfer + "/reversals", "amount=" + cents);
    }

    private static String transfer(String account, UUID job) {
        return STRIPE.post("/v1/transfers", "amount=100&currency=usd&destination=" + account + "&transfer_group=" + job)
                .path("id")
                .asString();
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

    /** The cursors stand where they stood before; that the endpoint took nothing since then is all that Stripe knows of it. */
    @Test
    void catchesUpWithDaysThatTheEndpointHasMissed() {
        admin.post(PATH, "{}");
        List<String> missed = new ArrayList<>();
        for (int day = 0; day < 3; day++) {
            missed.add(payForASubscription());
            STRIPE.post("/_sandbox/clock/advance", "{\"seconds\": 86400}");
        }

        Answer ran = admin.post(PATH, "{}");

        assertThat(ran.body().path("complete").asBoolean()).isTrue();
        assertThat(missed).allMatch(ReconcileTest::isHandedOn);
    }

    @Test
    void leavesAnInvoiceAloneThatHasHadItsEffect() {
        String applied = payForASubscription();
        String other = payForASubscription();
        gateway.owner.update("INSERT INTO api.applied_invoice VALUES (?)", applied);

        admin.post(PATH, "{}");

        assertThat(isHandedOn(applied)).isFalse();
        assertThat(isHandedOn(other)).isTrue();
    }

    /** What was handed on may have been lost before anybody read it. */
    @Test
    void handsOnAgainADayLaterWhatStillHasNoEffect() {
        Answer bought = newUser().post("/api/stripe/topups", "{\"pack\": \"small\"}");
        STRIPE.pay(bought);
        String pack = bought.body().path("session_id").asString();
        String payment = STRIPE.get("/v1/checkout/sessions/" + pack)
                .path("payment_intent")
                .asString();
        String refund = STRIPE.post("/v1/refunds", "payment_intent=" + payment + "&amount=100")
                .path("id")
                .asString();
        JsonNode dispute = STRIPE.post("/_sandbox/disputes", "{\"payment_intent\": \"" + payment + "\"}");
        String disputeId = dispute.path("id").asString();
        List<String> all = List.of(pack, refund, disputeId);
        String subscribed = subscribe().path("id").asString();
        admin.post(PATH, "{}");
        assertThat(all).allMatch(ReconcileTest::isHandedOn);

        aDayPasses();
        admin.post(PATH, "{}");
        assertThat(all).allMatch(ReconcileTest::isHandedOn);
        assertThat(isHandedOn(subscribed)).as("whose effect nobody sees").isFalse();
        // The proof has named it by now.
        passes(gateway, "16 minutes");
        assertThat(number(admin.post(PATH, "{}"), "sessions", "published")).isEqualTo(1);

        gateway.owner.update("INSERT INTO api.top_up VALUES (?, ?, 10, 300)", pack, UUID.randomUUID());
        gateway.owner.update("INSERT INTO api.reversal VALUES (?, ?, 99, true, false)", payment, refund);
        gateway.owner.update(
                "INSERT INTO api.reversal VALUES (?, ?, ?, true, true)",
                payment,
                disputeId,
                dispute.path("amount").asLong());
        aDayPasses();
        admin.post(PATH, "{}");
        assertThat(isHandedOn(pack)).isFalse();
        assertThat(isHandedOn(refund)).as("recorded with too little").isTrue();
        assertThat(isHandedOn(disputeId)).as("all of it is recorded, and more").isFalse();

        gateway.owner.update("UPDATE api.reversal SET amount_cents = 100 WHERE reversal_id = ?", refund);
        aDayPasses();
        admin.post(PATH, "{}");
        assertThat(all).noneMatch(ReconcileTest::isHandedOn);
    }

    /** Of what others sell nothing comes, and of a trial mostly nothing: it must not look as if webhooks were lost. */
    @Test
    void handsOnOnlyOnceAnInvoiceThatNeedsNoEffect() {
        String customer = payer();
        String ofUs = "customer=" + customer + "&items[0][price]=" + STRIPE.price("starter");
        String paid = invoiceOf(ofUs);
        String trial = invoiceOf(ofUs + "&trial_period_days=7");
        String refused = invoiceOf(ofUs);
        String others = invoiceOf("customer=" + customer + "&items[0][price]=" + priceOfOthers("usd"));
        String foreign = invoiceOf("customer=" + payer() + "&items[0][price]=" + inEuros);
        admin.post(PATH, "{}");
        assertThat(List.of(paid, trial, refused, foreign)).allMatch(ReconcileTest::isHandedOn);
        assertThat(isHandedOn(others)).isFalse();

        letter(Topics.STRIPE_EVENTS, refused, "discarded");
        letter(Topics.STRIPE_EVENTS, paid, "replayed");
        letter(Topics.JOB_COMMANDS, paid, "open");
        aDayPasses();
        admin.post(PATH, "{}");

        assertThat(isHandedOn(paid)).isTrue();
        assertThat(isHandedOn(trial)).isFalse();
        assertThat(isHandedOn(foreign)).as("it is a letter, and people's").isFalse();
        assertThat(isHandedOn(refused)).as("somebody has seen it").isFalse();
        assertThat(isHandedOn(others)).isFalse();
    }

    /** A trial that grants is due its credits as what was paid for is. */
    @Test
    void handsOnAgainATrialThatGrantsUntilItIsApplied() {
        String trial = "customer=" + payer() + "&trial_period_days=7&items[0][price]=";
        try (RunningGateway own = start(
                "gateway_trials",
                "--paymaster.tiers[0].name=starter",
                "--paymaster.tiers[0].credits-per-month=50",
                "--paymaster.tiers[1].name=pro",
                "--paymaster.tiers[1].credits-per-month=150",
                "--paymaster.tiers[1].grant-on-trial=true")) {
            Http ownAdmin = new Http(own.url(), RunningGateway.ADMIN_KEY);
            String granting = invoiceOf(trial + STRIPE.price("pro"));
            String plain = invoiceOf(trial + STRIPE.price("starter"));
            ownAdmin.post(PATH, "{}");
            assertThat(List.of(granting, plain)).allMatch(each -> isHandedOn(own, each));

            passes(own, "25 hours");
            ownAdmin.post(PATH, "{}");
            assertThat(isHandedOn(own, granting)).isTrue();
            assertThat(isHandedOn(own, plain)).isFalse();
            assertThat(isNamed(own, granting)).isTrue();
            assertThat(isNamed(own, plain)).isFalse();

            own.owner.update("INSERT INTO api.applied_invoice VALUES (?)", granting);
            passes(own, "25 hours");
            ownAdmin.post(PATH, "{}");
            assertThat(isHandedOn(own, granting)).isFalse();
        }
    }

    private static void letter(String topic, String invoice, String status) {
        gateway.owner.update("""
                INSERT INTO identity.dead_letter (id, topic, partition, record_offset, consumer, event_id, exception, message,
                                                  buried_at, omitted, status, record)
                VALUES (gen_random_uuid(), ?, 0, 0, 'a-worker', ?, '', '', now(), false, ?, '')""", topic, "evt_paymaster_invoice.paid_" + invoice + "_paid", status);
    }

    /** It may give back what had waited for an invoice; a plain one has no effect. */
    @Test
    void publishesAnInvoiceByHandThatMayGiveBack() {
        String customer = payer();
        String plain = payByHand(customer, 1_200);
        String givingBack = payByHand(customer, 1_200, -200);
        String cut = payByHand(customer, LongStream.range(100, 111).toArray());

        admin.post(PATH, "{}");

        assertThat(isHandedOn(plain)).isFalse();
        assertThat(isHandedOn(givingBack)).isTrue();
        assertThat(isHandedOn(cut)).as("it has more lines than the list shows").isTrue();
    }

    private static String payByHand(String customer, long... cents) {
        for (long each : cents) {
            STRIPE.post("/v1/invoiceitems", "currency=usd&customer=" + customer + "&amount=" + each);
        }
        String invoice = STRIPE.post("/v1/invoices", "customer=" + customer + "&pending_invoice_items_behavior=include")
                .path("id")
                .asString();
        STRIPE.post("/v1/invoices/" + invoice + "/pay", "");
        return invoice;
    }

    /** Day after day; but not what would never have an effect, because its currency is ignored. */
    @Test
    void handsOnByItself() {
        String inDollars = payForASubscription();
        String price = priceOfOthers("eur");
        String inEuros = invoiceOf("customer=" + payer() + "&items[0][price]=" + price);

        try (RunningGateway own = start(
                "gateway_by_itself",
                "--reconcile.first-after=10ms",
                "--reconcile.every=20ms",
                "--stripe.foreign-currency=ignore",
                "--stripe.prices.team=" + price)) {
            await().until(() -> isHandedOn(own, inDollars));
            passes(own, "23 hours");
            awaitRun(own);
            assertThat(isHandedOn(own, inDollars)).isFalse();
            passes(own, "2 hours");
            await().until(() -> isHandedOn(own, inDollars));
            assertThat(isHandedOn(own, inEuros)).isFalse();
            assertThat(isNamed(own, inDollars)).isTrue();
            assertThat(isNamed(own, inEuros)).isFalse();
            tellsSinceWhenAnInvoiceWaitsForItsUser(own);
        }
    }

    /** It was paid, and nothing was given for it, though it is not handed on for ever. */
    @Test
    void namesWhatIsRefusedForItsCurrency() {
        assertThat(isNamed(gateway, invoiceOf("customer=" + payer() + "&items[0][price]=" + inEuros)))
                .isTrue();
        assertThat(isNamed(gateway, invoiceOf("customer=" + payer() + "&items[0][price]=" + priceOfOthers("eur"))))
                .isFalse();
    }

    /** Whether the proof does, on the first page of Stripe's invoices. */
    private static boolean isNamed(RunningGateway by, String invoice) {
        return new Http(by.url(), RunningGateway.ADMIN_KEY)
                .get("/api/admin/proof?seconds=0&stripe_pages=1&cursor=invoices:")
                .body()
                .path("differences")
                .valueStream()
                .anyMatch(each -> each.path("rule").asString().equals("paid_invoice_is_applied")
                        && each.path("subject").asString().equals(invoice));
    }

    private static void tellsSinceWhenAnInvoiceWaitsForItsUser(RunningGateway own) {
        Gauge parked = own.bean(MeterRegistry.class)
                .get("paymaster.invoices.parked.seconds")
                .gauge();
        assertThat(parked.value()).isZero();
        own.owner.execute("INSERT INTO api.parked_invoice VALUES ('in_1', 'cus_1', now() - interval '1 hour'),"
                + " ('in_2', 'cus_2', now() - interval '2 hours')");
        await().until(() -> parked.value() >= 7_200);
        own.owner.execute("DELETE FROM api.parked_invoice");
        await().until(() -> parked.value() == 0);
    }

    /** Waits for the end of a run that has begun after this. */
    private static void awaitRun(RunningGateway by) {
        String runs = "SELECT count(*) FROM identity.reconcile_lease WHERE finished_at > ";
        for (int i = 0; i < 2; i++) {
            String now = "'" + by.owner.queryForObject("SELECT now()::text", String.class) + "'";
            await().until(() -> Integer.valueOf(1).equals(by.owner.queryForObject(runs + now, Integer.class)));
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

    /** As with a restricted key that may not read all of them. */
    @Test
    void aListThatIsRefusedKeepsNoOtherFromBeingRead() {
        Counter refusals = gateway.bean(MeterRegistry.class)
                .get("paymaster.reconcile.refused")
                .tag("list", "events")
                .counter();
        double before = refusals.count();
        String invoice = payForASubscription();
        STRIPE.fault("forbidden", "GET", "/v1/events", "");

        assertThat(admin.post(PATH, "{}").code()).isEqualTo("stripe_refused");

        assertThat(isHandedOn(invoice)).isTrue();
        assertThat(refusals.count()).isEqualTo(before + 1);
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

    /** As an instance that was frozen between two pages for longer than its lease. */
    @Test
    void leavesTheRunToWhoeverHasTakenTheLeaseMeanwhile() {
        gateway.owner.execute("""
                CREATE FUNCTION identity.lose_lease() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN NEW.holder := gen_random_uuid(); RETURN NEW; END $$;
                CREATE TRIGGER lose_lease BEFORE UPDATE ON identity.reconcile_lease
                FOR EACH ROW WHEN (NEW.holder IS NOT NULL) EXECUTE FUNCTION identity.lose_lease()""");
        try {
            Answer late = admin.post(PATH, "{}");

            assertThat(late.status()).isEqualTo(409);
            assertThat(late.code()).isEqualTo("reconcile_under_way");
        } finally {
            gateway.owner.execute("DROP FUNCTION identity.lose_lease() CASCADE");
        }
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

    /** Whether an event of this object was handed on within the hour. */
    private static boolean isHandedOn(String objectId) {
        return isHandedOn(gateway, objectId);
    }

    private static boolean isHandedOn(RunningGateway by, String objectId) {
        return !by.owner
                .queryForList(
                        "SELECT 1 FROM identity.reconciled_event"
                                + " WHERE event_id LIKE ? AND published_at > now() - interval '1 hour'",
                        "evt\\_paymaster\\_%" + objectId + "%")
                .isEmpty();
    }

    /** For what is remembered. */
    private static void aDayPasses() {
        passes(gateway, "25 hours");
    }

    private static void passes(RunningGateway by, String time) {
        by.owner.update("UPDATE identity.reconciled_event SET published_at = published_at - ?::interval", time);
    }

    private static Http newUser() {
        return admin.as(admin.post("/api/users", "{\"name\": \"Bob\"}")
                .body()
                .path("key")
                .asString());
    }

    /** Somebody subscribes; the session. */
    private static JsonNode subscribe() {
        Answer checkout = newUser().post("/api/stripe/checkout", "{\"tier\": \"pro\"}");
        STRIPE.pay(checkout);
        return STRIPE.get(
                "/v1/checkout/sessions/" + checkout.body().path("session_id").asString());
    }

    /** Somebody subscribes; the id of the invoice. */
    private static String payForASubscription() {
        return subscribe().path("invoice").asString();
    }

    /** A customer with a card. */
    private static String payer() {
        String customer = STRIPE.post("/v1/customers", "name=Eva").path("id").asString();
        STRIPE.post("/_sandbox/customers/" + customer + "/card", "{\"card\": \"4242424242424242\"}");
        return customer;
    }

    private static String priceOfOthers(String currency) {
        String product = STRIPE.post("/v1/products", "name=Other").path("id").asString();
        return STRIPE.post(
                        "/v1/prices",
                        "currency=" + currency + "&unit_amount=900&recurring[interval]=month&product=" + product)
                .path("id")
                .asString();
    }

    /** Somebody subscribes on the dashboard; the id of the invoice. */
    private static String invoiceOf(String subscription) {
        return STRIPE.post("/v1/subscriptions", subscription)
                .path("latest_invoice")
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
