package dev.paymaster.system.life;

import static dev.paymaster.system.life.Steps.*;
import static dev.paymaster.system.proof.Row.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.standalone.Service;
import dev.paymaster.system.proof.PlayedTable;
import dev.paymaster.system.proof.Row;
import dev.paymaster.system.world.World;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How money behaves: what happens at Stripe, in whatever order it is told and however often, and what comes of it here. */
@Tag("long")
class ScenarioTableTest implements PlayedTable {
    private static final List<Row<Step>> MONTHS = List.of(
            row("a paid month grants its tier's credits", subscribes("starter"), has(50)),
            row(
                    "a renewal grants them once more, and what is left rolls over",
                    subscribes("starter"),
                    days(31),
                    has(100)),
            row("a year of a subscription is twelve months", subscribes("starter"), days(350), has(12 * 50)),
            row(
                    "an upgrade that is invoiced at once grants the difference, and renewals the new tier's",
                    subscribes("starter"),
                    days(15),
                    upgradesAtOnce("pro"),
                    has(150),
                    days(20),
                    has(300)),
            row(
                    "an upgrade that is billed with the next invoice grants the difference then",
                    subscribes("starter"),
                    days(15),
                    upgradesOnTheNextInvoice("pro"),
                    has(50),
                    days(20),
                    has(300)),
            row(
                    "a downgrade counts from the next period on",
                    subscribes("pro"),
                    downgradesAtTheEndOfThePeriod("starter"),
                    days(31),
                    has(200)),
            row("who cancels keeps what was paid for", subscribes("starter"), days(5), cancels(), days(31), has(50)),
            row(
                    "who cancels at the end of the period keeps it, too",
                    subscribes("starter"),
                    cancelsAtTheEndOfThePeriod(),
                    days(31),
                    has(50)),
            row("a pause that voids invoices grants nothing", subscribes("starter"), pauses("void"), days(31), has(50)),
            row(
                    "who resumes is granted again",
                    subscribes("starter"),
                    pauses("void"),
                    days(31),
                    has(50),
                    resumes(),
                    days(31),
                    has(100)),
            row(
                    "a pause that leaves drafts grants nothing",
                    subscribes("starter"),
                    pauses("keep_as_draft"),
                    days(31),
                    has(50)),
            row(
                    "a pause that gives invoices up grants nothing",
                    subscribes("starter"),
                    pauses("mark_uncollectible"),
                    days(31),
                    has(50)),
            row(
                    "what is past due grants when it is paid",
                    subscribes("starter"),
                    cardStopsPaying(),
                    days(32),
                    has(50),
                    cardPaysAgain(),
                    days(4),
                    has(100)),
            row(
                    "what is past due and given up grants nothing",
                    subscribes("starter"),
                    cardStopsPaying(),
                    days(32),
                    invoice(2, "mark_uncollectible"),
                    has(50)),
            row(
                    "what was given up and is paid all the same grants then",
                    subscribes("starter"),
                    cardStopsPaying(),
                    days(32),
                    invoice(2, "mark_uncollectible"),
                    cardPaysAgain(),
                    invoice(2, "pay"),
                    has(100)),
            row(
                    "a voided invoice grants nothing",
                    subscribes("starter"),
                    cardStopsPaying(),
                    days(32),
                    invoice(2, "void"),
                    has(50)),
            row(
                    "an invoice that is paid outside of Stripe grants",
                    subscribes("starter"),
                    cardStopsPaying(),
                    days(32),
                    paysOutsideOfStripe(2),
                    has(100)),
            row(
                    "an invoice that is paid from the customer's balance grants",
                    subscribes("starter"),
                    balanceIsFilled(1500),
                    days(31),
                    has(100),
                    days(31),
                    has(150)),
            row(
                    "a month that is paid by bank is granted when the bank has paid",
                    subscribesByBank("starter"),
                    has(0),
                    bankPayment("succeeded"),
                    has(50),
                    days(31),
                    has(100)),
            row(
                    "a month that the bank doesn't pay is not granted",
                    subscribesByBank("starter"),
                    bankPayment("failed"),
                    days(31),
                    has(0)),
            row(
                    "a trial grants nothing, and the first paid month does",
                    subscribesAtStripe("items[0][price]=" + STARTER + "&trial_period_days=7"),
                    has(0),
                    days(8),
                    has(50)),
            row("a coupon of 100 % grants", subscribesWithCoupon("starter", 100), has(50)),
            row(
                    "an upgrade under a coupon of 100 % grants the difference",
                    subscribesUnderACoupon("starter", 100),
                    days(15),
                    upgradesAtOnce("pro"),
                    has(150),
                    days(20),
                    has(300)),
            row(
                    "so does one that is billed with the next invoice",
                    subscribesUnderACoupon("starter", 100),
                    days(15),
                    upgradesOnTheNextInvoice("pro"),
                    days(20),
                    has(300)),
            row(
                    "a downgrade under a coupon of 100 % grants nothing, and takes nothing",
                    subscribesUnderACoupon("team", 100),
                    days(15),
                    downgradesAtOnce("pro"),
                    has(500),
                    cancelsForTheRest(),
                    has(500)),
            row(
                    "up and down before either is billed grants nothing, under a coupon of 100 % either",
                    subscribesUnderACoupon("starter", 100),
                    upgradesOnTheNextInvoice("team"),
                    downgradesOnTheNextInvoice("starter"),
                    days(31),
                    has(100)),
            row(
                    "an upgrade under a coupon of 50 % grants the difference, and goes with its money",
                    subscribesUnderACoupon("starter", 50),
                    upgradesAtOnce("pro"),
                    has(150),
                    isRefundedWholly(2),
                    has(50)),
            row(
                    "of several tiers on one invoice the highest counts",
                    subscribesAtStripe("items[0][price]=" + STARTER + "&items[1][price]=" + PRO),
                    has(150)),
            row(
                    "of a tier that is bought three times, the credits come three times",
                    subscribesAtStripe("items[0][price]=" + STARTER + "&items[0][quantity]=3"),
                    has(150)),
            row(
                    "an invoice with more lines than its event shows is looked up, and grants in full",
                    subscribesAtStripe(extras(11) + "&items[11][price]=" + STARTER),
                    has(50)),
            row(
                    "of several subscriptions each grants its own",
                    subscribes("starter"),
                    subscribesAtStripe("items[0][price]=" + PRO),
                    has(200),
                    days(31),
                    has(400)),
            row("a price that nobody knows grants nothing", subscribesAtStripe(extras(1)), has(0)),
            row("what is billed by hand grants nothing", subscribes("starter"), isBilledByHand(900), has(50)),
            row(
                    "whose month it is may get known later",
                    strangerSubscribes("starter"),
                    has(0),
                    becomesKnown(),
                    has(50),
                    days(31),
                    has(100)),
            row(
                    "whose month it is may have to be looked up",
                    customerIsNotToldOf(),
                    subscribesByTheCustomersMetadata("starter"),
                    has(50)),
            row(
                    "whose month it is may get known at any time",
                    strangerSubscribes("starter"),
                    becomesKnown(),
                    days(31),
                    has(100)));

