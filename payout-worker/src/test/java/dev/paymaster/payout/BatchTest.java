package dev.paymaster.payout;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paymaster.events.payout.PayoutCommand.RetryPayout;
import dev.paymaster.events.payout.PayoutCommand.ReversePayout;
import dev.paymaster.payout.obligation.PayoutIds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** One transfer for all jobs of a receiver in a period; the test ends periods by hand. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BatchTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int JOBS = 15;

    private final Surroundings around = Surroundings.shared();
    private ConfigurableApplicationContext worker;

    @BeforeAll
    void start() {
        worker = around.worker(Interference.class, "--payouts.mode=batched", "--payouts.batch-period=3650d");
    }

    @AfterAll
    void stop() {
        worker.close();
    }

    @AfterEach
    void heal() {
        around.stripe.heal();
        around.stripe.fund();
        Interference.killAt(Interference.Point.NONE);
    }

    @Test
    void paysAllJobsOfAPeriodByOneTransferThatListsThem() {
        UUID receiver = UUID.randomUUID();
        UUID early = around.verifyJob(receiver);
        around.awaitStatus(early, "held account_not_active");
        around.activeAccount(receiver);
        List<UUID> jobs = new ArrayList<>(batched(receiver, JOBS - 1));
        jobs.add(early);
        awaitAll(jobs, "held batched");
        UUID batch = batchOf(jobs);

        endPeriod(batch);
        awaitAll(jobs, "paid");

        JsonNode transfer = onlyTransfer(batch);
        assertThat(transfer.path("amount").longValue()).isEqualTo(JOBS * 100);
        assertThat(transfer.path("description").stringValue()).isEqualTo("Payout for 15 jobs");
        String listed = transfer.path("metadata").path("jobs_1").stringValue() + ","
                + transfer.path("metadata").path("jobs_2").stringValue();
        assertThat(listed.split(","))
                .containsExactlyInAnyOrderElementsOf(
                        jobs.stream().map(UUID::toString).toList());
        assertThat(jobs)
                .allSatisfy(job -> assertThat(around.stripe.transfers(job)).isEmpty())
                .allSatisfy(
                        job -> assertThat(requireNonNull(around.payoutOf(job)).transfer())
                                .isEqualTo(transfer.path("id").stringValue()));
    }

    @Test
    void looksForATransferOfAnOldJobBeforeItJoinsTheOthers() {
        UUID receiver = UUID.randomUUID();
        UUID held = old(receiver);
        around.awaitStatus(held, "held account_not_active");
        around.activeAccount(receiver);
        List<UUID> jobs = List.of(held, old(receiver), around.verifyJob(receiver));
        awaitAll(jobs, "held batched");
        await().atMost(SOON)
                .until(() -> batchesOf(jobs).size() == 1 && !batchesOf(jobs).contains(null));
        UUID batch = batchOf(jobs);
        assertThat(around.outcomesOf(held)).containsExactly("absent");

        endPeriod(batch);

        awaitAll(jobs, "paid");
        assertThat(onlyTransfer(batch).path("amount").longValue()).isEqualTo(300);
        assertThat(jobs)
                .allSatisfy(job -> assertThat(around.stripe.transfers(job)).isEmpty());
    }

    @Test
    void paysABatchByItselfThatHadToWaitForItsAccount() {
        UUID receiver = UUID.randomUUID();
        String account = around.activeAccount(receiver);
        List<UUID> jobs = batched(receiver, 2);
        UUID batch = batchOf(jobs);
        around.stripe.capability(account, "inactive");
        around.reportAccount(account);
        await().atMost(SOON).until(() -> around.accountOf(receiver).equals(account + " restricted"));
        endPeriod(batch);
        around.awaitStatus(batch, "held account_not_active");

        around.stripe.capability(account, "active");
        around.reportAccount(account);

        awaitAll(jobs, "paid");
        assertThat(onlyTransfer(batch).path("amount").longValue()).isEqualTo(200);
    }

    @Test
    void paysAnOldJobOnceThatStripeHasATransferOf() {
        UUID receiver = UUID.randomUUID();
        String account = around.activeAccount(receiver);
        UUID job = Surroundings.oldJob();
        around.stripe.transfer(account, job, PayoutIds.of(job));

        around.verifyJob(job, receiver, 100, false);

        around.awaitStatus(job, "paid");
        assertThat(around.stripe.transfers(job)).hasSize(1);
        assertThat(batchesOf(List.of(job))).containsOnlyNulls();
    }

    @Test
    void closesABatchWithItsFirstClaim() {
        UUID receiver = around.activeReceiver();
        around.stripe.balance(50);
        List<UUID> jobs = batched(receiver, 2);
        UUID batch = batchOf(jobs);
        endPeriod(batch);
        around.awaitStatus(batch, "held insufficient_funds");

        UUID late = batched(receiver, 1).getFirst();
        assertThat(batchOf(List.of(late))).isNotEqualTo(batch);
        around.verifyJob(jobs.getFirst(), receiver, 100, false);
        around.stripe.fund();

        awaitAll(jobs, "paid");
        assertThat(onlyTransfer(batch).path("amount").longValue()).isEqualTo(200);
        assertThat(around.statusOf(late)).isEqualTo("held batched");
    }

    @ParameterizedTest
    @CsvSource({"drop_response, 5", "error_before, 1", "error_after, 1", "rate_limit, 3", "capability_lost, 1"})
    void makesOneTransferWhateverGoesWrong(String fault, int times) {
        UUID receiver = around.activeReceiver();
        List<UUID> jobs = batched(receiver, 3);
        UUID batch = batchOf(jobs);
        around.stripe.breakTransfers(fault, times, "");

        endPeriod(batch);

        awaitAll(jobs, "paid");
        assertThat(onlyTransfer(batch).path("amount").longValue()).isEqualTo(300);
    }

    @Test
    void paysOnceThoughAWorkerDies() {
        UUID receiver = around.activeReceiver();
        List<UUID> jobs = batched(receiver, 3);
        UUID batch = batchOf(jobs);
        Interference.killAt(Interference.Point.BEFORE_PUBLISH);
        // The lookup comes first, and its outcome is what dies.
        endPeriod(batch);
        await().atMost(SOON).dontCatchUncaughtExceptions().until(Interference::hasKilled);
        Interference.killAt(Interference.Point.AFTER_CALL);
        around.endLeases();
        await().atMost(SOON).dontCatchUncaughtExceptions().until(Interference::hasKilled);
        around.endLeases();

        awaitAll(jobs, "paid");
        onlyTransfer(batch);
    }

    @Test
    void takesBackAndPaysOnceMoreTheBatchAndNotItsParts() {
        UUID receiver = around.activeReceiver();
        List<UUID> jobs = batched(receiver, 2);
        UUID batch = batchOf(jobs);
        UUID part = requireNonNull(around.payoutOf(jobs.getFirst())).id();
        around.publish(new RetryPayout(receiver, part));
        endPeriod(batch);
        awaitAll(jobs, "paid");
        assertThat(onlyTransfer(batch).path("amount").longValue()).isEqualTo(200);

        around.publish(new ReversePayout(receiver, part, "a mistake"));
        around.publish(new ReversePayout(receiver, batch, "a mistake"));
        awaitAll(jobs, "reversed");
        around.publish(new RetryPayout(receiver, part));
        around.publish(new RetryPayout(receiver, batch));

        awaitAll(jobs, "paid");
        assertThat(around.stripe.transfers(batch)).hasSize(2);
        assertThat(jobs)
                .allSatisfy(job -> assertThat(around.stripe.transfers(job)).isEmpty());
    }

    @Test
    void showsEachPartsAccountAndShareOfWhatWasTakenBack() {
        UUID receiver = UUID.randomUUID();
        String account = around.activeAccount(receiver);
        List<UUID> jobs = batched(receiver, 3);
        UUID batch = batchOf(jobs);
        endPeriod(batch);
        awaitAll(jobs, "paid");
        String transfer = onlyTransfer(batch).path("id").stringValue();

        around.stripe.reverse(transfer, 100);
        around.reportReversal(transfer);

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(around.owner.queryForList(
                                "SELECT back_cents FROM api.payout WHERE batch_id = ? ORDER BY job_id",
                                Integer.class,
                                batch))
                        .containsExactly(33, 33, 34));
        assertThat(jobs)
                .allSatisfy(
                        job -> assertThat(requireNonNull(around.payoutOf(job)).account())
                                .isEqualTo(account));
    }

    private List<UUID> batched(UUID receiver, int count) {
        List<UUID> jobs = IntStream.range(0, count)
                .mapToObj(_ -> around.verifyJob(receiver))
                .toList();
        awaitAll(jobs, "held batched");
        return jobs;
    }

    private void awaitAll(List<UUID> jobs, String status) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(jobs)
                        .allSatisfy(job -> assertThat(around.statusOf(job)).isEqualTo(status)));
    }

    private UUID old(UUID receiver) {
        UUID job = Surroundings.oldJob();
        around.verifyJob(job, receiver, 100, false);
        return job;
    }

    private UUID batchOf(List<UUID> jobs) {
        List<@Nullable UUID> batches = batchesOf(jobs);
        assertThat(batches).hasSize(1);
        return requireNonNull(batches.getFirst());
    }

    private List<@Nullable UUID> batchesOf(List<UUID> jobs) {
        return around.owner.query(
                "SELECT DISTINCT batch_id FROM api.payout WHERE job_id = ANY (?::uuid[])",
                (row, _) -> row.getObject(1, UUID.class),
                (Object) jobs.stream().map(UUID::toString).toArray(String[]::new));
    }

    private void endPeriod(UUID batch) {
        around.owner.update("UPDATE payouts.payout SET next_attempt_at = now() WHERE id = ?", batch);
    }

    private JsonNode onlyTransfer(UUID batch) {
        List<JsonNode> transfers = around.stripe.transfers(batch);
        assertThat(transfers).hasSize(1);
        return transfers.getFirst();
    }
}
