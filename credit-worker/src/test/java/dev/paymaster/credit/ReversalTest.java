package dev.paymaster.credit;

import static dev.paymaster.credit.stripe.StripeJson.PRO;
import static dev.paymaster.credit.stripe.StripeJson.STARTER;
import static dev.paymaster.credit.stripe.StripeJson.TEAM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.credit.stripe.StripeJson;
import dev.paymaster.embedded.EmbeddedBroker;
import dev.paymaster.events.credit.CreditCommand.ExpireLots;
import dev.paymaster.events.credit.CreditCommand.GrantCredits;
import dev.paymaster.events.credit.CreditCommand.SetBalanceThreshold;
import dev.paymaster.events.credit.CreditEvent;
import dev.paymaster.ledger.Ledger;
import dev.paymaster.ledger.LedgerBatch;
import dev.paymaster.ledger.LedgerScope;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Money that comes back takes its credits along, whichever way it is told. */
@Tag("long")
class ReversalTest {
    private static final Instant NOVEMBER = Instant.parse("2026-11-01T00:00:00Z");
    private static final Instant UPGRADE = Instant.parse("2026-11-16T00:00:00Z");
    private static final Instant DECEMBER = Instant.parse("2026-12-01T00:00:00Z");
    private static final Instant JANUARY = Instant.parse("2027-01-01T00:00:00Z");
    private static final AtomicLong EVENTS = new AtomicLong();

    private static CreditWorld world;

    @BeforeAll
    static void start() {
        world = new CreditWorld("credit_reversal", EmbeddedBroker.shared(), "sk_test_1");
    }