    private static final List<Row<Step>> GIVEN_BACK = List.of(
            row(
                    "who cancels for the rest gives its credits back, and buys others with it",
                    subscribes("pro"),
                    cancelsForTheRest(),
                    has(0),
                    subscribes("pro"),
                    has(150),
                    cancelsForTheRest(),
                    has(0)),
            row(
                    "who has spent what is given back owes it",
                    subscribes("pro"),
                    has(150),
                    createsJobs(10),
                    cancelsForTheRest(),
                    has(0, 20, 20)),
            row(
                    "a refund and what is given back take no more than there was",
                    subscribes("pro"),
                    isRefunded(1, 1000),
                    cancelsForTheRest(),
                    has(0)),
            row(
                    "what is given back waits for whoever it is",
                    strangerSubscribes("pro"),
                    cancelsForTheRest(),
                    has(0),
                    becomesKnown(),
                    has(0)),
            row(
                    "a downgrade that is invoiced at once leaves as much as is left paid for",
                    subscribes("team"),
                    downgradesAtOnce("pro"),
                    has(167),
                    cancelsForTheRest(),
                    has(0)),
            row(
                    "who goes up and down again is where they were",
                    subscribes("starter"),
                    upgradesAtOnce("team"),
                    has(500),
                    downgradesAtOnce("starter"),
                    has(50)),
            row(
                    "a downgrade that is billed with the next invoice takes its share then, and pays for it",
                    subscribes("team"),
                    downgradesOnTheNextInvoice("pro"),
                    has(500),
                    days(31),
                    has(167 + 150),
                    days(31),
                    has(167 + 150 + 150)),
            row(
                    "a downgrade that is billed by hand, at the end of a long bill, takes its share then",
                    subscribes("team"),
                    hasOnTheNextBill(11, 100),
                    downgradesOnTheNextInvoice("pro"),
                    isBilledByHand(900),
                    has(167)),
            row(
                    "up and down before either is billed grants nothing",
                    subscribes("starter"),
                    upgradesOnTheNextInvoice("team"),
                    downgradesOnTheNextInvoice("starter"),
                    days(31),
                    has(100)),
            row(
                    "up, and down again a day later, before either is billed, grants what was paid for it",
                    subscribes("starter"),
                    days(15),
                    upgradesOnTheNextInvoice("team"),
                    days(1),
                    downgradesOnTheNextInvoice("starter"),
                    days(20),
                    has(50 + 30 + 50)),
            row(
                    "a tier passed through within one second beside another change grants what was paid for, and only that",
                    subscribes("starter"),
                    days(15),
                    passesThroughOnTheNextInvoice("team", "starter"),
                    upgradesOnTheNextInvoice("pro"),
                    days(20),
                    has(150 + 150)),
            row(
                    "a period that begins anew is granted in full, and the rest of the old one goes",
                    subscribes("starter"),
                    days(1),
                    beginsThePeriodAnew(),
                    has(50 + 2)));

