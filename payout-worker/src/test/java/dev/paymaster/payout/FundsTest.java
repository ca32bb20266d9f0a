package dev.paymaster.payout;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paymaster.events.payout.PayoutCommand.RetryPayout;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** The platform's balance is short, and payouts wait in line. */
class FundsTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final Surroundings around = Surroundings.shared();

    @AfterEach
    void fund() {
        around.stripe.fund();
    }

    /** They wouldn't look by themselves for an hour, so it is Stripe's event that makes them flow. */
    @Test
    void flowsOldestFirstWhenStripeTellsOfMoney() {
        try (ConfigurableApplicationContext worker = patient()) {
            flows(worker, this::tellOfMoney);
        }
    }

    @Test
    void flowsOldestFirstThoughNobodyTellsOfMoney() {
        try (ConfigurableApplicationContext worker = around.worker()) {
            flows(worker, () -> {});
        }
    }

    @Test
    void givesMoneyToTheFirstInLineWhenAnAdministratorRetriesIt() {
        try (ConfigurableApplicationContext _ = patient()) {
            List<UUID> receivers =
                    IntStream.range(0, 4).mapToObj(_ -> around.activeReceiver()).toList();
            around.stripe.balance(50);
            UUID first = around.verifyJob(receivers.getFirst());
            around.awaitStatus(first, "held insufficient_funds");
            List<UUID> behind =
                    receivers.subList(1, 4).stream().map(around::verifyJob).toList();
            behind.forEach(job -> around.awaitStatus(job, "due"));
            around.stripe.balance(100);

            around.publish(new RetryPayout(
                    receivers.getFirst(), requireNonNull(around.payoutOf(first)).id()));

            around.awaitStatus(first, "paid");
            assertThat(around.countPaid(behind)).isZero();
            payAll(behind);
        }
    }

    /** It is looked for before it is called, since its job is old; that is no waiting for funds, which others would stand behind. */
    @Test
    void takesAnOldJobForNoShortage() {
        around.owner.update("UPDATE payouts.shortage SET at = '-infinity'");
        try (ConfigurableApplicationContext _ = patient()) {
            UUID job = Surroundings.oldJob();
            around.verifyJob(job, around.activeReceiver(), 100, false);
            around.awaitStatus(job, "paid");

            assertThat(around.outcomesOf(job)).containsExactly("absent", "paid");
            assertThat(around.owner.queryForObject("SELECT at = '-infinity' FROM payouts.shortage", Boolean.class))
                    .isTrue();
        }
    }

    /** The database's clock was ahead when funds were short before. */
    @Test
    void standsInLineAlthoughTheClockHasGoneBack() {
        try (ConfigurableApplicationContext worker = patient()) {
            around.owner.update("UPDATE payouts.shortage SET at = now() + interval '1 day'");
            flows(worker, this::tellOfMoney);
        }
        assertThat(around.owner.queryForObject("SELECT at <= now() FROM payouts.shortage", Boolean.class))
                .isTrue();
    }

    /** A connected account's balance is none of ours. */
    @Test
    void takesNoOtherAccountsMoneyForThePlatforms() {
        try (ConfigurableApplicationContext _ = patient()) {
            UUID receiver = UUID.randomUUID();
            String account = around.activeAccount(receiver);
            around.stripe.balance(50);
            UUID job = around.verifyJob(receiver);
            around.awaitStatus(job, "held insufficient_funds");

            around.publishStripeEvent("balance.available", account, """
                    {"id": "evt_test", "object": "event", "account": "%s", "data": {"object": {"object": "balance"}}}""".formatted(account));
            around.stripe.capability(account, "inactive");
            around.reportAccount(account);
            await().atMost(SOON).until(() -> around.accountOf(receiver).equals(account + " restricted"));

            assertThat(around.outcomesOf(job)).containsExactly("insufficient_funds");
            assertThat(around.owner.queryForObject(
                            "SELECT next_attempt_at > now() + interval '10 minutes' FROM payouts.payout WHERE job_id = ?",
                            Boolean.class,
                            job))
                    .isTrue();
            around.stripe.capability(account, "active");
            around.reportAccount(account);
            payAll(List.of(job));
        }
    }

    /** Nobody else may have to stand behind them. */
    private void payAll(List<UUID> jobs) {
        around.stripe.fund();
        await().atMost(SOON).until(() -> {
            tellOfMoney();
            return around.countPaid(jobs) == jobs.size();
        });
    }

    private void tellOfMoney() {
        around.publishStripeEvent("balance.available", "balance", """
                {"id": "evt_test", "object": "event", "data": {"object": {"object": "balance"}}}""");
    }

    /** A worker that looks for money by itself after an hour. */
    private ConfigurableApplicationContext patient() {
        return around.worker("--payouts.patience.first-for-funds=1h", "--payouts.patience.longest-for-funds=1h");
    }

    private void flows(ConfigurableApplicationContext worker, Runnable tellOfMoney) {
        List<UUID> receivers =
                IntStream.range(0, 4).mapToObj(_ -> around.activeReceiver()).toList();
        around.stripe.balance(50);
        UUID first = around.verifyJob(receivers.getFirst());
        around.awaitStatus(first, "held insufficient_funds");
        around.owner.update(
                "UPDATE payouts.attempt SET at = at - interval '1 hour' WHERE payout_id = (SELECT id FROM payouts.payout"
                        + " WHERE job_id = ?)",
                first);
        assertThat(gauge(worker, "cents")).isEqualTo(100);
        assertThat(gauge(worker, "seconds")).isBetween(3_600.0, 3_700.0);
        List<UUID> behind = receivers.subList(1, 4).stream()
                .map(receiver -> {
                    UUID job = around.verifyJob(receiver);
                    around.awaitStatus(job, "due");
                    return job;
                })
                .toList();

        around.stripe.balance(220);
        tellOfMoney.run();
        around.awaitStatus(behind.get(1), "held insufficient_funds");
        assertThat(around.statusOf(first)).isEqualTo("paid");
        assertThat(around.statusOf(behind.getFirst())).isEqualTo("paid");
        assertThat(around.outcomesOf(behind.getLast()))
                .as("the last one stands behind")
                .isEmpty();

        around.stripe.fund();
        tellOfMoney.run();
        await().atMost(SOON).until(() -> around.countPaid(behind) == 3);
        assertThat(behind)
                .allSatisfy(job -> assertThat(around.stripe.transfers(job)).hasSize(1));
        assertThat(gauge(worker, "cents")).isZero();
        assertThat(gauge(worker, "seconds")).isZero();
    }

    private static double gauge(ConfigurableApplicationContext worker, String unit) {
        worker.getBean(WaitingForFunds.class).look();
        return worker.getBean(MeterRegistry.class)
                .get("paymaster.payouts.unfunded." + unit)
                .gauge()
                .value();
    }
}
