package dev.paymaster.payout;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.events.payout.PayoutCommand.RetryPayout;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** The first payouts of a receiver are held for a while, if that is wanted. */
class NewReceiverTest {
    /** A thousand payouts take their time. */
    private static final Duration SOON = Duration.ofSeconds(60);

    private final Surroundings around = Surroundings.shared();

    @Test
    void holdsUntilTheReleaseDateThatEverybodyCanSee() {
        try (ConfigurableApplicationContext _ = around.worker("--payouts.new-receiver-hold=7d")) {
            UUID receiver = UUID.randomUUID();
            UUID early = around.verifyJob(receiver);
            around.awaitStatus(early, "held account_not_active");
            Instant before = Instant.now().minusSeconds(2);
            around.activeAccount(receiver);
            UUID late = around.verifyJob(receiver);
            around.awaitStatus(late, "held new_receiver");

            assertThat(around.statusOf(early)).isEqualTo("held new_receiver");
            assertThat(releaseAt(late))
                    .isEqualTo(releaseAt(early))
                    .isBetween(before.plus(Duration.ofDays(7)), Instant.now().plus(Duration.ofDays(7)));
            assertThat(around.outcomesOf(late)).isEmpty();

            around.owner.update("UPDATE payouts.payout SET next_attempt_at = now() WHERE job_id = ?", early);
            around.awaitStatus(early, "paid");
            around.publish(new RetryPayout(
                    receiver, requireNonNull(around.payoutOf(late)).id()));
            around.awaitStatus(late, "paid");
            assertThat(around.stripe.transfers(early)).hasSize(1);
            assertThat(around.stripe.transfers(late)).hasSize(1);
        }
    }

    @Test
    void joinsTheOthersWhenTheHoldIsOver() {
        try (ConfigurableApplicationContext _ = around.worker(
                "--payouts.new-receiver-hold=7d", "--payouts.mode=batched", "--payouts.batch-period=3650d")) {
            UUID job = around.verifyJob(around.activeReceiver());
            around.awaitStatus(job, "held new_receiver");

            around.owner.update("UPDATE payouts.payout SET next_attempt_at = now() WHERE job_id = ?", job);

            around.awaitStatus(job, "held batched");
            assertThat(around.outcomesOf(job)).containsExactly("absent");
        }
    }

    /** A transaction's locks and outbox stay small, however much has waited. */
    @Test
    void setsGoingPieceByPieceWhatHasWaitedForTheAccount() {
        try (ConfigurableApplicationContext _ = around.worker("--payouts.new-receiver-hold=7d")) {
            UUID receiver = UUID.randomUUID();
            List<UUID> jobs = Stream.generate(() -> around.verifyJob(receiver))
                    .limit(Payouts.AT_ONCE + 2)
                    .toList();
            Awaitility.await().atMost(SOON).until(() -> held(receiver, "account_not_active") == jobs.size());

            around.activeAccount(receiver);

            Awaitility.await().atMost(SOON).until(() -> held(receiver, "new_receiver") == jobs.size());
            assertThat(around.owner.queryForList(
                            "SELECT count(*) FROM payouts.payout WHERE receiver = ? AND reason = 'new_receiver'"
                                    + " GROUP BY updated_at ORDER BY 1",
                            Long.class,
                            receiver))
                    .as("in each transaction")
                    .containsExactly(2L, (long) Payouts.AT_ONCE);
        }
    }

    private long held(UUID receiver, String reason) {
        return requireNonNull(around.owner.queryForObject(
                "SELECT count(*) FROM payouts.payout WHERE receiver = ? AND reason = ?", Long.class, receiver, reason));
    }

    private Instant releaseAt(UUID job) {
        return requireNonNull(around.owner.queryForObject(
                        "SELECT release_at FROM api.payout WHERE job_id = ?", OffsetDateTime.class, job))
                .toInstant();
    }
}