    private static final List<Row<Step>> MONEY_BACK = List.of(
            row(
                    "a refund takes its share back, in the user's favour",
                    subscribes("starter"),
                    isRefunded(1, 333),
                    has(34)),
            row(
                    "a refund in parts takes no more than the whole",
                    subscribes("starter"),
                    isRefunded(1, 333),
                    isRefunded(1, 333),
                    isRefunded(1, 334),
                    has(0)),
            row(
                    "a part and then the rest, told when each happens",
                    subscribes("starter"),
                    has(50),
                    isRefunded(1, 400),
                    has(30),
                    isRefunded(1, 600),
                    has(0)),
            row("a refund that fails gives again", subscribes("starter"), isRefunded(1, 500), refundFails(1), has(50)),
            row(
                    "a refund that fails gives again, and leaves the other",
                    subscribes("starter"),
                    isRefunded(1, 500),
                    isRefunded(1, 200),
                    refundFails(1),
                    has(40)),
            row(
                    "a refund that fails and is made again takes once",
                    subscribes("starter"),
                    isRefunded(1, 500),
                    refundFails(1),
                    isRefunded(1, 500),
                    has(25)),
            row(
                    "a refund of one month leaves the other",
                    subscribes("starter"),
                    days(31),
                    isRefunded(1, 1000),
                    isRefunded(2, 500),
                    has(25)),
            row(
                    "a refunded upgrade leaves the tier below",
                    subscribes("starter"),
                    days(15),
                    upgradesAtOnce("pro"),
                    isRefundedWholly(2),
                    has(50)),
            row(
                    "a refund of what was upgraded leaves the upgrade",
                    subscribes("starter"),
                    days(15),
                    upgradesAtOnce("pro"),
                    isRefunded(1, 1000),
                    has(100)),
            row("a dispute takes all of it", subscribes("starter"), disputes(1), has(0)),
            row("a dispute that is won gives it again", subscribes("starter"), disputes(1), disputeIs("won"), has(50)),
            row("a dispute that is lost gives nothing", subscribes("starter"), disputes(1), disputeIs("lost"), has(0)),
            row("an inquiry takes nothing", subscribes("starter"), inquires(1), has(50)),
            row(
                    "an inquiry that becomes a dispute takes all",
                    subscribes("starter"),
                    inquires(1),
                    inquiryBecomesADispute(),
                    has(0)),
            row(
                    "a refund and a dispute take no more than there was",
                    subscribes("starter"),
                    isRefunded(1, 400),
                    disputes(1),
                    has(0)),
            row(
                    "a dispute that is won leaves the refund",
                    subscribes("starter"),
                    isRefunded(1, 400),
                    disputes(1),
                    disputeIs("won"),
                    has(30)),
            row(
                    "a credit note that refunds takes its share back once",
                    subscribes("starter"),
                    creditNote(1, "refund_amount", 500),
                    has(25)),
            row(
                    "a credit note that is paid back outside of Stripe takes its share back",
                    subscribes("starter"),
                    creditNote(1, "out_of_band_amount", 500),
                    has(25)),
            row(
                    "a credit note to the customer's balance takes its share back",
                    subscribes("starter"),
                    creditNote(1, "credit_amount", 500),
                    has(25)),
            row(
                    "a credit note on an open invoice only makes it cheaper",
                    subscribes("starter"),
                    cardStopsPaying(),
                    days(32),
                    creditNote(2, "amount", 500),
                    cardPaysAgain(),
                    days(4),
                    has(100)),
            row(
                    "a credit note on an open invoice that is voided leaves all of it to pay",
                    subscribes("starter"),
                    cardStopsPaying(),
                    days(32),
                    creditNote(2, "amount", 500),
                    creditNoteIsVoided(),
                    cardPaysAgain(),
                    days(4),
                    has(100),
                    isRefunded(2, 500),
                    has(75)),
            row(
                    "an upgrade of a month that isn't paid grants the difference, and the month the rest",
                    subscribes("pro"),
                    cardStopsPaying(),
                    days(32),
                    has(150),
                    cardPaysAgain(),
                    upgradesAtOnce("team"),
                    has(500),
                    days(4),
                    has(650)),
            row(
                    "a credit note over all of an open invoice calls it off",
                    subscribes("starter"),
                    cardStopsPaying(),
                    days(32),
                    creditNote(2, "amount", 1000),
                    has(50)),
            row(
                    "what was spent is owed, blocks new jobs, and is repaid first by the next month",
                    subscribes("starter"),
                    has(50),
                    createsJobs(10),
                    isRefunded(1, 1000),
                    has(0, 20, 20),
                    isRefusedAJob(),
                    days(31),
                    has(30, 20, 0)),
            row(
                    "what jobs give back repays what is owed",
                    subscribes("starter"),
                    has(50),
                    createsJobs(10),
                    disputes(1),
                    has(0, 20, 20),
                    cancelsJobs(),
                    has(0)),
            row(
                    "a dispute that is won forgives what is owed first",
                    subscribes("starter"),
                    has(50),
                    createsJobs(10),
                    disputes(1),
                    has(0, 20, 20),
                    disputeIs("won"),
                    has(30, 20, 0)),
            row(
                    "who wants to know of few credits is told once each time that they become few",
                    subscribes("starter"),
                    has(50),
                    wantsToBeToldBelow(45),
                    createsJobs(2),
                    has(46, 4, 0),
                    wasToldOfFewCredits(0),
                    createsJobs(2),
                    has(42, 8, 0),
                    wasToldOfFewCredits(1),
                    isRefunded(1, 200),
                    has(32, 8, 0),
                    wasToldOfFewCredits(1),
                    days(31),
                    has(82, 8, 0),
                    wasToldOfFewCredits(1),
                    isRefunded(2, 800),
                    has(42, 8, 0),
                    wasToldOfFewCredits(2)));

