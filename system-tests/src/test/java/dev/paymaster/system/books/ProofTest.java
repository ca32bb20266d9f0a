package dev.paymaster.system.books;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.proof.Scenario;
import dev.paymaster.system.world.AnotherGateway;
import dev.paymaster.system.world.Answer;
import dev.paymaster.system.world.Api;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Everything adds up after a whole story, and each corruption is named; planted for a moment, as its owner could do it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProofTest implements Scenario {
    private static final String PATH = "/api/admin/proof?seconds=60";

    /** More than a page of Stripe's. */
    private static final int REFUNDS = 101;

    /** More than are looked for in one piece. */
    private static final int GONE = 201;

    private final World world = World.shared();
    private final Person sender = world.newPerson("Sam");
    private final Person disputer = world.newPerson("Dora");
    private final Person downgrader = world.newPerson("Dan");
    private String verified = "";
    private String pack = "";

    @Override
    public World world() {
        return world;
    }

    @BeforeAll
    void playTheStory() {
        Person receiver = world.newPerson("Robin");
        world.onboard(receiver);
        world.subscribe(sender, "starter");
        sender.awaitCredits(50, 0);
        verified = world.verifiedJob(sender, receiver);
        buyAPackAndReturnHalf();
        dispute();
        goDownAndBeRefunded();
        sender.cancel(sender.createJob()).expect(200);
        sender.createJob();
        world.comesToRest();
    }

    private void buyAPackAndReturnHalf() {
        pack = sender.api()
                .post("/api/stripe/topups", "{\"pack\": \"small\"}")
                .expect(200)
                .text("/session_id");
        world.stripe().complete(pack);
        world.stripe().refund(paymentOfPack(), 150);
    }

    private String paymentOfPack() {
        return world.stripe()
                .fetch("/v1/checkout/sessions/" + pack)
                .path("payment_intent")
                .stringValue();
    }

    private void dispute() {
        world.subscribe(disputer, "starter");
        disputer.awaitCredits(50, 0);
        String invoice = disputer.api().get("/api/credits").expect(200).text("/lots/0/ref");
        world.stripe().dispute(world.stripe().paymentOf(invoice.substring("invoice:".length())));
        disputer.awaitCredits(0, 0);
    }

    /** Of $25, $15 are given back as unused time and $5 are refunded: 120 of 150 credits go. */
    private void goDownAndBeRefunded() {
        world.subscribe(downgrader, "pro");
        downgrader.awaitCredits(150, 0);
        String invoice = downgrader
                .api()
                .get("/api/credits")
                .expect(200)
                .text("/lots/0/ref")
                .substring("invoice:".length());
        String subscription = world.stripe()
                .fetch("/v1/invoices/" + invoice)
                .at("/parent/subscription_details/subscription")
                .stringValue();
        String item = world.stripe()
                .fetch("/v1/subscriptions/" + subscription)
                .at("/items/data/0/id")
                .stringValue();
        world.stripe()
                .call(
                        "/v1/subscriptions/" + subscription,
                        "items[0][id]=" + item + "&items[0][price]=price_paymaster_starter"
                                + "&proration_behavior=always_invoice");
        world.stripe().refund(world.stripe().paymentOf(invoice), 500);
        downgrader.awaitCredits(30, 0);
    }

    @Test
    void findsNothingAtRest() {
        Answer proof = world.admin().get(PATH).expect(200);

        assertThat(proof.json().path("differences")).as(proof.body()).isEmpty();
        assertThat(proof.json().path("complete").booleanValue()).isTrue();
        assertThat(proof.number("/users")).isPositive();
        assertThat(proof.number("/transfers")).isPositive();
        assertThat(proof.number("/stripe/transfers")).isPositive();
        assertThat(proof.number("/stripe/invoices")).isPositive();
        assertThat(proof.number("/stripe/sessions")).isPositive();
        assertThat(proof.number("/stripe/refunds")).isPositive();
        assertThat(proof.number("/stripe/disputes")).isPositive();
        assertThat(proof.number("/stripe/payouts")).isPositive();
        world.newPerson("Eve").api().get(PATH).expect(403);
        world.admin().get("/api/admin/proof?seconds=fast").expect(400);
        for (String wrong : List.of("0", "1001", "-1", "many", "")) {
            assertThat(world.admin()
                            .get("/api/admin/proof?differences=" + wrong)
                            .expect(400)
                            .text("/error"))
                    .contains("differences");
        }
        world.admin().get("/api/admin/proof?cursor=x").expect(400);
        world.admin().get("/api/admin/proof?cursor=payments:").expect(400);
        world.admin().get("/api/admin/proof?cursor=payouts:x").expect(400);
        world.admin().get("/api/admin/proof?cursor=refunds:re_1%26x").expect(400);
    }

    @Test
    void goesOnFromACursor() {
        Answer rest = world.admin()
                .get(PATH + "&cursor=ffffffff-0000-7000-8000-000000000000")
                .expect(200);

        assertThat(rest.json().path("complete").booleanValue()).isTrue();
        assertThat(rest.number("/users")).isZero();
        assertThat(rest.json().path("stripe").isMissingNode()).isTrue();
    }

    /** What is made first stands last in Stripe's list, on its second page. */
    @Test
    void comesToTheEndOfStripesLists() throws SQLException {
        Person buyer = world.newPerson("Ben");
        String session = buyer.api()
                .post("/api/stripe/topups", "{\"pack\": \"large\"}")
                .expect(200)
                .text("/session_id");
        world.stripe().complete(session);
        buyer.awaitCredits(200, 0);
        String payment = world.stripe()
                .fetch("/v1/checkout/sessions/" + session)
                .path("payment_intent")
                .stringValue();
        String first = world.stripe().refund(payment, 1);
        for (int i = 1; i < REFUNDS; i++) {
            world.stripe().refund(payment, 1);
        }
        world.comesToRest();

        Answer oneAnswer = world.admin().get(PATH).expect(200);
        corrupt("UPDATE billing.reversal SET amount_cents = 2 WHERE reversal_id = '" + first + "'");
        List<Answer> pages;
        try {
            pages = stepByStep(page -> page.json().path("complete").booleanValue());
        } finally {
            corrupt("UPDATE billing.reversal SET amount_cents = 1 WHERE reversal_id = '" + first + "'");
        }

        assertThat(pages.stream()
                        .flatMap(page -> page.json().path("differences").valueStream())
                        .map(each -> each.path("rule").stringValue() + " "
                                + each.path("subject").stringValue()))
                .containsExactly("refund_is_as_stripe_says " + first, "cash_is_what_was_paid " + buyer.id());
        assertThat(pages.stream()
                        .mapToLong(page -> page.json().at("/stripe/refunds").asLong(0))
                        .sum())
                .isEqualTo(oneAnswer.number("/stripe/refunds"))
                .isGreaterThanOrEqualTo(REFUNDS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UPDATE ledger.account SET available = available %s 1 WHERE user_id = '%s'"
                        + "| balance_is_the_sum_of_transfers, available_is_what_remains_in_lots",
                "UPDATE ledger.account SET held = held %s 1 WHERE user_id = '%s'"
                        + "| balance_is_the_sum_of_transfers, held_is_what_open_jobs_cost",
                "UPDATE ledger.transfer SET available_after = available_after %s 1 WHERE user_id = '%s' AND sequence = 2"
                        + "| transfers_follow_from_each_other",
                "UPDATE ledger.lot SET granted = granted %s 1 WHERE user_id = '%s'"
                        + "| lot_is_its_grant_less_its_draws, invoice_lots_make_up_what_it_granted, pack_has_its_lot",
                "UPDATE billing.invoice SET granted = granted %s 1 WHERE user_id = '%s'"
                        + "| invoice_lots_make_up_what_it_granted",
                "UPDATE jobs.job SET credit_cost = credit_cost %s 1 WHERE sender = '%s' AND status = 'verified'"
                        + "| job_holds_what_it_costs",
                "UPDATE payouts.payout SET amount_cents = amount_cents %s 1 WHERE sender = '%s'"
                        + "| job_has_one_payout_of_what_it_owes, transfer_is_as_the_payout, payouts_take_what_they_come_to",
                "UPDATE payouts.sender_cash SET committed_cents = committed_cents %s 1 WHERE sender = '%s'"
                        + "| payouts_take_what_they_come_to",
                "UPDATE payouts.sender_cash SET cash_cents = cash_cents %s 1 WHERE sender = '%s'"
                        + "| cash_is_what_was_paid",
                "UPDATE payouts.lot_cash SET revenue_cents = revenue_cents %s 1 WHERE sender = '%s'"
                        + "| cash_is_what_was_paid",
                "UPDATE billing.top_up SET lapsed = lapsed %s 1 WHERE user_id = '%s'"
                        + "| credits_are_taken_back_from_the_account",
            })
    void namesEachDifference(String corruption, String rules) throws SQLException {
        corrupt(corruption.formatted("+", sender.id()));
        List<String> found;
        try {
            found = rules();
        } finally {
            corrupt(corruption.formatted("-", sender.id()));
        }

        assertThat(found).containsExactlyInAnyOrder(rules.split(", ", -1));
        assertThat(rules()).isEmpty();
    }

    @Test
    void namesAPaidPayoutThatStripeKnowsNothingOf() throws SQLException {
        eventually("paid")
                .untilAsserted(
                        () -> assertThat(world.stripe().transfers(verified)).hasSize(1));
        String transfer =
                world.stripe().transfers(verified).getFirst().path("id").stringValue();
        corrupt("UPDATE payouts.payout SET transfer_id = 'tr_gone' WHERE job_id = '" + verified + "'");
        List<String> found;
        try {
            found = rules();
        } finally {
            corrupt("UPDATE payouts.payout SET transfer_id = '" + transfer + "' WHERE job_id = '" + verified + "'");
        }

        assertThat(found).containsExactlyInAnyOrder("job_is_paid_once", "paid_payout_has_its_transfer");
    }

    /** However old they are, and however many: they are looked for in pieces. */
    @Test
    void namesEveryPaidPayoutThatStripeKnowsNothingOf() throws SQLException {
        corrupt("""
                INSERT INTO payouts.payout (id, job_id, sender, receiver, amount_cents, description, status, attempt,
                    first_used_at, account_id, transfer_id, sequence, created_at, updated_at)
                SELECT gen_random_uuid(), gen_random_uuid(), '%1$s', '%1$s', 100, 'planted', 'paid', 1, now(), 'acct_gone',
                       'tr_gone' || n, 1, now(), now() - n * interval '1 day'
                FROM generate_series(1, %2$d) AS n""".formatted(sender.id(), GONE));
        List<Answer> pages;
        try {
            pages = stepByStep(
                    page -> !page.json().path("next_cursor").asString("").startsWith("transfers:"));
        } finally {
            corrupt("DELETE FROM payouts.payout WHERE description = 'planted'");
        }

        assertThat(pages.stream()
                        .flatMap(page -> page.json().path("differences").valueStream())
                        .filter(each -> each.path("rule").stringValue().equals("paid_payout_has_its_transfer")))
                .hasSize(GONE);
    }

    /** Of a rule and a piece, it names so many and says that there are more. */
    @ParameterizedTest
    @CsvSource({
        "20, '',                20, false",
        "21, '',                20, true",
        "21, &differences=1000, 21, false",
        "21, &differences=1,    1,  true"
    })
    void saysThatThereAreMore(int planted, String wanted, int named, boolean more) throws SQLException {
        corrupt("INSERT INTO billing.invoice (invoice_id, user_id, event_id, granted, revenue_cents, applied_at)"
                + " SELECT 'in_planted' || lpad((50 - n)::text, 2, '0'), '" + sender.id()
                + "', 'evt_planted', 50, 0, now()"
                + " FROM generate_series(1, " + planted + ") AS n");
        List<JsonNode> found;
        try {
            found = differences(PATH + wanted).toList();
        } finally {
            corrupt("DELETE FROM billing.invoice WHERE event_id = 'evt_planted'");
        }

        assertThat(found.stream().map(each -> each.path("rule").stringValue()))
                .hasSize(named)
                .containsOnly("invoice_lots_make_up_what_it_granted");
        assertThat(found.stream().map(each -> each.path("subject").stringValue()))
                .isSorted();
        assertThat(found.stream().map(each -> each.path("more").asBoolean(false)))
                .endsWith(more)
                .filteredOn(each -> each)
                .hasSize(more ? 1 : 0);
    }

    /** An odd number and an even one: the last piece is half full, or empty. They come after all others, in two pieces of the ids. */
    @ParameterizedTest
    @ValueSource(ints = {7, 8})
    void findsTheSameInSmallPieces(int planted) throws SQLException {
        corrupt("""
                INSERT INTO ledger.account (user_id, available)
                SELECT ('ffffffff-0000-7000-8000-00000000000' || n)::uuid, 1 FROM generate_series(1, %1$d) AS n;
                INSERT INTO payouts.payout (id, job_id, sender, receiver, amount_cents, description, status, attempt,
                    account_id, transfer_id, sequence, created_at, updated_at)
                SELECT ('ffffffff-0000-7000-8000-00000000000' || n)::uuid, gen_random_uuid(), '%2$s', '%2$s', 100, 'planted',
                       'paid', 1, 'acct_gone', 'tr_gone' || n, 1, now(), now()
                FROM generate_series(1, %1$d) AS n""".formatted(planted, sender.id()));
        String last = "ffffffff-0000-7000-8000-000000000000";
        List<Answer> users;
        List<Answer> payouts;
        List<String> inOne;
        try (AnotherGateway gateway =
                AnotherGateway.of(world, Map.of("proof.users-at-once", "2", "proof.payouts-at-once", "2"))) {
            inOne = found(List.of(world.admin()
                    .get(PATH + "&stripe_pages=0&cursor=payouts:" + last)
                    .expect(200)));
            users = stepByStep(
                    gateway.admin(), last, page -> page.json().path("complete").booleanValue());
            payouts = stepByStep(
                    gateway.admin(),
                    "payouts:" + last,
                    page -> !page.json().path("next_cursor").asString("").startsWith("payouts:ff"));
        } finally {
            corrupt("DELETE FROM payouts.payout WHERE description = 'planted';"
                    + " DELETE FROM ledger.account WHERE user_id > '" + last + "'");
        }

        assertThat(users).hasSize((planted + 1) / 2);
        assertThat(users.stream().map(page -> page.number("/users"))).allMatch(count -> count <= 2);
        assertThat(users.stream().mapToLong(page -> page.number("/users")).sum())
                .isEqualTo(planted);
        // An even number ends with a piece that is empty, because nobody has looked for what comes after.
        assertThat(payouts).hasSize(planted / 2 + 1);
        assertThat(Stream.concat(found(users).stream(), found(payouts).stream()))
                .hasSize(3 * planted)
                .containsExactlyInAnyOrderElementsOf(inOne);
    }

    private static List<String> found(List<Answer> pages) {
        return pages.stream()
                .flatMap(page -> page.json().path("differences").valueStream())
                .map(each -> each.path("rule").stringValue() + " "
                        + each.path("subject").stringValue())
                .toList();
    }

    /** What the proof answers in steps as small as there are, until one is enough. */
    private List<Answer> stepByStep(Predicate<Answer> isEnough) {
        return stepByStep(world.admin(), "", isEnough);
    }

    private static List<Answer> stepByStep(Api admin, String from, Predicate<Answer> isEnough) {
        List<Answer> pages = new ArrayList<>();
        String cursor = from.isEmpty() ? "" : "&cursor=" + from;
        do {
            pages.add(admin.get("/api/admin/proof?seconds=0&stripe_pages=1&all=true" + cursor)
                    .expect(200));
            cursor = "&cursor=" + pages.getLast().json().path("next_cursor").asString("");
            assertThat(pages.size()).as("pages").isLessThan(1_000);
        } while (!isEnough.test(pages.getLast()));
        return pages;
    }

    /** The operator may lay down that a rejected job costs its credits all the same. */
    @Test
    void takesAChargedJobForCaptured() throws SQLException {
        corrupt("UPDATE jobs.job SET status = 'rejected', charged = true WHERE id = '" + verified + "'");
        List<String> found;
        try {
            found = rules();
        } finally {
            corrupt("UPDATE jobs.job SET status = 'verified', charged = false WHERE id = '" + verified + "'");
        }

        assertThat(found).isNotEmpty().doesNotContain("job_is_settled_as_it_was_held");
    }

    /** {@code %1$s} stands for the sender, {@code %2$s} for the job, {@code %3$s} for the pack, {@code %4$s} for who disputes, {@code %5$s} for who goes down. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "INSERT INTO billing.invoice (invoice_id, user_id, event_id, granted, revenue_cents, applied_at)"
                        + " VALUES ('in_planted', '%1$s', 'evt_planted', 50, 0, now())"
                        + "| DELETE FROM billing.invoice WHERE invoice_id = 'in_planted'"
                        + "| invoice_lots_make_up_what_it_granted",
                "UPDATE billing.invoice SET invoice_id = concat(invoice_id, 'x') WHERE user_id = '%1$s'"
                        + "| UPDATE billing.invoice SET invoice_id = left(invoice_id, -1) WHERE user_id = '%1$s'"
                        + "| paid_invoice_is_applied, invoice_lots_make_up_what_it_granted",
                "UPDATE billing.invoice SET cash_cents = 999 WHERE user_id = '%1$s'"
                        + "| UPDATE billing.invoice SET cash_cents = 1000 WHERE user_id = '%1$s'"
                        + "| invoice_brought_in_what_was_paid",
                "UPDATE billing.claim SET tier = 'pro' WHERE invoice_id IN"
                        + " (SELECT invoice_id FROM billing.invoice WHERE user_id = '%1$s')"
                        + "| UPDATE billing.claim SET tier = 'starter' WHERE invoice_id IN"
                        + " (SELECT invoice_id FROM billing.invoice WHERE user_id = '%1$s')"
                        + "| invoice_entitles_to_what_was_paid_for",
                "UPDATE billing.claim SET granted = 49 WHERE invoice_id IN"
                        + " (SELECT invoice_id FROM billing.invoice WHERE user_id = '%1$s')"
                        + "| UPDATE billing.claim SET granted = 50 WHERE invoice_id IN"
                        + " (SELECT invoice_id FROM billing.invoice WHERE user_id = '%1$s')"
                        + "| period_is_granted_once",
                "UPDATE billing.top_up SET session_id = concat(session_id, 'x') WHERE session_id = '%3$s'"
                        + "| UPDATE billing.top_up SET session_id = '%3$s' WHERE user_id = '%1$s'"
                        + "| paid_pack_is_granted, pack_has_its_lot, cash_is_what_was_paid",
                "UPDATE billing.top_up SET paid_cents = 299 WHERE session_id = '%3$s'"
                        + "| UPDATE billing.top_up SET paid_cents = 300 WHERE session_id = '%3$s'"
                        + "| pack_is_granted_as_it_was_sold, cash_is_what_was_paid",
                "UPDATE billing.top_up SET revoked = 6 WHERE session_id = '%3$s'"
                        + "| UPDATE billing.top_up SET revoked = 5 WHERE session_id = '%3$s'"
                        + "| credits_go_with_their_money, credits_are_taken_back_from_the_account",
                "UPDATE billing.entitlement SET lapsed = 1 WHERE (subscription_id, period_end) IN (SELECT subscription_id,"
                        + " period_end FROM billing.claim JOIN billing.invoice USING (invoice_id) WHERE user_id = '%4$s')"
                        + "| UPDATE billing.entitlement SET lapsed = 0 WHERE (subscription_id, period_end) IN (SELECT"
                        + " subscription_id, period_end FROM billing.claim JOIN billing.invoice USING (invoice_id)"
                        + " WHERE user_id = '%4$s')"
                        + "| credits_are_taken_back_from_the_account",
                "UPDATE billing.entitlement SET revoked = 119 WHERE (subscription_id, period_end) IN (SELECT subscription_id,"
                        + " period_end FROM billing.claim JOIN billing.invoice USING (invoice_id) WHERE user_id = '%5$s')"
                        + "| UPDATE billing.entitlement SET revoked = 120 WHERE (subscription_id, period_end) IN (SELECT"
                        + " subscription_id, period_end FROM billing.claim JOIN billing.invoice USING (invoice_id)"
                        + " WHERE user_id = '%5$s')"
                        + "| credits_go_with_their_money, credits_are_taken_back_from_the_account",
                "CREATE TABLE billing.gone AS SELECT * FROM billing.top_up WHERE session_id = '%3$s';"
                        + " DELETE FROM billing.top_up WHERE session_id = '%3$s'"
                        + "| INSERT INTO billing.top_up SELECT * FROM billing.gone; DROP TABLE billing.gone"
                        + "| paid_pack_is_granted, pack_has_its_lot, cash_is_what_was_paid,"
                        + " credits_are_taken_back_from_the_account",
                "UPDATE billing.reversal SET reversal_id = concat(reversal_id, 'x') WHERE payment_id IN"
                        + " (SELECT payment_id FROM billing.payment WHERE session_id = '%3$s')"
                        + "| UPDATE billing.reversal SET reversal_id = left(reversal_id, -1) WHERE payment_id IN"
                        + " (SELECT payment_id FROM billing.payment WHERE session_id = '%3$s')"
                        + "| refund_is_recorded",
                "UPDATE billing.reversal SET returned = true WHERE payment_id IN"
                        + " (SELECT payment_id FROM billing.payment JOIN billing.invoice USING (invoice_id) WHERE user_id = '%4$s')"
                        + "| UPDATE billing.reversal SET returned = false WHERE payment_id IN"
                        + " (SELECT payment_id FROM billing.payment JOIN billing.invoice USING (invoice_id) WHERE user_id = '%4$s')"
                        + "| dispute_is_as_stripe_says, credits_go_with_their_money, cash_is_what_was_paid",
                "CREATE TABLE payouts.gone AS SELECT * FROM payouts.returned_cash WHERE sender = '%1$s';"
                        + " DELETE FROM payouts.returned_cash WHERE sender = '%1$s';"
                        + " UPDATE payouts.sender_cash SET cash_cents = cash_cents + 150 WHERE sender = '%1$s'"
                        + "| INSERT INTO payouts.returned_cash SELECT * FROM payouts.gone; DROP TABLE payouts.gone;"
                        + " UPDATE payouts.sender_cash SET cash_cents = cash_cents - 150 WHERE sender = '%1$s'"
                        + "| cash_is_what_was_paid",
                "UPDATE payouts.payout SET reversed_cents = 40 WHERE job_id = '%2$s'"
                        + "| UPDATE payouts.payout SET reversed_cents = 0 WHERE job_id = '%2$s'"
                        + "| reversal_is_recorded, payouts_take_what_they_come_to",
                "UPDATE payouts.payout SET job_id = '%1$s' WHERE job_id = '%2$s'"
                        + "| UPDATE payouts.payout SET job_id = '%2$s' WHERE job_id = '%1$s'"
                        + "| transfer_belongs_to_a_payout, verified_job_has_its_payout, payout_is_for_a_job,"
                        + " payouts_take_what_they_come_to",
                "UPDATE payouts.payout SET sender = '%4$s' WHERE job_id = '%2$s'"
                        + "| UPDATE payouts.payout SET sender = '%1$s' WHERE job_id = '%2$s'"
                        + "| payout_is_for_a_job",
                "UPDATE payouts.payout SET batch_id = '%1$s' WHERE job_id = '%2$s'"
                        + "| UPDATE payouts.payout SET batch_id = NULL WHERE job_id = '%2$s'"
                        + "| batch_of_a_payout_is_there",
                "UPDATE payouts.payout SET batch_id = '%1$s' WHERE job_id = '%2$s';"
                        + " INSERT INTO payouts.payout (id, job_id, sender, receiver, amount_cents, description, status,"
                        + " transfer_id, account_id, attempt, sequence, created_at, updated_at)"
                        + " SELECT batch_id, batch_id, receiver, receiver, amount_cents + 1, 'Payout for 1 job', status,"
                        + " transfer_id, account_id, 1, 1, now(), now() FROM payouts.payout WHERE job_id = '%2$s'"
                        + "| DELETE FROM payouts.payout WHERE id = '%1$s';"
                        + " UPDATE payouts.payout SET batch_id = NULL WHERE job_id = '%2$s'"
                        + "| batch_is_what_its_jobs_come_to",
                "INSERT INTO payouts.waiting (payout_id, sender, receiver, amount_cents, created_at)"
                        + " SELECT id, sender, receiver, 1, created_at FROM payouts.payout WHERE job_id = '%2$s'"
                        + "| DELETE FROM payouts.waiting WHERE sender = '%1$s'"
                        + "| nobody_waits_for_cash_that_is_there, payouts_take_what_they_come_to",
                "INSERT INTO payouts.payout (id, job_id, sender, receiver, amount_cents, description, status, reason, detail,"
                        + " attempt, sequence, created_at, updated_at) VALUES ('%4$s', '%1$s', '%1$s', '%1$s', 1, 'Planted',"
                        + " 'held', 'revenue_cap', 'planted', 1, 1, now(), now())"
                        + "| DELETE FROM payouts.payout WHERE id = '%4$s'"
                        + "| payout_is_for_a_job, payout_that_waits_for_cash_is_in_line",
                // Nobody claims it: it has no account. What was released after the shortage doesn't stand in line.
                "UPDATE payouts.shortage SET at = now() - interval '8 hours';"
                        + " INSERT INTO payouts.payout (id, job_id, sender, receiver, amount_cents, description, status, step,"
                        + " next_attempt_at, attempt, sequence, created_at, updated_at) VALUES ('%4$s', '%1$s', '%1$s', '%1$s',"
                        + " 1, 'Planted', 'due', 'call', now() - interval '7 hours', 1, 1, now() - interval '9 hours', now())"
                        + "| DELETE FROM payouts.payout WHERE id = '%4$s'; UPDATE payouts.shortage SET at = '-infinity'"
                        + "| payout_is_for_a_job, payout_is_tried_when_it_is_due",
                "INSERT INTO payouts.payout (id, job_id, sender, receiver, amount_cents, description, status, step,"
                        + " next_attempt_at, attempt, sequence, created_at, updated_at) VALUES ('%4$s', '%1$s', '%1$s', '%1$s',"
                        + " 1, 'Planted', 'due', 'call', now() + interval '1 hour', 1, 1, now() - interval '9 hours', now());"
                        + " INSERT INTO payouts.attempt (payout_id, number, key, at, outcome, detail, next_step)"
                        + " SELECT '%4$s', number, 'planted', now() - interval '9 hours' + number * interval '1 hour',"
                        + " CASE number WHEN 1 THEN 'insufficient_funds' ELSE 'unknown' END, 'planted', 'planted'"
                        + " FROM generate_series(1, 8) number"
                        + "| DELETE FROM payouts.attempt WHERE key = 'planted'; DELETE FROM payouts.payout WHERE id = '%4$s'"
                        + "| payout_is_for_a_job, payout_gets_an_answer",
                // It has waited for its account, and Stripe is asked again only now.
                "INSERT INTO payouts.payout (id, job_id, sender, receiver, amount_cents, description, status, step,"
                        + " next_attempt_at, attempt, sequence, created_at, updated_at) VALUES ('%4$s', '%1$s', '%1$s', '%1$s',"
                        + " 1, 'Planted', 'due', 'call', now() + interval '1 hour', 2, 1, now() - interval '9 hours', now());"
                        + " INSERT INTO payouts.attempt (payout_id, number, key, at, outcome, detail, next_step) VALUES"
                        + " ('%4$s', 1, 'planted', now() - interval '9 hours', 'unknown', 'planted', 'planted'),"
                        + " ('%4$s', 2, 'planted', now() - interval '8 hours', 'absent', 'planted', 'planted'),"
                        + " ('%4$s', 3, 'planted', now(), 'unknown', 'planted', 'planted')"
                        + "| DELETE FROM payouts.attempt WHERE key = 'planted'; DELETE FROM payouts.payout WHERE id = '%4$s'"
                        + "| payout_is_for_a_job",
            })
    void namesWhatStripeKnowsOtherwise(String plant, String undo, String rules) throws SQLException {
        corrupt(plant.formatted(sender.id(), verified, pack, disputer.id(), downgrader.id()));
        List<String> found;
        try {
            found = rules();
        } finally {
            corrupt(undo.formatted(sender.id(), verified, pack, disputer.id(), downgrader.id()));
        }

        assertThat(found).containsExactlyInAnyOrder(rules.split(", ", -1));
        assertThat(rules()).isEmpty();
    }

    /**
     * Whatever is noted of an invoice fits together, and isn't what was paid for. {@code %1$s} stands for the invoice, and
     * {@code %2$s} for its period.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "items[0][price]=price_paymaster_starter | price_paymaster_pro | 150"
                        + "| CREATE TABLE billing.gone AS SELECT * FROM billing.claim WHERE invoice_id = '%1$s';"
                        + " DELETE FROM billing.claim WHERE invoice_id = '%1$s';"
                        + " UPDATE billing.entitlement SET tier = 'starter', credits = 50 WHERE %2$s"
                        + "| INSERT INTO billing.claim SELECT * FROM billing.gone; DROP TABLE billing.gone;"
                        + " UPDATE billing.entitlement SET tier = 'pro', credits = 150 WHERE %2$s"
                        + "| invoice_entitles_to_what_was_paid_for",
                "items[0][price]=price_paymaster_starter&discounts[0][coupon]=all | '' | 50"
                        + "| CREATE TABLE billing.gone AS SELECT * FROM billing.claim WHERE invoice_id = '%1$s';"
                        + " CREATE TABLE billing.lost AS SELECT * FROM billing.entitlement WHERE %2$s;"
                        + " DELETE FROM billing.claim WHERE invoice_id = '%1$s'; DELETE FROM billing.entitlement WHERE %2$s"
                        + "| INSERT INTO billing.claim SELECT * FROM billing.gone; DROP TABLE billing.gone;"
                        + " INSERT INTO billing.entitlement SELECT * FROM billing.lost; DROP TABLE billing.lost"
                        + "| invoice_entitles_to_what_was_paid_for",
                "items[0][price]=price_paymaster_starter&items[0][quantity]=3 | '' | 150"
                        + "| UPDATE billing.claim SET credits = 50, granted = 50 WHERE invoice_id = '%1$s';"
                        + " UPDATE billing.entitlement SET credits = 50 WHERE %2$s"
                        + "| UPDATE billing.claim SET credits = 150, granted = 150 WHERE invoice_id = '%1$s';"
                        + " UPDATE billing.entitlement SET credits = 150 WHERE %2$s"
                        + "| invoice_entitles_to_its_tiers_credits",
            })
    void namesAnInvoiceThatEntitlesToSomethingElse(
            String form, String upgrade, int credits, String plant, String undo, String rule) throws SQLException {
        Person subscriber = world.newPerson("Sue");
        String customer = subscribeAtStripe(subscriber, form, upgrade);
        subscriber.awaitCredits(credits, 0);
        world.comesToRest();
        JsonNode invoice = world.stripe()
                .fetch("/v1/invoices?limit=1&customer=" + customer)
                .path("data")
                .path(0);
        String id = invoice.path("id").stringValue();
        String period = "subscription_id = '"
                + invoice.at("/parent/subscription_details/subscription").stringValue() + "'";
        corrupt(plant.formatted(id, period));
        List<String> found;
        try {
            found = differences()
                    .map(each -> each.path("rule").stringValue() + " "
                            + each.path("subject").stringValue())
                    .toList();
        } finally {
            corrupt(undo.formatted(id, period));
        }

        assertThat(found).containsExactly(rule + " " + id);
    }

    /** Returns the customer. */
    private String subscribeAtStripe(Person person, String form, String upgrade) {
        String whose = "metadata[user_id]=" + person.id();
        String customer = world.stripe().call("/v1/customers", whose).path("id").stringValue();
        world.stripe().control("customers/" + customer + "/card", "{\"card\": \"4242424242424242\"}");
        String coupon = world.stripe()
                .call("/v1/coupons", "duration=forever&percent_off=100")
                .path("id")
                .stringValue();
        String subscription = world.stripe()
                .call(
                        "/v1/subscriptions",
                        "customer=" + customer + "&" + whose + "&" + form.replace("=all", "=" + coupon))
                .path("id")
                .stringValue();
        if (!upgrade.isEmpty()) {
            world.stripe()
                    .control(
                            "subscriptions/" + subscription + "/change",
                            "{\"price\": \"" + upgrade + "\", \"when\": \"now\"}");
        }
        return customer;
    }

    /** What is due of a period changes with each invoice that is applied to it, and its review comes a moment later. */
    @Test
    void waitsForTheReviewOfAPeriodThatAnInvoiceWasJustAppliedTo() throws SQLException {
        String revoke = "UPDATE billing.entitlement SET revoked = %d WHERE (subscription_id, period_end) IN"
                + " (SELECT subscription_id, period_end FROM billing.claim JOIN billing.invoice USING (invoice_id)"
                + " WHERE user_id = '" + disputer.id() + "')";
        String apply = "UPDATE billing.invoice SET applied_at = %s WHERE user_id = '" + disputer.id() + "'";
        List<String> fresh;
        List<String> old;
        try (AnotherGateway patient = AnotherGateway.of(world, Map.of("proof.settled-after", "15m"))) {
            corrupt(revoke.formatted(49));
            corrupt(apply.formatted("now()"));
            fresh = found(List.of(patient.admin().get(PATH).expect(200)));
            corrupt(apply.formatted("now() - interval '16 minutes'"));
            old = found(List.of(patient.admin().get(PATH).expect(200)));
        } finally {
            corrupt(revoke.formatted(50));
            corrupt(apply.formatted("now()"));
        }

        assertThat(fresh).noneMatch(each -> each.startsWith("credits_go_with_their_money"));
        assertThat(old).anyMatch(each -> each.startsWith("credits_go_with_their_money"));
    }

    /** Support has made a subscription on the dashboard, and nobody has said whose it is. */
    @Test
    void namesAPaidInvoiceThatHasWaitedForItsUserForADay() throws SQLException {
        Person owner = world.newPerson("Olga");
        String customer =
                world.stripe().call("/v1/customers", "name=Olga").path("id").stringValue();
        world.stripe().control("customers/" + customer + "/card", "{\"card\": \"4242424242424242\"}");
        String price = world.stripe()
                .fetch("/v1/prices?limit=100")
                .path("data")
                .valueStream()
                .filter(each -> each.path("unit_amount").asLong() == 1_000)
                .findAny()
                .orElseThrow()
                .path("id")
                .stringValue();
        String invoice = world.stripe()
                .call("/v1/subscriptions", "customer=" + customer + "&items[0][price]=" + price)
                .path("latest_invoice")
                .stringValue();
        world.comesToRest();
        assertThat(rules()).isEmpty();
        corrupt("UPDATE billing.parked_invoice SET parked_at = now() - interval '25 hours' WHERE invoice_id = '"
                + invoice + "'");

        assertThat(differences()
                        .map(each -> each.path("rule").stringValue() + " "
                                + each.path("subject").stringValue() + " "
                                + each.path("detail").stringValue()))
                .singleElement()
                .asString()
                .startsWith("parked_invoice_finds_its_user " + invoice)
                .contains("user_id", customer);
        world.stripe().call("/v1/customers/" + customer, "metadata[user_id]=" + owner.id());
        owner.awaitCredits(50, 0);
        assertThat(rules()).isEmpty();
    }

    /** Its time-out is kept off by a lock, and comes right after. */
    @Test
    void namesAnAcceptedJobThatNobodyTimesOut() throws SQLException {
        String job = sender.createJob();
        world.newPerson("Rita").accept(job).expect(200);
        List<String> found;
        try (Connection connection = world.database().connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE jobs.partition IN SHARE MODE");
            corrupt("UPDATE jobs.job SET deadline_at = now() - interval '7 hours' WHERE id = '" + job + "'");
            found = rules();
        }

        assertThat(found).containsExactly("accepted_job_goes_on_in_time");
        eventually("timed out").untilAsserted(() -> assertThat(rules()).isEmpty());
    }

    private List<String> rules() {
        return differences()
                .map(difference -> difference.path("rule").stringValue())
                .distinct()
                .toList();
    }

    private Stream<JsonNode> differences() {
        return differences(PATH);
    }

    private Stream<JsonNode> differences(String path) {
        return world.admin().get(path).expect(200).json().path("differences").valueStream();
    }

    private void corrupt(String sql) throws SQLException {
        try (Connection connection = world.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
