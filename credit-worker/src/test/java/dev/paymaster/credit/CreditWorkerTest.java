package dev.paymaster.credit;

import static dev.paymaster.credit.stripe.StripeJson.PRO;
import static dev.paymaster.credit.stripe.StripeJson.STARTER;
import static dev.paymaster.credit.stripe.StripeJson.TEAM;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paymaster.credit.CreditWorld.Published;
import dev.paymaster.credit.stripe.StripeJson;
import dev.paymaster.embedded.EmbeddedBroker;
import dev.paymaster.events.Topics;
import dev.paymaster.events.credit.CreditCommand.GrantCredits;
import dev.paymaster.events.credit.CreditCommand.ReviewPurchase;
import dev.paymaster.events.credit.CreditEvent.CashReceived;
import dev.paymaster.events.credit.CreditEvent.CreditsGranted;
import dev.paymaster.events.credit.CreditEvent.GrantApplied;
import dev.paymaster.events.credit.CreditEvent.GrantRefused;
import dev.paymaster.messaging.UnreadableRecordException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CreditWorkerTest {
    private static final Instant NOVEMBER = Instant.parse("2026-11-01T00:00:00Z");
    private static final Instant UPGRADE = Instant.parse("2026-11-16T00:00:00Z");
    private static final Instant DECEMBER = Instant.parse("2026-12-01T00:00:00Z");
    private static final Instant JANUARY = Instant.parse("2027-01-01T00:00:00Z");

    private static CreditWorld world;
    private static int events;

    @BeforeAll
    static void start() {
        world = new CreditWorld("credit_worker", EmbeddedBroker.shared(), "sk_test_1");
    }

    @AfterEach
    void balance() {
        world.assertBooksBalance();
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    /** A user with a Stripe customer and a subscription. */
    private record Subscriber(UUID user, String customer, String subscription) {
        static Subscriber random() {
            UUID user = UUID.randomUUID();
            return new Subscriber(user, "cus_" + user, "sub_" + user);
        }

        void checkout() {
            String id = nextEvent();
            send(id, "checkout.session.completed", StripeJson.checkoutCompleted(id, customer, user, "subscription"));
        }

        void invoice(String name, boolean namesUser, String... lines) {
            String id = nextEvent();
            send(
                    id,
                    "invoice.paid",
                    StripeJson.invoicePaid(
                            id, invoiceId(name), customer, subscription, namesUser ? user : null, lines));
        }

        String invoiceId(String name) {
            return "in_" + name + "_" + user;
        }

        void isNamedBy(UUID named) {
            tell("customer.updated", "{\"id\": \"" + customer + "\", \"metadata\": {\"user_id\": \"" + named + "\"}}");
        }

        void tell(String type, String object) {
            String id = nextEvent();
            send(id, type, StripeJson.event(id, type, object));
        }

        private void send(String eventId, String type, String body) {
            world.stripe(customer, eventId, type, body);
        }
    }

    @Test
    void theSameInvoiceFiftyTimesGrantsOnce() {
        Subscriber ada = Subscriber.random();

        for (int i = 0; i < 50; i++) {
            ada.invoice("first", true, StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER));
            if (i == 0) {
                ada.checkout();
            }
        }
        world.settle();

        assertThat(world.available(ada.user)).isEqualTo(50);
        assertThat(world.events(ada.user)).singleElement().satisfies(published -> {
            assertThat(published.envelope().sequence()).isEqualTo(1);
            assertThat(published.envelope().source()).isEqualTo("/credit-worker");
            assertThat(published.envelope().causationId()).startsWith("evt_");
            assertThat(published.event()).isInstanceOfSatisfying(CreditsGranted.class, granted -> {
                assertThat(granted.entry().amount()).isEqualTo(50);
                assertThat(granted.entry().ref()).isEqualTo("invoice:" + ada.invoiceId("first"));
                assertThat(granted.entry().available()).isEqualTo(50);
                assertThat(granted.revenueCents()).isEqualTo(1_000);
            });
        });
    }

    /** A bank debit takes days: the subscription is incomplete until then, and its invoice open. */
    @Test
    void aSubscriptionThatIsPaidLaterGrantsOnceItsInvoiceIsPaid() {
        Subscriber ada = Subscriber.random();
        String invoice = StripeJson.invoice(
                ada.invoiceId("first"),
                ada.customer,
                ada.subscription,
                ada.user,
                false,
                StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER));
        String open = invoice.replace("\"status\": \"paid\"", "\"status\": \"open\"")
                .replace("\"amount_paid\": 1000", "\"amount_paid\": 0");
        String session = """
                {"id": "cs_%s", "object": "checkout.session", "client_reference_id": "%s", "customer": "%s",
                 "mode": "subscription", "payment_status": "%%s", "status": "complete", "subscription": "%s",
                 "metadata": {"user_id": "%s"}}""".formatted(ada.user, ada.user, ada.customer, ada.subscription, ada.user);
        int letters = world.deadLetters().size();

        ada.tell("invoice.finalized", open);
        ada.tell("customer.subscription.created", """
                {"id": "%s", "object": "subscription", "customer": "%s", "status": "incomplete",
                 "metadata": {"user_id": "%s"}}""".formatted(ada.subscription, ada.customer, ada.user));
        ada.tell("checkout.session.completed", session.formatted("unpaid"));
        world.settle();
        assertThat(world.number("SELECT count(*) FROM ledger.lot WHERE user_id = ?", ada.user))
                .isZero();

        for (int i = 0; i < 2; i++) {
            ada.tell("checkout.session.async_payment_succeeded", session.formatted("paid"));
            ada.tell("invoice.paid", invoice);
            ada.tell("invoice.payment_succeeded", invoice);
        }
        world.settle();

        assertThat(world.available(ada.user)).isEqualTo(50);
        assertThat(world.events(ada.user)).hasSize(1);
        assertThat(world.deadLetters()).hasSize(letters);
    }

    /** Of a subscription's session, the event that says that it is paid links the customer as the first one does. */
    @Test
    void aSubscriptionsSessionThatIsPaidLaterIsOurs() {
        Subscriber ada = Subscriber.random();
        double others = world.count("paymaster.billing.ignored", "reason", "not_our_checkout");

        ada.invoice("first", false, StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER));
        String id = nextEvent();
        String completed = StripeJson.checkoutCompleted(id, ada.customer, ada.user, "subscription");
        String paid = "checkout.session.async_payment_succeeded";
        ada.send(id, paid, completed.replace("checkout.session.completed", paid));
        world.settle();

        assertThat(world.available(ada.user)).isEqualTo(50);
        assertThat(world.count("paymaster.billing.ignored", "reason", "not_our_checkout"))
                .isEqualTo(others);
    }

    @Test
    void eachTierGrantsItsCreditsAndSaysWhatBoughtThem() {
        Subscriber pro = Subscriber.random();
        Subscriber team = Subscriber.random();

        pro.invoice("first", true, StripeJson.line(PRO, 2500, NOVEMBER, DECEMBER, 500));
        team.invoice("first", true, StripeJson.line(TEAM, 7500, NOVEMBER, DECEMBER, 7500));
        world.settle();

        assertThat(world.available(pro.user)).isEqualTo(150);
        assertThat(world.available(team.user)).isEqualTo(500);
        assertThat(world.number("SELECT revenue_cents FROM ledger.lot WHERE user_id = ?", pro.user))
                .isEqualTo(2000);
        assertThat(world.number("SELECT revenue_cents FROM ledger.lot WHERE user_id = ?", team.user))
                .isZero();
    }

    @Test
    void anInvoiceBeforeItsCheckoutIsParkedUntilTheLinkArrives() {
        Subscriber ada = Subscriber.random();

        ada.invoice("first", false, StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER));
        ada.invoice("first", false, StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER));
        world.settle();
        assertThat(world.available(ada.user)).isZero();
        assertThat(parked(ada)).isEqualTo(1);

        ada.checkout();
        world.settle();
        assertThat(world.available(ada.user)).isEqualTo(50);
        assertThat(parked(ada)).isZero();

        ada.invoice("first", false, StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER));
        ada.invoice("second", false, StripeJson.line(STARTER, 1000, DECEMBER, JANUARY));
        world.settle();
        assertThat(world.available(ada.user)).isEqualTo(100);
    }

    @Test
    void anInvoiceThatNamesItsUserFreesThoseThatDoNot() {
        Subscriber ada = Subscriber.random();

        ada.invoice("first", false, StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER));
        world.settle();
        ada.invoice("second", true, StripeJson.line(STARTER, 1000, DECEMBER, JANUARY));
        world.settle();

        assertThat(world.available(ada.user)).isEqualTo(100);
        assertThat(parked(ada)).isZero();
    }

    /** The link's event may have bought something by itself. */
    @Test
    void aParkedInvoiceWhosePriceIsNotSoldAnyMoreDoesNotKeepTheLinkFromItsEffect() {
        Subscriber ada = Subscriber.random();
        world.jdbc.update(
                "INSERT INTO billing.parked_invoice (invoice_id, customer_id, event, parked_at) VALUES (?, ?, ?, now())",
                ada.invoiceId("first"),
                ada.customer,
                parkedEvent(ada, "price_gone"));

        ada.tell(
                "checkout.session.completed",
                StripeJson.topUp("cs_" + ada.user, ada.user.toString(), "medium", "pi_" + ada.user, 2000, "paid"));
        world.settle();
        assertThat(world.available(ada.user)).isEqualTo(50);
        assertThat(parked(ada)).isEqualTo(1);

        // As if the price were in the settings again: it is applied with whatever is told of its customer.
        world.jdbc.update(
                "UPDATE billing.parked_invoice SET event = ? WHERE customer_id = ?",
                parkedEvent(ada, STARTER),
                ada.customer);
        ada.checkout();
        world.settle();
        assertThat(world.available(ada.user)).isEqualTo(100);
        assertThat(parked(ada)).isZero();
    }

    private static byte[] parkedEvent(Subscriber subscriber, String price) {
        return StripeJson.invoicePaid(
                        nextEvent(),
                        subscriber.invoiceId("first"),
                        subscriber.customer,
                        subscriber.subscription,
                        null,
                        StripeJson.line(price, 1000, NOVEMBER, DECEMBER))
                .getBytes(UTF_8);
    }

    @Test
    void everyOrderAndRepetitionComesToTheSame() {
        List<List<Integer>> orders = permutations(List.of(0, 1, 2, 3));
        List<Subscriber> together = subscribers(orders.size());
        List<Subscriber> oneByOne = subscribers(orders.size());

        for (int i = 0; i < orders.size(); i++) {
            for (int round = 0; round < 2; round++) {
                for (int step : orders.get(i)) {
                    step(together.get(i), step);
                }
            }
        }
        for (int position = 0; position < 4; position++) {
            for (int i = 0; i < orders.size(); i++) {
                step(oneByOne.get(i), orders.get(i).get(position));
            }
            world.settle();
        }

        // November: 50, raised to 150 by the upgrade. December: 150.
        assertThat(Stream.concat(together.stream(), oneByOne.stream()))
                .allSatisfy(each -> assertThat(world.available(each.user)).isEqualTo(300));
    }

    private static void step(Subscriber subscriber, int step) {
        switch (step) {
            case 0 -> subscriber.checkout();
            case 1 -> subscriber.invoice("first", false, StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER));
            case 2 ->
                subscriber.invoice(
                        "upgrade",
                        false,
                        StripeJson.proration(STARTER, -500, UPGRADE, DECEMBER),
                        StripeJson.itemProration(PRO, 1250, UPGRADE, DECEMBER));
            case 3 -> subscriber.invoice("renewal", false, StripeJson.line(PRO, 2500, DECEMBER, JANUARY));
            default -> throw new IllegalArgumentException("no step " + step);
        }
    }

    /** An invoice's cash counts once, though its credits were granted with the upgrade's invoice, which came first. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cashCountsInWhateverOrderInvoicesCome(boolean upgradeFirst) {
        Subscriber ada = Subscriber.random();

        for (int i = 0; i < 4; i++) {
            if ((i % 2 == 0) == upgradeFirst) {
                ada.invoice("upgrade", true, StripeJson.proration(PRO, 1000, UPGRADE, DECEMBER));
            } else {
                ada.invoice("first", true, StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER));
            }
        }
        world.settle();

        assertThat(world.available(ada.user)).isEqualTo(150);
        assertThat(world.events(ada.user).stream()
                        .mapToLong(published -> switch (published.event()) {
                            case CreditsGranted granted -> requireNonNullElse(granted.revenueCents(), 0L);
                            case CashReceived received -> received.revenueCents();
                            default -> 0;
                        })
                        .sum())
                .isEqualTo(2000);
        assertThat(world.jdbc.queryForList(
                        "SELECT source_ref || ' of ' || lot_ref FROM api.further_cash"
                                + " WHERE user_id = ? AND revenue_cents = 1000",
                        String.class,
                        ada.user))
                .isEqualTo(
                        upgradeFirst
                                ? List.of(
                                        "invoice:" + ada.invoiceId("first") + " of invoice:" + ada.invoiceId("upgrade"))
                                : List.of());
    }

    @Test
    void anUpgradeThatWaitedForTheRenewalGrantsForBothPeriods() {
        Subscriber ada = Subscriber.random();

        ada.invoice("first", true, StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER));
        ada.invoice(
                "renewal",
                true,
                StripeJson.itemProration(STARTER, -500, UPGRADE, DECEMBER),
                StripeJson.itemProration(PRO, 1250, UPGRADE, DECEMBER),
                StripeJson.line(PRO, 2500, DECEMBER, JANUARY));
        world.settle();

        assertThat(world.available(ada.user)).isEqualTo(50 + 100 + 150);
        assertThat(world.jdbc.queryForList(
                        "SELECT source_ref FROM api.lot WHERE user_id = ? ORDER BY opened", String.class, ada.user))
                .containsExactly(
                        "invoice:" + ada.invoiceId("first"),
                        "invoice:" + ada.invoiceId("renewal"),
                        "invoice:" + ada.invoiceId("renewal") + "/2");
    }

    @Test
    void thousandsOfEventsGrantThousandsOfTimes() {
        List<Subscriber> subscribers = subscribers(3000);

        subscribers.forEach(each -> each.invoice("first", true, StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER)));
        subscribers.forEach(Subscriber::checkout);
        subscribers.forEach(each -> each.invoice("second", false, StripeJson.line(STARTER, 1000, DECEMBER, JANUARY)));
        world.settle();

        assertThat(world.number("SELECT sum(available) FROM ledger.account WHERE user_id = ANY (?)", (Object)
                        subscribers.stream().map(Subscriber::user).toArray(UUID[]::new)))
                .isEqualTo(3000 * 100);
    }

    /** The renewal's card fails, another pays for an upgrade, and nobody ever pays for the renewal; or somebody does. */
    @Test
    void anUpgradeOfAnUnpaidRenewalGrantsTheDifference() {
        Subscriber ada = Subscriber.random();
        ada.invoice(
                "upgrade",
                true,
                StripeJson.proration(PRO, -2500, NOVEMBER, DECEMBER),
                StripeJson.proration(TEAM, 7500, NOVEMBER, DECEMBER));
        world.settle();
        assertThat(world.available(ada.user)).isEqualTo(350);

        ada.invoice("renewal", true, StripeJson.line(PRO, 2500, NOVEMBER, DECEMBER));
        world.settle();
        assertThat(world.available(ada.user)).isEqualTo(500);
    }

    /** Its invoices would go to the one for ever, and the other wouldn't know why. */
    @Test
    void peopleAreCalledWhenACustomerNamesAnotherUserThanBefore() {
        Subscriber ada = Subscriber.random();
        double before = world.count("paymaster.billing.alarms", "reason", "customer_of_another");
        ada.isNamedBy(ada.user);
        ada.isNamedBy(ada.user);
        world.settle();

        world.whileBatchesFail(() -> ada.isNamedBy(UUID.randomUUID()));
        world.settle();

        await().untilAsserted(() -> assertThat(world.count("paymaster.billing.alarms", "reason", "customer_of_another"))
                .isEqualTo(before + 1));
    }

    /** Whoever adds the price replays the letter, and nothing is lost. */
    @Test
    void aChangeToAPriceThatNoTierHasBecomesADeadLetter() {
        Subscriber ada = Subscriber.random();
        ada.invoice("first", true, StripeJson.line(PRO, 2500, NOVEMBER, DECEMBER));
        world.settle();
        int before = world.deadLetters().size();

        Instant middle = NOVEMBER.plus(Duration.ofDays(15));
        ada.invoice(
                "change",
                true,
                StripeJson.proration(PRO, -1250, middle, DECEMBER),
                StripeJson.proration("price_new", 1500, middle, DECEMBER));
        world.settle();

        assertThat(world.deadLetters()).hasSize(before + 1);
        assertThat(world.available(ada.user)).isEqualTo(150);
    }

    @Test
    void whatIsNoneOfOurBusinessIsPassedOver() {
        Subscriber ada = Subscriber.random();
        String line = StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER);
        String invoice = StripeJson.invoice(ada.invoiceId("x"), ada.customer, ada.subscription, ada.user, false, line);
        int deadLetters = world.deadLetters().size();

        ada.send("evt_a", "customer.updated", StripeJson.event("evt_a", "customer.updated", "{\"id\": \"cus_1\"}"));
        ada.send("evt_b", "invoice.payment_succeeded", StripeJson.event("evt_b", "invoice.payment_succeeded", invoice));
        ada.send("evt_c", "invoice.finalized", StripeJson.event("evt_c", "invoice.finalized", invoice));
        ada.send(
                "evt_d",
                "invoice.paid",
                StripeJson.event("evt_d", "invoice.paid", invoice)
                        .replaceFirst("\"object\": \"event\"", "\"object\": \"event\", \"account\": \"acct_1\""));
        ada.send(
                "evt_e",
                "checkout.session.completed",
                StripeJson.checkoutCompleted("evt_e", ada.customer, null, "subscription"));
        ada.send(
                "evt_f",
                "checkout.session.completed",
                StripeJson.checkoutCompleted("evt_f", ada.customer, ada.user, "payment"));
        ada.invoice("other", true, StripeJson.line("price_other", 1000, NOVEMBER, DECEMBER));
        ada.invoice("trial", true, StripeJson.line(STARTER, 0, NOVEMBER, DECEMBER));
        world.settle();

        assertThat(world.available(ada.user)).isZero();
        assertThat(world.number("SELECT count(*) FROM billing.customer WHERE customer_id = ?", ada.customer))
                .isZero();
        assertThat(world.deadLetters()).hasSize(deadLetters);
    }

    @Test
    void whatIsPassedOverIsCountedOnceHoweverOftenItIsTried() {
        Subscriber ada = Subscriber.random();
        double ignored = world.count("paymaster.billing.ignored", "reason", "unknown_price");

        world.whileBatchesFail(
                () -> ada.invoice("other", true, StripeJson.line("price_other", 1000, NOVEMBER, DECEMBER)));
        world.settle();

        // The counter follows the commit, which is all that settling waits for.
        await().untilAsserted(() -> assertThat(world.count("paymaster.billing.ignored", "reason", "unknown_price"))
                .isEqualTo(ignored + 1));
    }

    @Test
    void aRecordThatIsAtFaultGoesToTheDeadLettersAndTheRestGoesOn() {
        Subscriber ada = Subscriber.random();
        String nul = "{\"id\": \"evt_9\", \"type\": \"invoice.paid\", \"data\": {\"object\": {\"id\": \"in_\\u0000\","
                + " \"customer\": \"" + ada.customer + "\", \"subscription\": \"sub_1\", \"lines\": {\"data\": ["
                + StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER) + "]}}}}";
        List<String> bad = List.of("not json at all " + ada.user, nul);

        ada.invoice("first", true, StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER));
        bad.forEach(body -> ada.send(nextEvent(), "invoice.paid", body));
        ada.invoice("second", true, StripeJson.line(STARTER, 1000, DECEMBER, JANUARY));
        world.settle();

        assertThat(world.available(ada.user)).isEqualTo(100);
        assertThat(world.deadLetters()).containsAll(bad);
    }

    /** Java tells them apart, and the database's driver sends each half as a question mark. */
    @Test
    void twoPaymentsOfOneBatchThatTheDatabaseCannotTellApartAreDeadLettersAndTheRestGoesOn() {
        Subscriber ada = Subscriber.random();
        List<String> bad = Stream.of("\\ud800", "\\ud801")
                .map(half -> StripeJson.event(
                        nextEvent(), "charge.refunded", StripeJson.charge("pi_" + ada.user + half, 1000, 300)))
                .toList();

        world.whileBatchesFail(() -> {
            bad.forEach(body -> ada.send(nextEvent(), "charge.refunded", body));
            ada.invoice("first", true, StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER));
        });
        world.settle();

        assertThat(world.available(ada.user)).isEqualTo(50);
        assertThat(world.deadLetters()).containsAll(bad);
    }

    @Test
    void aReviewOfWhatIsNoPurchaseIsUnreadable() {
        UUID user = UUID.randomUUID();
        String review = nextEvent();

        world.command(review, user, new ReviewPurchase(user, "nothing:1"));
        world.settle();

        assertThat(world.whyDead(Topics.CREDIT_COMMANDS, review)).isEqualTo(UnreadableRecordException.class.getName());
    }

    @Test
    void administratorsGiveAndTake() {
        UUID user = UUID.randomUUID();
        String grant = UUID.randomUUID().toString();

        world.command(grant, user, new GrantCredits(user, 20, "welcome", null));
        world.command(nextEvent(), user, new GrantCredits(user, -25, "a mistake", null));
        world.command(nextEvent(), user, new GrantCredits(user, 10, "sorry", null));
        world.settle();

        assertThat(world.events(user))
                .extracting(published -> published.event().getClass().getSimpleName())
                .containsExactly(
                        "CreditsGranted",
                        "GrantApplied",
                        "CreditsRevoked",
                        "CreditsRevoked",
                        "GrantApplied",
                        "CreditsGranted",
                        "DebtRepaid",
                        "GrantApplied");
        assertThat(world.events(user))
                .extracting(published -> published.envelope().sequence())
                .containsExactly(1L, null, 2L, 3L, null, 4L, 5L, null);
        assertThat(world.events(user).getLast().event()).isEqualTo(new GrantApplied(user, 10, "sorry", 5, 0, 0));
        assertThat(world.events(user).getFirst().envelope().causationId()).isEqualTo(grant);
        assertThat(world.available(user)).isEqualTo(5);
    }

    @Test
    void aRepeatedCommandGetsItsOutcomeAgain() {
        UUID user = UUID.randomUUID();
        String command = UUID.randomUUID().toString();
        GrantCredits grant = new GrantCredits(user, 20, "welcome", null);

        world.command(command, user, grant);
        world.command(command, user, grant);
        world.settle();
        world.command(command, user, grant);
        world.command(command, user, new GrantCredits(user, 21, "welcome", null));
        world.settle();

        List<Published> events = world.events(user);
        assertThat(world.available(user)).isEqualTo(20);
        assertThat(events).hasSize(4);
        assertThat(events.get(1).event()).isEqualTo(new GrantApplied(user, 20, "welcome", 20, 0, 0));
        assertThat(events.get(2).envelope()).isEqualTo(events.get(1).envelope().asReplay());
        assertThat(events.get(2).event()).isEqualTo(events.get(1).event());
        assertThat(events.get(3).envelope().causationId()).isEqualTo(command);
        assertThat(events.get(3).envelope().sequence()).isNull();
        assertThat(events.get(3).event())
                .isInstanceOfSatisfying(
                        GrantRefused.class,
                        refused -> assertThat(refused.code()).isEqualTo("idempotency_mismatch"));
    }

    @Test
    void eventsOfOneUserCarryTheirEntries() {
        Subscriber ada = Subscriber.random();

        ada.invoice("first", true, StripeJson.line(STARTER, 1000, NOVEMBER, DECEMBER));
        world.command(nextEvent(), ada.user, new GrantCredits(ada.user, 5, "bonus", null));
        world.settle();

        assertThat(world.events(ada.user))
                .extracting(Published::event)
                .filteredOn(event -> !(event instanceof GrantApplied))
                .hasOnlyElementsOfType(CreditsGranted.class)
                .extracting(CreditsGranted.class::cast)
                .satisfies(granted -> assertThat(granted)
                        .extracting(each -> each.entry().sequence())
                        .containsExactlyInAnyOrder(1L, 2L))
                .extracting(CreditsGranted::revenueCents)
                .as("the bonus has cost nothing")
                .containsExactlyInAnyOrder(1_000L, null);
        assertThat(world.number("SELECT max(available) FROM api.entry WHERE user_id = ?", ada.user))
                .isEqualTo(55);
    }

    private static long parked(Subscriber subscriber) {
        return world.number("SELECT count(*) FROM billing.parked_invoice WHERE customer_id = ?", subscriber.customer);
    }

    private static List<Subscriber> subscribers(int count) {
        return Stream.generate(Subscriber::random).limit(count).toList();
    }

    private static String nextEvent() {
        events++;
        return "evt_" + events;
    }

    private static <T> List<List<T>> permutations(List<T> items) {
        if (items.isEmpty()) {
            return List.of(List.of());
        }
        List<List<T>> all = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            List<T> rest = new ArrayList<>(items);
            T first = rest.remove(i);
            for (List<T> order : permutations(rest)) {
                all.add(Stream.concat(Stream.of(first), order.stream()).toList());
            }
        }
        return all;
    }
}