    private static final List<Row<Step>> PACKS = List.of(
            row("a pack is granted when its card has paid", buys("small"), has(10)),
            row(
                    "a pack that is paid by bank is granted when the bank has paid",
                    buysByBank("small"),
                    has(0),
                    bankPayment("succeeded"),
                    has(10)),
            row("whatever is told first of it", buysByBank("small"), bankPayment("succeeded"), has(10)),
            row("a pack that the bank doesn't pay is not granted", buysByBank("small"), bankPayment("failed"), has(0)),
            row("a refunded pack goes with its money", buys("small"), packIsRefunded(100), packIsRefunded(50), has(5)),
            row(
                    "a disputed pack goes, and comes again when the dispute is won",
                    buys("small"),
                    packIsDisputed(),
                    has(0),
                    disputeIs("won"),
                    has(10)),
            row(
                    "a pack and a month don't disturb each other",
                    subscribes("starter"),
                    buys("medium"),
                    packIsRefunded(1250),
                    has(50)));

    /** What came in was used: a job costs 2 credits, and pays 100. */
    private static final List<Row<Step>> EARNED = List.of(
            row(
                    "a month pays jobs, and these their receiver",
                    subscribes("starter"),
                    has(50),
                    doesJobs(2),
                    has(46).pays(2, "paid", 200),
                    days(31),
                    has(96).pays(2, "paid", 200)),
            row(
                    "a refund of what was used is the sender's debt, and nobody's payout",
                    subscribes("starter"),
                    has(50),
                    doesJobs(2),
                    has(46).pays(2, "paid", 200),
                    isRefunded(1, 1000),
                    has(0, 0, 4).pays(2, "paid", 200),
                    isRefusedAJob(),
                    days(31),
                    has(46).pays(2, "paid", 200)),
            row(
                    "a refund of what was used that fails forgives it",
                    subscribes("starter"),
                    has(50),
                    doesJobs(3),
                    has(44).pays(3, "paid", 300),
                    isRefunded(1, 900),
                    has(0, 0, 1).pays(3, "paid", 300),
                    refundFails(1),
                    has(44).pays(3, "paid", 300)),
            row(
                    "a dispute after the payout is owed until it is won",
                    subscribes("starter"),
                    has(50),
                    doesJobs(2),
                    has(46).pays(2, "paid", 200),
                    disputes(1),
                    has(0, 0, 4).pays(2, "paid", 200),
                    disputeIs("won"),
                    has(46).pays(2, "paid", 200)),
            row(
                    "jobs that are under way when their money goes are paid",
                    subscribes("starter"),
                    has(50),
                    createsJobs(2),
                    has(46, 4, 0),
                    disputes(1),
                    has(0, 4, 4),
                    jobsAreDone(),
                    has(0, 0, 4).pays(2, "paid", 200),
                    disputeIs("lost"),
                    days(31),
                    has(46).pays(2, "paid", 200)),
            row(
                    "a refunded upgrade goes first, then the tier below, and what was used is owed",
                    subscribes("starter"),
                    has(50),
                    doesJobs(1),
                    has(48).pays(1, "paid", 100),
                    upgradesAtOnce("pro"),
                    has(148).pays(1, "paid", 100),
                    doesJobs(1),
                    has(146).pays(2, "paid", 200),
                    isRefundedWholly(2),
                    has(46).pays(2, "paid", 200),
                    isRefundedWholly(1),
                    has(0, 0, 4).pays(2, "paid", 200),
                    days(31),
                    has(146).pays(2, "paid", 200)),
            row(
                    "a credit note on what was used is owed beyond what is left",
                    subscribes("starter"),
                    has(50),
                    doesJobs(2),
                    has(46).pays(2, "paid", 200),
                    creditNote(1, "refund_amount", 950),
                    has(0, 0, 1).pays(2, "paid", 200)),
            row(
                    "a pack that was used and is refunded is repaid by the next",
                    buys("small"),
                    has(10),
                    doesJobs(2),
                    has(6).pays(2, "paid", 200),
                    packIsRefunded(300),
                    has(0, 0, 4).pays(2, "paid", 200),
                    buys("small"),
                    has(6).pays(2, "paid", 200)),
            row(
                    "a payout that is taken back repays no sender's debt",
                    subscribes("starter"),
                    has(50),
                    doesJobs(2),
                    has(46).pays(2, "paid", 200),
                    isRefunded(1, 1000),
                    has(0, 0, 4).pays(2, "paid", 200),
                    payoutsAreTakenBack(),
                    has(0, 0, 4).pays(2, "reversed", 0)));

