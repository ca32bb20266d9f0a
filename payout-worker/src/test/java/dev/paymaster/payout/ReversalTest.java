package dev.paymaster.payout;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paymaster.events.payout.PayoutCommand.RetryPayout;
import dev.paymaster.events.payout.PayoutCommand.ReversePayout;
import dev.paymaster.events.payout.PayoutEvent.PayoutPaid;
import dev.paymaster.events.payout.PayoutEvent.PayoutRefused;
import dev.paymaster.events.payout.PayoutEvent.PayoutReversed;
import dev.paymaster.events.payout.PayoutEvent.PayoutScheduled;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.context.ConfigurableApplicationContext;

/** Transfers that are taken back, by Stripe's side and from here, and payouts that are made once more. */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReversalTest {
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
    void countsWhatStripeTakesBackInWhateverOrderItIsTold() {
        UUID job = paid(around.activeReceiver());
        String transfer = transferOf(job);
        around.stripe.reverse(transfer, 10);
        String first = around.stripe.transfer(transfer);
        around.stripe.reverse(transfer, 30);
        String second = around.stripe.transfer(transfer);

        for (String object : List.of(second, first, second)) {
            around.reportReversal(transfer, object);
        }
        awaitReversed(job, "paid", 40);
        around.stripe.reverse(transfer, 60);
        around.reportReversal(transfer);
        around.reportReversal(transfer, first);
        awaitReversed(job, "reversed", 100);
        awaitPaid(around.verifyJob(around.activeReceiver()));

        assertTold(job, PayoutScheduled.class, PayoutPaid.class, PayoutReversed.class, PayoutReversed.class);
        assertThat(around.outcomesOf(job)).containsExactly("paid", "partly_reversed", "reversed");
    }

    /** The answer is lost, so that Stripe's event is the first to tell of the transfer at all. */
    @Test
    void hearsOfAReversalBeforeItKnowsOfTheTransfer() {
        UUID receiver = around.activeReceiver();
        paid(receiver);
        Interference.killAt(Interference.Point.BEFORE_PUBLISH);
        UUID job = around.verifyJob(receiver);
        awaitDeath();
        String transfer = around.stripe.transfers(job).getFirst().path("id").stringValue();
        around.stripe.reverse(transfer, 100);

        around.reportReversal(transfer);
        awaitReversed(job, "reversed", 100);
        around.endLeases();
        paid(receiver);

        assertTold(job, PayoutScheduled.class, PayoutPaid.class, PayoutReversed.class);
        assertThat(around.stripe.transfers(job)).hasSize(1);
    }

    @Test
    void doesNotPayAgainWhatSomebodyTookBackBeforeItWasKnownToBePaid() {
        UUID receiver = around.activeReceiver();
        paid(receiver);
        Interference.killAt(Interference.Point.BEFORE_PUBLISH);
        UUID job = around.verifyJob(receiver);
        awaitDeath();
        around.stripe.reverse(around.stripe.transfers(job).getFirst().path("id").stringValue(), 100);

        around.age(job, "25 hours");
        around.endLeases();

        awaitReversed(job, "reversed", 100);
        assertThat(around.stripe.transfers(job)).hasSize(1);
        assertTold(job, PayoutScheduled.class, PayoutPaid.class, PayoutReversed.class);
    }

    @Test
    void takesAPayoutBackAndPaysItOnceMore() {
        UUID receiver = around.activeReceiver();
        UUID job = paid(receiver);
        String first = transferOf(job);

        String command = reverse(receiver, job);
        awaitReversed(job, "reversed", 100);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                events.causedBy(command).stream().map(EventTail.Told::event))
                        .first()
                        .isInstanceOfSatisfying(
                                PayoutPaid.class,
                                told -> assertThat(told.payout().reason()).isEqualTo("reversal_requested")));
        assertThat(around.stripe.transfer(first)).contains("\"amount_reversed\":100");
        around.reportReversal(first);

        around.publish(new RetryPayout(receiver, payoutOf(job).id()));
        awaitPaid(job);

        assertThat(around.stripe.transfers(job)).hasSize(2);
        assertThat(transferOf(job)).isNotEqualTo(first);
        assertThat(payoutOf(job).attempt()).isEqualTo(2);
        assertThat(around.outcomesOf(job)).containsExactly("paid", "reversed", "absent", "paid");
        around.reportReversal(first);
        paid(receiver);
        assertThat(payoutOf(job).status()).isEqualTo("paid");
    }

    @ParameterizedTest
    @CsvSource({
        "drop_request,      5",
        "drop_response,     5",
        "truncate_response, 3",
        "error_before,      1",
        "error_after,       1",
        "rate_limit,        3",
        "key_in_use,        3",
        "empty_body,        3",
        "html_body,         3",
    })
    void takesBackAllOfItWhateverGoesWrong(String fault, int times) {
        UUID receiver = around.activeReceiver();
        UUID job = paid(receiver);
        around.stripe.breakReversals(fault, times);

        reverse(receiver, job);

        awaitReversed(job, "reversed", 100);
        assertThat(around.stripe.transfer(transferOf(job))).contains("\"amount_reversed\":100");
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void takesBackAllOfItThoughAWorkerDies(Interference.Point point) {
        UUID receiver = around.activeReceiver();
        UUID job = paid(receiver);
        Interference.killAt(point);
        reverse(receiver, job);
        awaitDeath();

        around.endLeases();

        awaitReversed(job, "reversed", 100);
        assertThat(around.stripe.transfer(transferOf(job))).contains("\"amount_reversed\":100");
    }

    @Test
    void keepsAPayoutThatStripeWillNotTakeBack() {
        UUID receiver = around.activeReceiver();
        UUID job = paid(receiver);
        around.stripe.breakReversals("balance_insufficient", 1);

        reverse(receiver, job);
        await().atMost(SOON).until(() -> around.outcomesOf(job).contains("not_reversed"));

        around.awaitStatus(job, "paid reversal_refused");
        assertThat(requireNonNull(payoutOf(job).detail())).contains("balance_insufficient");
        reverse(receiver, job);
        awaitReversed(job, "reversed", 100);
    }

    @Test
    void takesBackOnlyWhatWasPaidAndOnce() {
        UUID receiver = UUID.randomUUID();
        UUID held = around.verifyJob(receiver);
        around.awaitStatus(held, "held account_not_active");
        awaitRefusal(reverse(receiver, held), "invalid_state");

        UUID other = around.activeReceiver();
        UUID job = paid(other);
        awaitRefusal(reverse(receiver, job), "not_found");
        String command = reverse(other, job);
        awaitReversed(job, "reversed", 100);
        around.publish(new ReversePayout(other, payoutOf(job).id(), "a mistake"), command);
        awaitRefusal(reverse(other, job), "invalid_state");

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(events.causedBy(command))
                        .filteredOn(EventTail.Told::replayed)
                        .hasSize(1));
    }

    @Test
    void passesOverTransfersOfStrangers() {
        Counter unknown = worker.getBean(MeterRegistry.class).counter("paymaster.transfers.unknown");
        double before = unknown.count();
        around.reportReversal("tr_stranger", """
                {"id": "tr_stranger", "object": "transfer", "amount": 100, "amount_reversed": 100,
                 "metadata": {"payout_id": "17"}}""");

        await().atMost(SOON).until(() -> unknown.count() == before + 1);
        paid(around.activeReceiver());
    }

    private String reverse(UUID receiver, UUID job) {
        String command = UUID.randomUUID().toString();
        around.publish(new ReversePayout(receiver, payoutOf(job).id(), "a mistake"), command);
        return command;
    }

    private UUID paid(UUID receiver) {
        UUID job = around.verifyJob(receiver);
        awaitPaid(job);
        return job;
    }

    private void awaitPaid(UUID job) {
        around.awaitStatus(job, "paid");
    }

    private void awaitReversed(UUID job, String status, long cents) {
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(payoutOf(job).status()).as("%s", payoutOf(job)).isEqualTo(status);
            assertThat(payoutOf(job).reversedCents()).isEqualTo(cents);
        });
    }

    private void awaitRefusal(String command, String code) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(events.causedBy(command))
                        .last()
                        .satisfies(told -> assertThat(told.event())
                                .isInstanceOfSatisfying(
                                        PayoutRefused.class,
                                        refused -> assertThat(refused.code()).isEqualTo(code))));
    }

    private void assertTold(UUID job, Class<?>... types) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                events.about(payoutOf(job).id()).stream().map(EventTail.Told::event))
                        .hasExactlyElementsOfTypes(types));
    }

    private static void awaitDeath() {
        await().atMost(SOON).dontCatchUncaughtExceptions().until(Interference::hasKilled);
    }

    private Surroundings.View payoutOf(UUID job) {
        return requireNonNull(around.payoutOf(job));
    }

    private String transferOf(UUID job) {
        return requireNonNull(payoutOf(job).transfer());
    }
}
