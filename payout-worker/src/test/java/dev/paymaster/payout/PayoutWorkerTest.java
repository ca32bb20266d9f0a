package dev.paymaster.payout;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paymaster.events.payout.AccountSnapshot.Status;
import dev.paymaster.events.payout.PayoutCommand.ApplyAccountStatus;
import dev.paymaster.events.payout.PayoutCommand.ApplyReversalOutcome;
import dev.paymaster.events.payout.PayoutCommand.ApplyTransferOutcome;
import dev.paymaster.events.payout.PayoutCommand.Outcome;
import dev.paymaster.events.payout.PayoutCommand.RetryPayout;
import dev.paymaster.events.payout.PayoutCommand.SchedulePayout;
import dev.paymaster.events.payout.PayoutEvent;
import dev.paymaster.events.payout.PayoutEvent.PayoutFailed;
import dev.paymaster.events.payout.PayoutEvent.PayoutHeld;
import dev.paymaster.events.payout.PayoutEvent.PayoutPaid;
import dev.paymaster.events.payout.PayoutEvent.PayoutRefused;
import dev.paymaster.events.payout.PayoutEvent.PayoutScheduled;
import dev.paymaster.payout.obligation.PayoutIds;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** One worker between a real broker, a real database and a sandbox of Stripe that is healthy or broken. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PayoutWorkerTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Surroundings around = Surroundings.shared();
    private ConfigurableApplicationContext worker;
    private EventTail events;

    @BeforeAll
    void start() {
        worker = around.worker(Interference.class);
        events = new EventTail();
    }

    @AfterAll
    void stop() {
        events.close();
        worker.close();
    }

    @AfterEach
    void heal() {
        around.stripe.heal();
        around.stripe.fund();
        Interference.killAt(Interference.Point.NONE);
    }

    @Test
    void paysAVerifiedJobWithOneTransfer() {
        UUID receiver = around.activeReceiver();
        UUID job = around.verifyJob(receiver);

        around.awaitStatus(job, "paid");

        JsonNode transfer = onlyTransfer(job);
        Surroundings.View payout = payoutOf(job);
        assertThat(transfer.path("amount").longValue()).isEqualTo(100);
        assertThat(transfer.path("currency").stringValue()).isEqualTo("usd");
        assertThat(transfer.path("description").stringValue()).isEqualTo("Payout for job " + job);
        assertThat(transfer.path("metadata").path("job_id").stringValue()).isEqualTo(job.toString());
        assertThat(transfer.path("metadata").path("payout_id").stringValue())
                .isEqualTo(payout.id().toString());
        assertThat(transfer.path("metadata").path("receiver").stringValue()).isEqualTo(receiver.toString());
        assertThat(payout.transfer()).isEqualTo(transfer.path("id").stringValue());
        assertThat(payout.account()).isEqualTo(transfer.path("destination").stringValue());
        assertThat(around.outcomesOf(job)).containsExactly("paid");
        assertTold(job, PayoutScheduled.class, PayoutPaid.class);
    }

    @Test
    void callsStripeWithinTensOfMilliseconds() {
        UUID receiver = around.activeReceiver();
        around.awaitStatus(around.verifyJob(receiver), "paid");
        List<UUID> jobs = IntStream.range(0, 10)
                .mapToObj(_ -> {
                    UUID job = around.verifyJob(receiver);
                    around.awaitStatus(job, "paid");
                    return job;
                })
                .toList();

        // From the decision to the answer of Stripe; the median, because this machine has other things to do.
        List<Long> millis =
                jobs.stream().map(around::millisUntilFirstOutcome).sorted().toList();
        assertThat(millis.get(millis.size() / 2)).as(millis.toString()).isLessThan(250);
    }

    @Test
    void owesNothingForShadowJobsAndUnpaidOnes() {
        UUID receiver = around.activeReceiver();
        UUID shadow = UUID.randomUUID();
        UUID unpaid = UUID.randomUUID();
        around.verifyJob(shadow, receiver, 100, true);
        around.verifyJob(unpaid, receiver, 0, false);
        UUID proper = around.verifyJob(receiver);

        around.awaitStatus(proper, "paid");

        assertThat(List.of(shadow, unpaid))
                .allSatisfy(job -> assertThat(around.payoutOf(job)).isNull());
    }

    /** Else somebody would have worked for nothing, and nobody would learn of it. */
    @Test
    void refusesAVerifiedJobThatNobodyHasDone() {
        double before = deadLetters("job.events");

        around.verifyJob(UUID.randomUUID(), null, 100, false);

        await().atMost(SOON).until(() -> deadLetters("job.events") == before + 1);
    }

    @Test
    void owesAJobOnce() {
        UUID receiver = around.activeReceiver();
        UUID job = around.verifyJob(receiver);
        around.awaitStatus(job, "paid");

        around.verifyJob(job, receiver, 100, false);
        around.publish(new SchedulePayout(receiver, job, UUID.randomUUID(), 999));
        around.awaitStatus(around.verifyJob(receiver), "paid");

        onlyTransfer(job);
        assertTold(job, PayoutScheduled.class, PayoutPaid.class);
    }

    @Test
    void holdsUntilTheAccountIsActiveAndPaysThen() {
        UUID receiver = UUID.randomUUID();
        String account = around.stripe.createAccount(receiver);
        List<UUID> jobs = List.of(around.verifyJob(receiver), around.verifyJob(receiver));
        jobs.forEach(job -> around.awaitStatus(job, "held account_not_active"));
        around.reportAccount(account);
        awaitAccount(account, Status.PENDING);

        around.stripe.onboard(account, "complete");
        around.reportAccount(account);

        jobs.forEach(job -> around.awaitStatus(job, "paid"));
        jobs.forEach(this::onlyTransfer);
        assertTold(jobs.getFirst(), PayoutHeld.class, PayoutScheduled.class, PayoutPaid.class);
        assertThat(around.accountOf(receiver)).isEqualTo(account + " active");
    }

    /** The key that Stripe has made up its mind about goes on; where it saved a failure, the next one is used. */
    @ParameterizedTest
    @CsvSource({
        "drop_request,      1, 1",
        "drop_request,      5, 1",
        "drop_response,     1, 1",
        "drop_response,     5, 1",
        "truncate_response, 3, 1",
        "error_before,      1, 2",
        "error_after,       1, 1",
        "rate_limit,        3, 1",
        "key_in_use,        3, 1",
        "empty_body,        3, 1",
        "html_body,         3, 1",
    })
    void makesOneTransferWhateverGoesWrong(String fault, int times, int attempt) {
        UUID receiver = around.activeReceiver();
        around.awaitStatus(around.verifyJob(receiver), "paid");
        around.stripe.breakTransfers(fault, times, "");

        UUID job = around.verifyJob(receiver);
        around.awaitStatus(job, "paid");

        JsonNode transfer = onlyTransfer(job);
        assertThat(payoutOf(job).transfer()).isEqualTo(transfer.path("id").stringValue());
        assertThat(payoutOf(job).attempt()).isEqualTo(attempt);
    }

    @Test
    void looksForTheTransferWhenAnswersKeepGettingLost() {
        UUID receiver = around.activeReceiver();
        around.awaitStatus(around.verifyJob(receiver), "paid");
        around.stripe.breakTransfers("drop_response", 1000, "");

        UUID job = around.verifyJob(receiver);
        around.awaitStatus(job, "paid");

        onlyTransfer(job);
        assertThat(around.outcomesOf(job)).containsExactly("unknown", "unknown", "unknown", "paid");
    }

    /** Stripe refuses before it looks at the key, so that says nothing of the call before. */
    @Test
    void looksForTheTransferWhenALostCallsKeyIsRefused() {
        UUID receiver = around.activeReceiver();
        around.awaitStatus(around.verifyJob(receiver), "paid");
        Interference.killAt(Interference.Point.AFTER_CALL);
        UUID job = around.verifyJob(receiver);
        awaitDeath();
        around.stripe.breakTransfers("unauthorized", 1, "");

        around.endLeases();

        around.awaitStatus(job, "paid");
        onlyTransfer(job);
        assertThat(around.outcomesOf(job)).containsExactly("refused", "paid");
    }

    @Test
    void waitsForFundsAndPaysThenWithANewKey() {
        UUID receiver = around.activeReceiver();
        around.stripe.balance(99);
        UUID job = around.verifyJob(receiver);
        around.awaitStatus(job, "held insufficient_funds");
        assertThat(around.stripe.transfers(job)).isEmpty();

        around.stripe.fund();
        around.awaitStatus(job, "paid");

        onlyTransfer(job);
        assertThat(payoutOf(job).attempt()).isGreaterThan(1);
        assertThat(around.outcomesOf(job))
                .contains("insufficient_funds", "absent")
                .endsWith("paid");
    }

    @Test
    void holdsWhatTheAccountRefusesAndPaysWhenItIsBack() {
        UUID receiver = UUID.randomUUID();
        String account = around.stripe.createAccount(receiver);
        around.stripe.onboard(account, "complete");
        around.reportAccount(account);
        awaitAccount(account, Status.ACTIVE);
        around.stripe.onboard(account, "restrict");

        UUID job = around.verifyJob(receiver);
        around.awaitStatus(job, "held account_not_active");
        around.reportAccount(account);
        awaitAccount(account, Status.RESTRICTED);
        around.stripe.onboard(account, "complete");
        around.reportAccount(account);

        around.awaitStatus(job, "paid");
        onlyTransfer(job);
        assertThat(payoutOf(job).attempt()).isGreaterThan(1);
        assertThat(around.outcomesOf(job)).startsWith("not_payable").endsWith("absent", "paid");
    }

    @Test
    void looksBeforeItTrustsAKeyThatStripeMayHaveForgotten() {
        UUID receiver = around.activeReceiver();
        around.awaitStatus(around.verifyJob(receiver), "paid");
        around.stripe.breakTransfers("drop_response", 2, "");
        Interference.killAt(Interference.Point.BEFORE_PUBLISH);
        UUID job = around.verifyJob(receiver);
        awaitDeath();
        onlyTransfer(job);

        around.stripe.advanceHours(25);
        around.age(job, "25 hours");
        around.endLeases();

        around.awaitStatus(job, "paid");
        onlyTransfer(job);
        assertThat(payoutOf(job).attempt()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void paysOnceThoughAWorkerDies(Interference.Point point) {
        UUID receiver = around.activeReceiver();
        around.awaitStatus(around.verifyJob(receiver), "paid");
        Interference.killAt(point);
        UUID job = around.verifyJob(receiver);
        awaitDeath();

        around.endLeases();

        around.awaitStatus(job, "paid");
        onlyTransfer(job);
        assertThat(payoutOf(job).attempt()).isEqualTo(1);
        assertThat(around.outcomesOf(job)).containsExactly("paid");
    }

    @Test
    void failsWhatStripeRefusesUntilAnAdministratorRetries() {
        UUID receiver = around.activeReceiver();
        UUID job = UUID.randomUUID();
        around.verifyJob(job, receiver, 1_000_000_000_000L, false); // beyond Stripe's largest amount
        around.awaitStatus(job, "failed refused");
        assertTold(job, PayoutScheduled.class, PayoutFailed.class);

        String command = UUID.randomUUID().toString();
        UUID payout = payoutOf(job).id();
        around.publish(new RetryPayout(receiver, payout), command);

        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(around.outcomesOf(job)).containsExactly("refused", "absent", "refused"));
        around.awaitStatus(job, "failed refused");
        assertThat(payoutOf(job).attempt()).isEqualTo(2);
        assertThat(outcomesOf(command)).hasExactlyElementsOfTypes(PayoutScheduled.class);

        around.publish(new RetryPayout(receiver, payout), command);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(events.causedBy(command))
                        .filteredOn(EventTail.Told::replayed)
                        .hasSize(1));
        assertThat(around.outcomesOf(job)).hasSize(3);

        around.publish(new RetryPayout(receiver, UUID.randomUUID()), command);
        awaitRefusal(command, "idempotency_mismatch");
    }

    @Test
    void refusesToRetryWhatIsUnknownOrDone() {
        UUID receiver = around.activeReceiver();
        UUID job = around.verifyJob(receiver);
        around.awaitStatus(job, "paid");

        awaitRefusal(retry(receiver, UUID.randomUUID()), "not_found");
        awaitRefusal(retry(UUID.randomUUID(), payoutOf(job).id()), "not_found");
        awaitRefusal(retry(receiver, payoutOf(job).id()), "invalid_state");
        onlyTransfer(job);
    }

    @Test
    void recordsASecondTransferOnceAndKeepsTheFirst() {
        UUID receiver = around.activeReceiver();
        UUID job = around.verifyJob(receiver);
        around.awaitStatus(job, "paid");
        Surroundings.View before = payoutOf(job);
        String second = "tr_" + UUID.randomUUID();

        for (int i = 0; i < 2; i++) {
            around.publish(new ApplyTransferOutcome(
                    receiver, before.id(), 1, Outcome.PAID, second, "from elsewhere", Instant.now()));
        }
        around.awaitStatus(around.verifyJob(receiver), "paid");

        assertThat(payoutOf(job)).isEqualTo(before);
        assertThat(around.outcomesOf(job)).containsExactly("paid", "paid");
        assertThat(around.owner.queryForObject(
                        "SELECT next_step FROM api.payout_attempt WHERE transfer_id = ?", String.class, second))
                .contains("reverse", before.transfer());
    }

    @Test
    void raisesTheAlarmWhenALookFindsTwoTransfers() {
        UUID receiver = UUID.randomUUID();
        String account = around.activeAccount(receiver);
        UUID job = Surroundings.oldJob();
        around.stripe.transfer(account, job, PayoutIds.of(job));
        around.stripe.transfer(account, job, PayoutIds.of(job));
        double before = count("paymaster.payouts.paid.twice");

        around.verifyJob(job, receiver, 100, false);
        around.awaitStatus(job, "paid");
        around.awaitStatus(around.verifyJob(receiver), "paid");

        List<JsonNode> newestFirst = around.stripe.transfers(job);
        assertThat(payoutOf(job).transfer())
                .isEqualTo(newestFirst.getLast().path("id").stringValue());
        await().atMost(SOON).until(() -> count("paymaster.payouts.paid.twice") == before + 1);
        assertThat(around.owner.queryForObject(
                        "SELECT next_step FROM api.payout_attempt WHERE transfer_id = ?",
                        String.class,
                        newestFirst.getFirst().path("id").stringValue()))
                .contains("reverse", payoutOf(job).transfer());
    }

    /** All times in a payout's life are of one clock; what is told with another one's is only told. */
    @Test
    void writesDownOutcomesByTheDatabasesClock() {
        UUID receiver = UUID.randomUUID();
        UUID job = around.verifyJob(receiver);
        around.awaitStatus(job, "held account_not_active");

        around.publish(new ApplyTransferOutcome(
                receiver, payoutOf(job).id(), 1, Outcome.PAID, "tr_" + job, "from elsewhere", Instant.EPOCH));
        around.awaitStatus(job, "paid");

        assertThat(around.owner.queryForObject(
                        "SELECT at > now() - interval '10 minutes' FROM api.payout_attempt WHERE transfer_id = ?",
                        Boolean.class,
                        "tr_" + job))
                .isTrue();
    }

    @Test
    void countsWhatPeopleAreAlertedByOnceHoweverOftenItIsTried() {
        UUID receiver = around.activeReceiver();
        UUID job = around.verifyJob(receiver);
        around.awaitStatus(job, "paid");
        UUID held = UUID.randomUUID();
        ApplyTransferOutcome second = new ApplyTransferOutcome(
                receiver, payoutOf(job).id(), 1, Outcome.PAID, "tr_" + held, "from elsewhere", Instant.now());
        String stranger = "acct_" + UUID.randomUUID();
        List<Double> before = List.of(
                count("paymaster.payouts", "status", "held"),
                count("paymaster.payouts.paid.twice"),
                count("paymaster.accounts.unknown"));

        whileBatchesFail("payout-worker", () -> {
            around.publish(new SchedulePayout(UUID.randomUUID(), held, UUID.randomUUID(), 100));
            around.publish(second);
        });
        whileBatchesFail(
                "payout-intake", () -> around.publishStripeEvent("account.updated", stranger, """
                {"created": 1, "data": {"object": {"id": "%s", "metadata": {}}}}""".formatted(stranger)));
        around.awaitStatus(held, "held account_not_active");
        around.awaitStatus(around.verifyJob(receiver), "paid");

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(List.of(
                                count("paymaster.payouts", "status", "held"),
                                count("paymaster.payouts.paid.twice"),
                                count("paymaster.accounts.unknown")))
                        .isEqualTo(before.stream().map(count -> count + 1).toList()));
    }

    @Test
    void ignoresOutcomesThatNobodyAwaits() {
        UUID receiver = UUID.randomUUID();
        UUID job = around.verifyJob(receiver);
        around.awaitStatus(job, "held account_not_active");
        Surroundings.View before = payoutOf(job);

        for (Outcome outcome : Outcome.values()) {
            if (outcome != Outcome.PAID) {
                around.publish(new ApplyTransferOutcome(
                        receiver, before.id(), 1, outcome, null, "from elsewhere", Instant.now()));
            }
        }
        UUID later = around.verifyJob(receiver);
        around.awaitStatus(later, "held account_not_active");

        assertThat(payoutOf(job)).isEqualTo(before);
        assertThat(around.outcomesOf(job)).isEmpty();
    }

    /** A lease was over, and the call that it was for ended all the same, in whatever way. */
    @Test
    void notesCallsThatNobodyAwaitedAnyMoreOnceEach() {
        UUID receiver = around.activeReceiver();
        UUID job = around.verifyJob(receiver);
        around.awaitStatus(job, "paid");
        Surroundings.View before = payoutOf(job);
        Instant called = Instant.parse("2026-11-01T12:00:00Z");

        for (Outcome outcome : Outcome.values()) {
            String transfer = outcome == Outcome.PAID ? before.transfer() : null;
            ApplyTransferOutcome late = new ApplyTransferOutcome(
                    receiver, before.id(), 1, outcome, transfer, "late", Instant.now(), null, called, 2);
            String id = UUID.randomUUID().toString();
            around.publish(late, id);
            around.publish(late, id);
        }
        around.awaitStatus(around.verifyJob(receiver), "paid");

        assertThat(payoutOf(job)).isEqualTo(before);
        assertThat(around.outcomesOf(job))
                .containsExactly(
                        "paid", "paid", "unknown", "not_yet", "absent", "insufficient_funds", "not_payable", "refused");
        assertThat(around.owner.queryForList(
                        "SELECT concat_ws('|', number, next_step, calls, called_at = ?::timestamptz, transfer_id)"
                                + " FROM api.payout_attempt WHERE payout_id = ? AND number > 1 ORDER BY number",
                        String.class,
                        called.toString(),
                        before.id()))
                .startsWith("2|nothing: it was known already|2|t")
                .last()
                .isEqualTo("8|nothing: it was not awaited any more|2|t");
    }

    @Test
    void notesALateAnswerAboutAReversalOnce() {
        UUID receiver = around.activeReceiver();
        UUID job = around.verifyJob(receiver);
        around.awaitStatus(job, "paid");
        Surroundings.View before = payoutOf(job);
        ApplyReversalOutcome late = new ApplyReversalOutcome(
                receiver,
                before.id(),
                1,
                requireNonNull(before.transfer()),
                Outcome.REFUSED,
                null,
                "late",
                Instant.now(),
                Instant.now(),
                null);
        for (int i = 0; i < 2; i++) {
            around.publish(late, "late " + job);
        }
        around.awaitStatus(around.verifyJob(receiver), "paid");

        assertThat(payoutOf(job)).isEqualTo(before);
        assertThat(around.outcomesOf(job)).containsExactly("paid", "refused");
    }

    @Test
    void believesTheNewestReportOfAnAccount() {
        UUID receiver = UUID.randomUUID();
        Instant now = Instant.now();
        String account = "acct_" + UUID.randomUUID();
        around.publish(report(receiver, account, "active", now));
        around.publish(report(receiver, account, "inactive", now.minusSeconds(60)));
        around.publish(report(receiver, account, "active", now.plusSeconds(1)));
        around.awaitStatus(around.verifyJob(around.activeReceiver()), "paid");

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(around.accountOf(receiver)).isEqualTo(account + " active"));

        around.publishStripeEvent("account.application.deauthorized", account, """
                {"id": "evt_d", "created": %d, "account": "%s", "data": {"object": {"object": "application"}}}""".formatted(
                        now.plusSeconds(5).getEpochSecond(), account));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(around.accountOf(receiver)).isEqualTo(account + " restricted"));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(events.about(account)).hasSize(2));
    }

    @Test
    void listensAfterATellerWhoseClockIsAhead() {
        UUID receiver = UUID.randomUUID();
        String account = "acct_" + UUID.randomUUID();
        around.publish(report(receiver, account, "inactive", Instant.now().plusSeconds(90_000)));
        awaitAccount(receiver, account + " restricted");
        around.publish(report(receiver, account, "active", Instant.now().plusSeconds(1)));

        awaitAccount(receiver, account + " active");
    }

    @Test
    void passesOverAccountsOfStrangers() {
        String stranger = "acct_" + UUID.randomUUID();
        around.publishStripeEvent("account.updated", stranger, """
                {"created": 1, "data": {"object": {"id": "%s", "metadata": {}}}}""".formatted(stranger));
        around.publishStripeEvent("capability.updated", stranger, """
                {"created": 1, "data": {"object": {"id": "transfers", "account": "%s"}}}""".formatted(stranger));

        around.awaitStatus(around.verifyJob(around.activeReceiver()), "paid");

        assertThat(events.about(stranger)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "account.updated,                 true",
        "account.application.deauthorized, true",
        "transfer.reversed,               false",
        "balance.available,               false",
    })
    void refusesWhatIsOfRealMoneyWhileItsKeyIsForTests(String type, boolean ofAccount) {
        String id = "acct_" + UUID.randomUUID();
        double before = deadLetters("stripe.events");

        around.publishStripeEvent(type, id, """
                {"id": "evt_test", "created": 1, "account": %s, "livemode": true,
                 "data": {"object": {"id": "%s", "amount_reversed": 1, "metadata": {}}}}""".formatted(ofAccount ? "\"" + id + "\"" : null, id));

        await().atMost(SOON).until(() -> deadLetters("stripe.events") == before + 1);
    }

    private double deadLetters(String topic) {
        return count("paymaster.dead.letters", "consumer", "payout-intake", "topic", topic);
    }

    private static ApplyAccountStatus report(UUID receiver, String account, String transfers, Instant asOf) {
        return new ApplyAccountStatus(receiver, account, true, transfers, true, List.of(), asOf);
    }

    private String retry(UUID receiver, UUID payout) {
        String command = UUID.randomUUID().toString();
        around.publish(new RetryPayout(receiver, payout), command);
        return command;
    }

    private void awaitAccount(UUID receiver, String account) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(around.accountOf(receiver)).isEqualTo(account));
    }

    private void awaitRefusal(String command, String code) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(outcomesOf(command))
                        .anySatisfy(event -> assertThat(event)
                                .isInstanceOfSatisfying(
                                        PayoutRefused.class,
                                        refused -> assertThat(refused.code()).isEqualTo(code))));
    }

    private List<PayoutEvent> outcomesOf(String command) {
        return events.causedBy(command).stream().map(EventTail.Told::event).toList();
    }

    /** The events of a job's payout, numbered without gaps, on the receiver's key. */
    private void assertTold(UUID job, Class<?>... types) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                events.about(payoutOf(job).id()).stream().map(EventTail.Told::event))
                        .hasExactlyElementsOfTypes(types));
        List<EventTail.Told> told = events.about(payoutOf(job).id());
        assertThat(told.stream().map(EventTail.Told::sequence))
                .isEqualTo(IntStream.rangeClosed(1, types.length)
                        .mapToObj(Integer::toString)
                        .toList());
        assertThat(told.stream().map(EventTail.Told::key).distinct()).hasSize(1);
        assertThat(told.stream().map(EventTail.Told::cause)).doesNotContainNull();
    }

    private void awaitAccount(String account, Status status) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(events.about(account))
                        .last()
                        .satisfies(told -> assertThat(told.event())
                                .isInstanceOfSatisfying(
                                        PayoutEvent.AccountUpdated.class,
                                        updated -> assertThat(updated.account().status())
                                                .isEqualTo(status))));
    }

    private double count(String counter, String... tags) {
        return worker.getBean(MeterRegistry.class).counter(counter, tags).count();
    }

    /** Does something while no batch can be committed, and waits until a consumer has tried some in vain. */
    private void whileBatchesFail(String consumer, Runnable action) {
        around.owner.execute("REVOKE UPDATE ON payouts.partition FROM paymaster_payout");
        try {
            double outages = count("paymaster.outages", "consumer", consumer);
            action.run();
            await().atMost(SOON).until(() -> count("paymaster.outages", "consumer", consumer) > outages + 1);
        } finally {
            around.owner.execute("GRANT UPDATE ON payouts.partition TO paymaster_payout");
        }
    }

    /** The worker's thread ends with an error, which isn't this test's failure. */
    private static void awaitDeath() {
        await().atMost(SOON).dontCatchUncaughtExceptions().until(Interference::hasKilled);
    }

    private Surroundings.View payoutOf(UUID job) {
        return requireNonNull(around.payoutOf(job));
    }

    private JsonNode onlyTransfer(UUID job) {
        List<JsonNode> transfers = around.stripe.transfers(job);
        assertThat(transfers).hasSize(1);
        return transfers.getFirst();
    }
}