    static final List<Row<Step>> ROWS = Stream.of(MONTHS, GIVEN_BACK, MONEY_BACK, PACKS, EARNED)
            .flatMap(List::stream)
            .toList();

    private final World world = open();
    private final Table table = new Table(world, ROWS);
    private final Customer year = new Customer(world, world.newPerson("Yara"));

    static World open() {
        return open(Map.of());
    }

    static World open(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Table.FAST_PAYOUTS);
        settings.putAll(more);
        // Nothing is caught up with behind the table's back, and what no event says is looked up soon.
        settings.put("reconcile.first-after", "1h");
        settings.put("timers.lookups", "1s");
        settings.put("timers.lookups-after", "3s");
        // Two rounds are waited for.
        settings.put("timers.reviews", "1s");
        World world = World.with(settings);
        world.standalone().sandbox().orElseThrow().prices(Map.of("extra", 100));
        return world;
    }

    @BeforeAll
    void play() {
        world.stripe().breakWith("{\"kind\": \"webhook_drop\"}");
        table.play();
        liveAYearOnATestClock();
    }

    /**
     * Behind the table, where nobody else subscribes any more: at the local Stripe one test clock moves the time of all. Paymaster's
     * own stays where it is.
     */
    private void liveAYearOnATestClock() {
        world.stripe().heal();
        year.appearOnATestClock();
        year.subscribeAtStripe("items[0][price]=" + STARTER);
        year.moveTestClock(Duration.ofDays(366));
        world.comesToRest();
    }

    @Test
    void aYearOnOneOfStripesTestClocksIsThirteenMonths() {
        assertThat(year.invoices())
                .hasSize(13)
                .allSatisfy(invoice ->
                        assertThat(invoice.path("test_clock").asString()).isEqualTo(year.testClock()));
        year.person().awaitCredits(13 * 50, 0);
    }

    @Test
    void countsWhatIsSoldToOthers() {
        double ignored = world.standalone()
                .context(Service.CREDIT_WORKER)
                .getBean(MeterRegistry.class)
                .counter("paymaster.billing.ignored", "reason", "unknown_price")
                .count();

        assertThat(ignored).isGreaterThanOrEqualTo(Order.COUNT);
    }

    @Override
    public World world() {
        return world;
    }

    @Override
    public Map<String, String> failures() {
        return table.failures();
    }
}