    @AfterEach
    void balance() {
        world.assertBooksBalance();
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(otherwiseTold()).isZero();
            assertThat(world.cashReturned()).isEqualTo(cashBack());
        });
    }

    private static Map<String, Long> cashBack() {
        Map<String, Long> back = new HashMap<>();
        world.jdbc.query("SELECT ref, cents FROM billing.cash_back WHERE cents > 0", row -> {
            back.put(row.getString(1), row.getLong(2));
        });
        return back;
    }

    /** Purchases of which the view for the gateway tells another sum than the one that reviews went by. */
    private static long otherwiseTold() {
        return world.number("""
                SELECT count(*) FROM (
                    SELECT 'session:' || session_id AS source_ref, credits, revoked FROM billing.top_up
                    UNION ALL
                    SELECT 'invoice:' || min(c.invoice_id), e.credits, e.revoked
                    FROM billing.entitlement e JOIN billing.claim c USING (subscription_id, period_end)
                    WHERE (subscription_id, period_end) NOT IN (SELECT subscription_id, period_end FROM billing.given_back)
                    GROUP BY e.subscription_id, e.period_end HAVING count(*) = 1) AS bought
                LEFT JOIN api.returned_cash AS r USING (source_ref)
                WHERE revoked <> coalesce(credits * r.returned_cents / nullif(r.paid_cents, 0), 0)""");
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    /** A subscriber whose ids are made of one. */
    private record Payer(UUID user) {
        static Payer random() {
            return new Payer(UUID.randomUUID());
        }

        /** As the gateway: keyed by the customer where the object names one, else by the object. */
        void tell(String key, String type, String object) {
            String id = "evt_r" + EVENTS.incrementAndGet();
            world.stripe(key, id, type, StripeJson.event(id, type, object));
        }

        void invoice(String name, long paid, String... lines) {
            String invoice = StripeJson.invoice(id("in", name), "cus_" + user, "sub_" + user, user, false, lines)
                    .replaceFirst("\"amount_paid\": \\d+", "\"amount_paid\": " + paid);
            tell("cus_" + user, "invoice.paid", invoice);
        }

        /** Settled in part, or wholly, by what Stripe owed the customer. */
        void invoicePaidFromBalance(String name, long paid, long fromBalance) {
            String invoice = StripeJson.invoice(
                            id("in", name),
                            "cus_" + user,
                            "sub_" + user,
                            user,
                            false,
                            StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER))
                    .replace(
                            "\"amount_paid\": 1000",
                            "\"amount_paid\": %d, \"starting_balance\": %d, \"ending_balance\": -70"
                                    .formatted(paid, -fromBalance - 70));
            tell("cus_" + user, "invoice.paid", invoice);
        }

        /** Stripe owes the customer what was not used. */
        void cancelForTheRest(String name, long cents) {
            invoice(name, 0, StripeJson.itemProration(PRO, -cents, UPGRADE, DECEMBER));
        }

        /** Once its credits have been away or left for a while, the lot's time is over. */
        void lapse(String name) {
            String lot = "invoice:" + id("in", name);
            world.jdbc.update("UPDATE ledger.lot SET expires_at = now() + interval '300 ms' WHERE source_ref = ?", lot);
            Awaitility.await().until(() -> world.number("""
                            SELECT count(*) FROM ledger.lot
                            WHERE source_ref = ? AND expires_at < now() AND remaining = 0""", lot) == 1);
        }

        /** A job holds them. */
        void spend(long credits) {
            new TransactionTemplate(world.service.getBean(PlatformTransactionManager.class)).executeWithoutResult(_ -> {
                LedgerBatch accounts =
                        world.service.getBean(Ledger.class).open(new LedgerScope(Set.of(user), Set.of(), Set.of()));
                accounts.hold(user, UUID.randomUUID(), credits, Instant.now());
                accounts.save();
            });
        }

        /** What margins are reckoned with. */
        String cash(String name) {
            return Objects.requireNonNull(world.jdbc.queryForObject("""
                            SELECT format('%s, %s back', r.cash_cents, r.returned_cash_cents)
                            FROM api.returned_cash r WHERE r.source_ref = ?""", String.class, "invoice:" + id("in", name)));
        }

        void creditNote(String name, long cents, long refunded) {
            tell(
                    "cus_" + user,
                    "credit_note.created",
                    StripeJson.creditNote(id("cn", name), id("in", name), cents, refunded, "issued"));
        }

        void paid(String name, long cents) {
            tell(
                    id("inpay", name),
                    "invoice_payment.paid",
                    StripeJson.invoicePayment(id("pi", name), id("in", name), cents));
        }

        void refund(String name, int number, long cents, String type, String status) {
            String refund = id("re" + number, name);
            tell(refund, type, StripeJson.refund(refund, id("pi", name), cents, status));
        }

        void dispute(String name, long cents, String type, String status) {
            String dispute = id("dp", name);
            tell(dispute, type, StripeJson.dispute(dispute, id("pi", name), cents, status));
        }

        /** Told some seconds after all else. */
        void tellLater(long seconds, String key, String type, String object) {
            String id = "evt_r" + EVENTS.incrementAndGet();
            String event = StripeJson.event(id, type, object);
            world.stripe(
                    key,
                    id,
                    type,
                    event.replace(
                            "\"api_version\": \"2026-07-29.dahlia\", \"created\": 1795000000",
                            "\"api_version\": \"2026-07-29.dahlia\", \"created\": " + (1795000000 + seconds)));
        }

        void charge(String name, long cents, long refunded) {
            tell("cus_" + user, "charge.refunded", StripeJson.charge(id("pi", name), cents, refunded));
        }

        void topUp(String name, String type, String pack, long cents, String status) {
            tell("cus_" + user, type, topUpOf(name, pack, cents, status));
        }

        String topUpOf(String name, String pack, long cents, String status) {
            return StripeJson.topUp(id("cs", name), user.toString(), pack, id("pi", name), cents, status);
        }

        String id(String kind, String name) {
            return kind + "_" + name + "_" + user;
        }

        long net() {
            return world.number("SELECT coalesce(sum(available - debt), 0) FROM api.balance WHERE user_id = ?", user);
        }

        void awaitNet(long credits) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(net()).isEqualTo(credits));
        }
    }

    @Test
    void refundsTakeBackInProportionAndFailedOnesComeAgain() {
        Payer ada = Payer.random();
        ada.invoice("first", 1000, StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER));
        ada.paid("first", 1000);
        ada.refund("first", 1, 210, "refund.created", "succeeded");
        ada.awaitNet(40);

        ada.charge("first", 1000, 1000);
        ada.refund("first", 2, 790, "refund.created", "succeeded");
        ada.awaitNet(0);

        ada.refund("first", 2, 790, "refund.failed", "failed");
        ada.awaitNet(40);

        List<CreditEvent> events = world.events(ada.user).stream()
                .map(CreditWorld.Published::event)
                .filter(event -> !(event instanceof CreditEvent.CashReturned))
                .toList();
        assertThat(events.getFirst()).isInstanceOf(CreditEvent.CreditsGranted.class);
        assertThat(events.get(1)).isInstanceOfSatisfying(CreditEvent.CreditsRevoked.class, revoked -> {
            assertThat(revoked.entry().amount()).isEqualTo(10);
            assertThat(revoked.entry().ref()).isEqualTo("reversal:invoice:" + ada.id("in", "first") + ":2");
        });
        assertThat(events.getLast())
                .isInstanceOfSatisfying(
                        CreditEvent.CreditsReinstated.class,
                        back -> assertThat(back.entry().amount()).isEqualTo(40));
    }

    @Test
    void whatWasSpentBecomesDebtAndTheNextGrantRepaysIt() {
        Payer ada = Payer.random();
        ada.invoice("first", 1000, StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER));
        ada.awaitNet(50);
        world.command("take " + ada.user, ada.user, new GrantCredits(ada.user, -30, "spent", null));
        ada.awaitNet(20);

        ada.paid("first", 1000);
        ada.dispute("first", 1000, "charge.dispute.created", "needs_response");
        ada.awaitNet(-30);
        ada.invoice("renewal", 1000, StripeJson.line(STARTER, 1000, DECEMBER, JANUARY));
        ada.awaitNet(20);

        assertThat(world.events(ada.user))
                .extracting(published -> published.event().getClass().getSimpleName())
                .containsSubsequence("CreditsRevoked", "CreditsGranted", "DebtRepaid");
        ada.dispute("first", 1000, "charge.dispute.closed", "won");
        ada.awaitNet(70);
    }

    @Test
    void aRefundWaitsForItsInvoiceAndForWhatLinksThem() {
        Payer ada = Payer.random();
        ada.refund("first", 1, 1000, "refund.created", "succeeded");
        world.settle();
        ada.invoice("first", 1000, StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER));
        ada.awaitNet(50);

        ada.paid("first", 1000);

        ada.awaitNet(0);
        assertThat(world.number(
                        "SELECT count(*) FROM billing.payment WHERE open AND payment_id = ?", ada.id("pi", "first")))
                .isZero();
    }

    @Test
    void aCreditNoteTakesBackWhatItGivesOtherwiseThanByARefund() {
        Payer ada = Payer.random();
        ada.invoice("first", 1000, StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER));
        String note = ada.id("cn", "first");

        ada.tell(
                "cus_" + ada.user,
                "credit_note.created",
                StripeJson.creditNote(note, ada.id("in", "first"), 500, 100, "issued"));
        ada.awaitNet(30);
        ada.tell(
                "cus_" + ada.user,
                "credit_note.voided",
                StripeJson.creditNote(note, ada.id("in", "first"), 500, 100, "void"));
        ada.awaitNet(50);
    }

    /** What is given back outside of Stripe is away, what the customer's balance gets isn't. */
    @Test
    void aCreditNoteBringsCashBackOutsideOfStripe() {
        Payer ada = Payer.random();
        ada.invoice("first", 1000, StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER));

        ada.tell(
                "cus_" + ada.user,
                "credit_note.created",
                StripeJson.creditNote(ada.id("cn", "first"), ada.id("in", "first"), 500, 0, "issued")
                        .replace("\"out_of_band_amount\": null", "\"out_of_band_amount\": 300"));

        ada.awaitNet(25);
        assertThat(ada.cash("first")).isEqualTo("1000, 300 back");
    }

    @Test
    void whatTheCustomersBalancePaidForIsPaidForToo() {
        Payer partly = Payer.random();
        partly.invoicePaidFromBalance("first", 400, 600);
        partly.paid("first", 400);
        partly.refund("first", 1, 200, "refund.created", "succeeded");
        partly.awaitNet(50 - 10);
        partly.creditNote("first", 800, 0);
        partly.awaitNet(0);
        assertThat(partly.cash("first")).as("the note pays into the balance").isEqualTo("400, 200 back");

        Payer wholly = Payer.random();
        wholly.invoicePaidFromBalance("first", 0, 1000);
        wholly.creditNote("first", 500, 0);
        wholly.awaitNet(25);
        assertThat(wholly.cash("first")).isEqualTo("0, 0 back");
    }

    @Test
    void tellsWhatHasComeBackOfTheCashThatBoughtCredits() {
        Payer ada = Payer.random();
        String month = "invoice:" + ada.id("in", "first");
        ada.invoice(
                "first",
                1000,
                StripeJson.line(STARTER, 333, NOVEMBER, DECEMBER),
                StripeJson.line("price_other", 667, NOVEMBER, DECEMBER));
        ada.paid("first", 1000);
        ada.refund("first", 1, 100, "refund.created", "succeeded");
        awaitReturned(month, 34L);
        ada.dispute("first", 900, "charge.dispute.created", "needs_response");
        awaitReturned(month, 333L);
        ada.dispute("first", 900, "charge.dispute.closed", "won");
        awaitReturned(month, 34L);
        ada.refund("first", 1, 100, "refund.failed", "failed");
        awaitReturned(month, null);

        String pack = "session:" + ada.id("cs", "small");
        ada.refund("small", 2, 100, "refund.created", "succeeded");
        ada.topUp("small", "checkout.session.completed", "small", 300, "paid");
        awaitReturned(pack, 100L);
    }

    private static void awaitReturned(String ref, @Nullable Long cents) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(world.cashReturned().get(ref)).isEqualTo(cents));
    }

    @Test
    void unusedTimeThatIsGivenBackTakesItsCredits() {
        Payer ada = Payer.random();
        ada.invoice("first", 2500, StripeJson.line(PRO, 2500, NOVEMBER, DECEMBER));
        ada.awaitNet(150);
        ada.spend(100);

        ada.cancelForTheRest("end", 1250);
        ada.awaitNet(50 - 75);
        ada.cancelForTheRest("end", 1250);
        ada.paid("first", 2500);
        ada.refund("first", 1, 1000, "refund.created", "succeeded");
        ada.awaitNet(50 - 75 - 60);
        ada.refund("first", 1, 1000, "refund.failed", "failed");
        ada.awaitNet(50 - 75);
    }

    @Test
    void whatIsGivenBackMayBeToldBeforeWhatWasPaid() {
        Payer ada = Payer.random();
        ada.cancelForTheRest("end", 1250);
        world.settle();
        ada.invoice("first", 2500, StripeJson.line(PRO, 2500, NOVEMBER, DECEMBER));
        ada.awaitNet(75);
    }

    @Test
    void whatGivesBackForOnePeriodAndPaysForAnotherIsMeasuredByPeriods() {
        Payer ada = Payer.random();
        ada.invoice("first", 7500, StripeJson.line(TEAM, 7500, NOVEMBER, DECEMBER));
        ada.invoice(
                "renewal",
                0,
                StripeJson.itemProration(TEAM, -3750, UPGRADE, DECEMBER),
                StripeJson.itemProration(STARTER, 500, UPGRADE, DECEMBER),
                StripeJson.line(STARTER, 1000, DECEMBER, JANUARY));
        ada.awaitNet(500 - 216 + 50);

        // The next period was paid for by what this one gave back.
        ada.invoice("end", 0, StripeJson.itemProration(STARTER, -500, DECEMBER, JANUARY));
        ada.awaitNet(500 - 216 + 25);
    }

    @Test
    void whatHasLapsedIsNotTakenASecondTime() {
        Payer ada = Payer.random();
        ada.invoice("first", 1000, StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER));
        ada.paid("first", 1000);
        ada.awaitNet(50);
        ada.spend(20);
        ada.lapse("first");
        world.command("stay " + ada.user, ada.user, new GrantCredits(ada.user, 100, "others", null));
        ada.awaitNet(100);

        ada.refund("first", 1, 500, "refund.created", "succeeded");
        ada.refund("first", 2, 500, "refund.created", "succeeded");
        ada.awaitNet(100 - 20);
        ada.refund("first", 1, 500, "refund.failed", "failed");
        ada.awaitNet(100);
        ada.refund("first", 2, 500, "refund.failed", "failed");
        ada.refund("first", 3, 1000, "refund.created", "succeeded");
        ada.awaitNet(100 - 20);
    }

    /** Lapsed for so long that only the daily look for it finds it: as after an outage, a review comes first. */
    @Test
    void whatHasLapsedUnseenIsNotTakenFromOtherLots() {
        Payer ada = Payer.random();
        ada.invoice("first", 1000, StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER));
        ada.invoice(
                "up",
                750,
                StripeJson.proration(STARTER, -500, UPGRADE, DECEMBER),
                StripeJson.proration(PRO, 1250, UPGRADE, DECEMBER));
        world.command("others " + ada.user, ada.user, new GrantCredits(ada.user, 70, "others", null));
        ada.awaitNet(220);
        world.jdbc.update(
                "UPDATE ledger.lot SET expires_at = now() - interval '3 days' WHERE source_ref = ?",
                "invoice:" + ada.id("in", "first"));

        ada.cancelForTheRest("end", 1750);
        ada.awaitNet(70);
        world.command("late sweep " + ada.user, ada.user, new ExpireLots(ada.user));
        world.command("seen " + ada.user, ada.user, new GrantCredits(ada.user, 1, "seen", null));

        ada.awaitNet(71);
    }

    /** Paid once, it came back twice: as balance, which buys credits, and as money. */
    @Test
    void callsPeopleWhenMoreComesBackThanWasPaid() {
        Payer ada = Payer.random();
        double before = alarms("balance_without_money");
        ada.invoice("first", 2500, StripeJson.line(PRO, 2500, NOVEMBER, DECEMBER));
        ada.paid("first", 2500);
        ada.cancelForTheRest("end", 1250);
        ada.awaitNet(75);
        ada.refund("first", 1, 1250, "refund.created", "succeeded");
        ada.awaitNet(0);
        assertThat(alarms("balance_without_money")).isEqualTo(before);

        ada.dispute("first", 1250, "charge.dispute.created", "needs_response");

        Awaitility.await().until(() -> alarms("balance_without_money") > before);
    }

    /** Stripe credits unused time of a renewal, though nobody has paid for that. */
    @Test
    void callsPeopleWhenSomethingComesBackOfWhatNobodyPaidFor() {
        Payer ada = Payer.random();
        double before = alarms("balance_without_money");

        ada.cancelForTheRest("end", 1250);

        Awaitility.await().until(() -> alarms("balance_without_money") > before);
    }

    /** The same tier at a price that is a little more. */
    @Test
    void aDisputeTakesWhatItsPaymentBoughtThoughAnotherPriceWasChosenSince() {
        Payer ada = Payer.random();
        ada.invoice("first", 2000, StripeJson.line(PRO, 2000, NOVEMBER, DECEMBER));
        ada.paid("first", 2000);
        Instant middle = NOVEMBER.plus(Duration.ofDays(15));
        ada.invoice(
                "change",
                250,
                StripeJson.proration(PRO, -1000, middle, DECEMBER),
                StripeJson.proration(PRO, 1250, middle, DECEMBER));
        ada.awaitNet(150);

        ada.dispute("first", 2000, "charge.dispute.created", "needs_response");

        ada.awaitNet(0);
    }

    @Test
    void callsPeopleWhenAPaymentPaidForSeveralInvoices() {
        Payer ada = Payer.random();
        double before = alarms("payment_of_several");
        ada.paid("first", 1000);
        ada.paid("first", 1000);
        world.settle();
        assertThat(alarms("payment_of_several")).isEqualTo(before);

        ada.tell(
                ada.id("inpay", "second"),
                "invoice_payment.paid",
                StripeJson.invoicePayment(ada.id("pi", "first"), ada.id("in", "second"), 1000));

        Awaitility.await().until(() -> alarms("payment_of_several") > before);
    }

    private static double alarms(String reason) {
        return world.count("paymaster.billing.alarms", "reason", reason);
    }

    @Test
    void whatIsGivenBackHasTheTimeThatItWasAway() {
        Payer ada = Payer.random();
        ada.invoice("first", 1000, StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER));
        ada.paid("first", 1000);
        ada.dispute("first", 1000, "charge.dispute.created", "needs_response");
        ada.awaitNet(0);
        Awaitility.await().until(() -> world.number("SELECT count(*) FROM api.entry WHERE user_id = ?", ada.user) == 2);
        ada.lapse("first");
        OffsetDateTime lapsed = Objects.requireNonNull(world.jdbc.queryForObject(
                "SELECT expires_at FROM ledger.lot WHERE user_id = ?", OffsetDateTime.class, ada.user));

        ada.dispute("first", 1000, "charge.dispute.closed", "won");

        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(world.number("""
                        SELECT count(*) FROM ledger.lot AS l
                        WHERE user_id = ? AND expires_at - ? =
                              (SELECT max(recorded_at) FILTER (WHERE kind = 'reinstate')
                                      - min(recorded_at) FILTER (WHERE kind = 'revoke')
                               FROM ledger.transfer AS t WHERE t.user_id = l.user_id)""", ada.user, lapsed)).isOne());
    }

    @Test
    void aFailedRefundDoesNotHideALaterOne() {
        Payer ada = Payer.random();
        ada.invoice("first", 1000, StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER));
        ada.paid("first", 1000);
        ada.refund("first", 1, 300, "refund.created", "succeeded");
        ada.refund("first", 2, 200, "refund.created", "pending");
        ada.charge("first", 1000, 500);
        ada.awaitNet(25);
        String failed = StripeJson.refund(ada.id("re2", "first"), ada.id("pi", "first"), 200, "failed");
        ada.tellLater(10, ada.id("re2", "first"), "refund.failed", failed);
        ada.awaitNet(35);

        String charge = StripeJson.charge(ada.id("pi", "first"), 1000, 400);
        ada.tellLater(20, "cus_" + ada.user, "charge.refunded", charge);

        ada.awaitNet(30);
        ada.charge("first", 1000, 500);
        world.settle();
        assertThat(ada.net()).isEqualTo(30);
    }

    @Test
    void aFailedRefundThatIsToldOfAgainStaysFailed() {
        Payer ada = Payer.random();
        ada.invoice("first", 1000, StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER));
        ada.paid("first", 1000);
        ada.refund("first", 1, 300, "refund.created", "succeeded");
        ada.refund("first", 2, 200, "refund.created", "pending");
        ada.tellLater(5, "cus_" + ada.user, "charge.refunded", StripeJson.charge(ada.id("pi", "first"), 1000, 500));
        ada.awaitNet(25);
        String failed = StripeJson.refund(ada.id("re2", "first"), ada.id("pi", "first"), 200, "failed");
        ada.tellLater(10, ada.id("re2", "first"), "refund.failed", failed);
        ada.awaitNet(35);

        // As the gateway tells of it that reads Stripe's list, with the refund's own time.
        ada.refund("first", 2, 200, "refund.updated", "failed");

        world.settle();
        assertThat(ada.net()).isEqualTo(35);
    }

    @Test
    void aPackGrantsOnceItIsPaidAndGoesWithItsRefund() {
        Payer ada = Payer.random();
        ada.refund("pack", 1, 400, "refund.created", "succeeded");
        ada.topUp("pack", "checkout.session.completed", "medium", 2000, "unpaid");
        world.settle();
        assertThat(ada.net()).isZero();

        for (int i = 0; i < 3; i++) {
            ada.topUp("pack", "checkout.session.async_payment_succeeded", "medium", 2000, "paid");
        }
        ada.awaitNet(50 - 10);
        ada.topUp("more", "checkout.session.completed", "small", 1000, "paid");
        ada.topUp("free", "checkout.session.completed", "small", 0, "no_payment_required");
        ada.topUp("failed", "checkout.session.async_payment_failed", "small", 1000, "unpaid");
        ada.awaitNet(40 + 10 + 10);
        ada.dispute("pack", 2000, "charge.dispute.created", "needs_response");
        ada.awaitNet(10 + 10);

        assertThat(world.jdbc.queryForList(
                        "SELECT source_ref FROM api.lot WHERE user_id = ? ORDER BY opened", String.class, ada.user))
                .startsWith("session:" + ada.id("cs", "pack"));
        assertThat(world.number(
                        "SELECT revenue_cents FROM ledger.lot WHERE source_ref = ?", "session:" + ada.id("cs", "pack")))
                .isEqualTo(2000);
    }

    @Test
    void whatCannotBeGrantedGoesToTheDeadLetters() {
        Payer ada = Payer.random();
        String customer = "cus_" + ada.user;
        String line = StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER);
        String invoice = StripeJson.invoice(ada.id("in", "x"), customer, "sub_x", ada.user, false, line);
        String unknownPack =
                StripeJson.event("evt_p", "checkout.session.completed", ada.topUpOf("x", "giant", 1, "paid"));
        String live = StripeJson.event("evt_l", "invoice.paid", invoice)
                .replace("\n \"livemode\": false", "\n \"livemode\": true");
        String euros = StripeJson.event("evt_e", "invoice.paid", invoice.replace("\"usd\"", "\"eur\""));

        world.stripe(customer, "evt_p", "checkout.session.completed", unknownPack);
        world.stripe(customer, "evt_l", "invoice.paid", live);
        world.stripe(customer, "evt_e", "invoice.paid", euros);
        world.settle();

        assertThat(ada.net()).isZero();
        assertThat(world.deadLetters()).contains(unknownPack, live, euros);
    }

    @Test
    void aReviewThatNobodyCalledForIsCalledForLater() {
        Payer ada = Payer.random();
        ada.invoice("first", 1000, StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER));
        ada.awaitNet(50);
        world.jdbc.update("""
                INSERT INTO billing.payment (payment_id, invoice_id, refunded_cents, open, changed_at, called_at)
                VALUES (?, ?, 500, true, now(), now() - interval '1 minute')""", ada.id("pi", "first"), ada.id("in", "first"));

        ada.awaitNet(25);
    }

    @Test
    void reviewsThatComeToNothingKeepNoOtherFromItsTurn() {
        Payer ada = Payer.random();
        ada.invoice("first", 1000, StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER));
        ada.awaitNet(50);
        String old = ada.id("in", "old");
        world.jdbc.update("""
                INSERT INTO billing.invoice (invoice_id, user_id, event_id, granted, revenue_cents, applied_at)
                VALUES (?, ?, 'evt_old', 0, 0, now())""", old, ada.user);
        world.jdbc.update("""
                INSERT INTO billing.payment (payment_id, invoice_id, refunded_cents, open, changed_at, called_at)
                SELECT ? || number, ?, 500, true, now(), now() - interval '1 hour' FROM generate_series(1, 1000) AS number""", ada.id("pi", "old"), old);
        world.jdbc.update("""
                INSERT INTO billing.payment (payment_id, invoice_id, refunded_cents, open, changed_at, called_at)
                VALUES (?, ?, 500, true, now(), now() - interval '1 minute')""", ada.id("pi", "first"), ada.id("in", "first"));

        try {
            ada.awaitNet(25);
        } finally {
            world.jdbc.update("DELETE FROM billing.payment WHERE invoice_id = ?", old);
        }
    }

    /** It only gives back: there is nothing to take, and nothing to look at again. */
    @Test
    void theReviewOfAnInvoiceThatClaimsNothingEnds() {
        Payer ada = Payer.random();
        ada.cancelForTheRest("end", 1250);
        ada.paid("end", 100);
        ada.refund("end", 1, 100, "refund.created", "succeeded");

        Awaitility.await().until(() -> world.number("""
                        SELECT count(*) FROM billing.payment JOIN billing.reversal USING (payment_id)
                        WHERE NOT open AND payment_id = ?""", ada.id("pi", "end")) == 1);
    }

    @Test
    void whatIsLeftOfALapsedLotIsWrittenOffOnce() {
        Payer ada = Payer.random();
        Instant soon = Instant.now().plusSeconds(1);
        world.command("lapsing " + ada.user, ada.user, new GrantCredits(ada.user, 7, "for a moment", soon));
        world.command("staying " + ada.user, ada.user, new GrantCredits(ada.user, 5, "for ever", null));
        world.settle();

        ada.awaitNet(5);
        Awaitility.await()
                .untilAsserted(() -> assertThat(world.events(ada.user).getLast().event())
                        .isInstanceOfSatisfying(CreditEvent.CreditsExpired.class, expired -> {
                            assertThat(expired.entry().amount()).isEqualTo(7);
                            assertThat(expired.entry().available()).isEqualTo(5);
                        }));
    }

    @Test
    void aLowBalanceIsToldOnce() {
        Payer ada = Payer.random();
        String set = "threshold " + ada.user;
        world.command("some " + ada.user, ada.user, new GrantCredits(ada.user, 30, "some", null));
        world.command(set, ada.user, new SetBalanceThreshold(ada.user, 20L));
        world.command(set, ada.user, new SetBalanceThreshold(ada.user, 20L));
        world.command("a " + ada.user, ada.user, new GrantCredits(ada.user, -15, "spent", null));
        world.command("b " + ada.user, ada.user, new GrantCredits(ada.user, -5, "spent", null));
        world.settle();

        ada.awaitNet(10);
        Awaitility.await()
                .untilAsserted(() -> assertThat(world.events(ada.user)).hasSize(9));
        assertThat(world.events(ada.user))
                .extracting(CreditWorld.Published::event)
                .containsOnlyOnce(new CreditEvent.BalanceLow(ada.user, 20, 15))
                .contains(new CreditEvent.BalanceThresholdSet(ada.user, 20L));
    }

    /** A failure names its seed; {@code -Dreversal.seed=…} replays it. */
    @Test
    void everyOrderAndRepetitionOfALifeComesToTheSame() {
        long seed = Long.getLong("reversal.seed", System.nanoTime());
        Random random = new Random(seed);
        List<Payer> payers = new ArrayList<>();
        List<Runnable> steps = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            Payer payer = Payer.random();
            boolean pauses = i % 4 == 0;
            payers.add(payer);
            steps.clear();
            steps.addAll(life(payer));
            Collections.shuffle(steps, random);
            steps.addAll(steps.subList(0, random.nextInt(steps.size())));
            for (Runnable step : List.copyOf(steps)) {
                step.run();
                if (pauses && random.nextInt(3) == 0) {
                    world.settle();
                }
            }
        }

        // November: 50 less 300 of 1000 cents, raised by 100. December: nothing, charged back after a part was
        // refunded.
        long net = 50 - 15 + 100;
        String replay = "replay with -Dreversal.seed=" + seed;
        for (Payer payer : payers) {
            Awaitility.await(replay).atMost(Duration.ofSeconds(30)).until(payer::net, found -> found == net);
        }
        world.settle();
        assertThat(payers).as(replay).allMatch(payer -> payer.net() == net);
    }

    private static List<Runnable> life(Payer payer) {
        return List.of(
                () -> payer.invoice("first", 1000, StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER)),
                () -> payer.invoice(
                        "upgrade",
                        750,
                        StripeJson.proration(STARTER, -500, UPGRADE, DECEMBER),
                        StripeJson.itemProration(PRO, 1250, UPGRADE, DECEMBER)),
                () -> payer.invoice("renewal", 2500, StripeJson.line(PRO, 2500, DECEMBER, JANUARY)),
                () -> payer.paid("first", 1000),
                () -> payer.paid("upgrade", 750),
                () -> payer.paid("renewal", 2500),
                () -> payer.refund("first", 1, 300, "refund.created", "succeeded"),
                () -> payer.charge("first", 1000, 300),
                () -> payer.refund("first", 2, 700, "refund.created", "pending"),
                () -> payer.charge("first", 1000, 1000),
                () -> payer.refund("first", 2, 700, "refund.failed", "failed"),
                () -> payer.dispute("upgrade", 750, "charge.dispute.created", "needs_response"),
                () -> payer.dispute("upgrade", 750, "charge.dispute.closed", "won"),
                () -> payer.refund("renewal", 1, 400, "refund.created", "succeeded"),
                () -> payer.dispute("renewal", 2500, "charge.dispute.created", "warning_needs_response"),
                () -> payer.dispute("renewal", 2500, "charge.dispute.funds_withdrawn", "needs_response"),
                () -> payer.dispute("renewal", 2500, "charge.dispute.closed", "lost"));
    }
}
