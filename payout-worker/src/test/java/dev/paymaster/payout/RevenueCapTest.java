package dev.paymaster.payout;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paymaster.events.payout.PayoutCommand.RetryPayout;
import dev.paymaster.events.payout.PayoutCommand.ReversePayout;
import dev.paymaster.payout.Surroundings.View;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** Payouts for a sender's jobs wait until the sender's lots have brought in as much. */
class RevenueCapTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String CAP = "--payouts.cap-at-revenue=true";
    private static final String HELD = "held revenue_cap";

    /** What a sender's payouts take by their own states; what column committed_cents has to say. */
    private static final String COUNTED_ANEW = """
            SELECT coalesce(sum(CASE WHEN p.reason IS NOT DISTINCT FROM 'revenue_cap' AND w.payout_id IS NOT NULL THEN 0
                                     ELSE p.amount_cents - p.reversed_cents END), 0)
            FROM payouts.payout p LEFT JOIN payouts.waiting w ON w.payout_id = p.id
            WHERE p.sender = c.sender AND p.id <> p.job_id""";

    private final Surroundings around = Surroundings.shared();
    private final UUID sender = UUID.randomUUID();

    /** Of every sender of every test so far. */
    @AfterEach
    void booksAreRight() {
        around.stripe.heal();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(around.owner.queryForList("SELECT c.sender, c.committed_cents, ("
                                + COUNTED_ANEW + ") AS counted"
                                + " FROM payouts.sender_cash c WHERE c.committed_cents <> (" + COUNTED_ANEW + ")"))
                        .isEmpty());
        assertThat(around.owner.queryForList("""
                SELECT c.sender FROM payouts.sender_cash c WHERE c.cash_cents <> (
                    SELECT coalesce(sum(revenue_cents), 0) FROM (
                        SELECT sender, revenue_cents FROM payouts.lot_cash
                        UNION ALL SELECT sender, revenue_cents FROM payouts.further_cash
                        UNION ALL SELECT sender, -cents FROM payouts.returned_cash) all_cash
                    WHERE sender = c.sender)""")).isEmpty();
    }

    @Test
    void addsToABatchThatIsThere() {
        try (ConfigurableApplicationContext _ =
                around.worker(CAP, "--payouts.mode=batched", "--payouts.batch-period=3650d")) {
            UUID receiver = around.activeReceiver();
            earn(100);
            around.awaitStatus(job(receiver, 100), "held batched");
            UUID uncovered = job(receiver, 100);
            around.awaitStatus(uncovered, HELD);

            earn(100);

            around.awaitStatus(uncovered, "held batched");
        }
    }

    @Test
    void countsWhatWasPaidBeforeItWasSwitchedOnAndLetsGoWhenItIsSwitchedOff() {
        UUID late;
        try (ConfigurableApplicationContext _ = around.worker()) {
            around.awaitStatus(job(around.activeReceiver(), 100), "paid");
            earn(150);
            awaitCash(150);
        }
        try (ConfigurableApplicationContext _ = around.worker(CAP)) {
            late = job(around.activeReceiver(), 100);
            around.awaitStatus(late, HELD);
            earn(49);
            awaitCash(199);
            assertThat(around.statusOf(late)).isEqualTo(HELD);
        }
        try (ConfigurableApplicationContext _ = around.worker()) {
            around.awaitStatus(job(around.activeReceiver(), 100), "paid");
            around.awaitStatus(late, "paid");
        }
    }

    /** Each job has a payout of its own. */
    @Nested
    class EachJob {
        private static ConfigurableApplicationContext worker;

        @BeforeAll
        static void start() {
            worker = Surroundings.shared().worker(CAP);
        }

        @AfterAll
        static void stop() {
            worker.close();
        }

        @Test
        void holdsInLineAndFlowsOldestFirst() {
            earn(250);
            List<UUID> jobs = new ArrayList<>();
            for (String expected : List.of("paid", "paid", HELD, HELD)) {
                jobs.add(job(around.activeReceiver(), 100));
                around.awaitStatus(jobs.getLast(), expected);
            }
            UUID small = job(around.activeReceiver(), 1);
            around.awaitStatus(small, HELD);
            assertThat(requireNonNull(around.payoutOf(jobs.get(2))).detail())
                    .contains("250 cents so far, of which payouts take 200");

            UUID lot = earn(60);
            around.publishGrant(lot, sender, 60L);
            around.awaitStatus(jobs.get(2), "paid");
            around.publishGrant(lot, sender, 60L);
            around.awaitStatus(job(around.activeReceiver(), 1), HELD);
            assertThat(around.statusOf(jobs.get(3))).isEqualTo(HELD);
            assertThat(around.statusOf(small)).as("fits, but stands behind").isEqualTo(HELD);

            earn(91);
            around.awaitStatus(jobs.get(3), "paid");
            around.awaitStatus(small, "paid");
            assertThat(jobs)
                    .allSatisfy(job -> assertThat(around.stripe.transfers(job)).hasSize(1));
        }

        @Test
        void paysOnceTheCashIsToldThatWasThereBeforeTheJob() {
            UUID inactive = UUID.randomUUID();
            UUID job = job(around.activeReceiver(), 100);
            UUID early = job(inactive, 100);
            around.awaitStatus(job, HELD);
            around.awaitStatus(early, HELD);
            around.publishGrant(UUID.randomUUID(), sender, null);

            earn(200);

            around.awaitStatus(job, "paid");
            around.awaitStatus(early, "held account_not_active");
            around.activeAccount(inactive);
            around.awaitStatus(early, "paid");
        }

        /** Of an invoice whose credits others had granted before. */
        @Test
        void countsCashThatIsInNoLotOnce() {
            earn(100);
            around.awaitStatus(job(around.activeReceiver(), 100), "paid");
            UUID held = job(around.activeReceiver(), 100);
            around.awaitStatus(held, HELD);

            around.publishCash("invoice:in_" + sender, sender, 100);
            around.awaitStatus(held, "paid");
            around.publishCash("invoice:in_" + sender, sender, 100);
            around.awaitStatus(job(around.activeReceiver(), 1), HELD);
            around.publishCash("invoice:in_" + sender + "/2", sender, 1);
            awaitCash(201);
        }

        /** Who buys and has it refunded, again and again, has brought in nothing; told twice, and before the purchase. */
        @Test
        void doesNotCountCashThatHasComeBack() {
            String purchase = "invoice:in_" + sender;
            around.publishReturned(purchase, sender, 60, 1);
            awaitCash(-60);
            earn(150);
            awaitCash(90);
            UUID job = job(around.activeReceiver(), 100);
            around.awaitStatus(job, HELD);

            around.publishReturned(purchase, sender, 150, 2);
            around.publishReturned(purchase, sender, 150, 2);
            around.publishReturned("session:cs_" + sender, sender, 0, 3);
            awaitCash(0);
            assertThat(around.statusOf(job)).isEqualTo(HELD);

            around.publishReturned(purchase, sender, 50, 4); // a refund has failed
            around.awaitStatus(job, "paid");
            around.publishReturned(purchase, sender, 150, 5);
            awaitCash(0);
            around.publishReturned(purchase, sender, 50, 4); // told once more by a former owner
            earn(100);
            around.awaitStatus(job(around.activeReceiver(), 1), HELD);
        }

        @Test
        void paysInSpiteOfTheCapWhatAnAdministratorRetries() {
            UUID inactive = UUID.randomUUID();
            UUID first = job(around.activeReceiver(), 100);
            around.awaitStatus(first, HELD);
            UUID second = job(inactive, 100);
            around.awaitStatus(second, HELD);
            UUID third = job(around.activeReceiver(), 100);
            around.awaitStatus(third, HELD);

            retry(first);
            around.awaitStatus(first, "paid");
            retry(second);
            around.awaitStatus(second, "held account_not_active");

            earn(299);
            awaitCash(299);
            assertThat(around.statusOf(third)).as("200 of 299 are taken").isEqualTo(HELD);
            earn(1);
            around.awaitStatus(third, "paid");
        }

        @Test
        void hasRoomAgainWhenAPayoutIsTakenBack() {
            earn(100);
            UUID first = job(around.activeReceiver(), 100);
            around.awaitStatus(first, "paid");
            UUID second = job(around.activeReceiver(), 50);
            UUID third = job(around.activeReceiver(), 50);
            around.awaitStatus(second, HELD);
            around.awaitStatus(third, HELD);

            String transfer =
                    requireNonNull(requireNonNull(around.payoutOf(first)).transfer());
            around.stripe.reverse(transfer, 60);
            around.reportReversal(transfer);
            around.reportReversal(transfer);
            around.awaitStatus(second, "paid");
            assertThat(around.statusOf(third)).isEqualTo(HELD);
            around.stripe.reverse(transfer, 40);
            around.reportReversal(transfer);
            around.awaitStatus(third, "paid");

            retry(first);
            around.awaitStatus(first, "paid");
            earn(99);
            around.awaitStatus(job(around.activeReceiver(), 1), HELD);
        }

        /** As an operator does, when older versions didn't tell what lots had brought in. */
        @Test
        void movesTheLineWithTheNextJobAfterTheCashWasCountedByHand() {
            List<UUID> held = List.of(job(around.activeReceiver(), 100), job(around.activeReceiver(), 100));
            held.forEach(job -> around.awaitStatus(job, HELD));
            around.owner.update("INSERT INTO payouts.lot_cash VALUES (?, ?, 300)", UUID.randomUUID(), sender);
            around.owner.update("UPDATE payouts.sender_cash SET cash_cents = 300 WHERE sender = ?", sender);

            UUID next = job(around.activeReceiver(), 100);

            held.forEach(job -> around.awaitStatus(job, "paid"));
            around.awaitStatus(next, "paid");
        }

        /** Several workers, one sender, receivers on all partitions, cash and jobs in any order and twice; one worker leaves. */
        @Test
        void neverPaysMoreThanWasBroughtInThoughSeveralWorkersDecideAtOnce() {
            ConfigurableApplicationContext leaving = around.worker(CAP);
            List<UUID> jobs = new ArrayList<>();
            try {
                List<UUID> receivers =
                        Stream.generate(around::activeReceiver).limit(8).toList();
                Random random = new Random(11);
                long cash = 0;
                for (int i = 0; i < 120; i++) {
                    UUID job = job(receivers.get(random.nextInt(receivers.size())), 100);
                    jobs.add(job);
                    if (random.nextInt(4) == 0) {
                        around.verifyJob(job, sender, receivers.getFirst(), 100, false);
                    }
                    if (random.nextInt(3) == 0) {
                        long cents = 10L + random.nextInt(150);
                        cash += cents;
                        UUID lot = earn(cents);
                        if (random.nextBoolean()) {
                            around.publishGrant(lot, sender, cents);
                        }
                    }
                    if (i == 60) {
                        leaving.close();
                    }
                    assertThat(paidCents()).as("after %d jobs", i).isLessThanOrEqualTo(cash);
                }
                long told = cash;
                await().atMost(SOON).until(() -> count("payouts.payout WHERE sender = ?", sender) == jobs.size());
                awaitCash(told);
                await().atMost(SOON).until(() -> paidCents() == told - told % 100);
                assertThat(around.owner.queryForList("""
                        SELECT max(created_at) FILTER (WHERE status = 'paid') <= min(created_at) FILTER (WHERE status = 'held')
                        FROM payouts.payout WHERE sender = ?""", Boolean.class, sender))
                        .containsExactly(true);

                earn(100L * jobs.size() - told);
                await().atMost(SOON).until(() -> around.countPaid(jobs) == jobs.size());
            } finally {
                leaving.close();
            }
            assertThat(jobs)
                    .allSatisfy(job -> assertThat(around.stripe.transfers(job)).hasSize(1));
        }
    }

    /** Jobs are paid by batches of a second. */
    @Nested
    class Batches {
        private static ConfigurableApplicationContext worker;

        @BeforeAll
        static void start() {
            worker = Surroundings.shared().worker(CAP, "--payouts.mode=batched", "--payouts.batch-period=1s");
        }

        @AfterAll
        static void stop() {
            worker.close();
        }

        @Test
        void countsTheJobsOfABatchForTheirOwnSenders() {
            UUID receiver = around.activeReceiver();
            UUID other = UUID.randomUUID();
            earn(100);
            UUID covered = job(receiver, 100);
            UUID uncovered = UUID.randomUUID();
            around.verifyJob(uncovered, other, receiver, 100, false);
            around.awaitStatus(covered, "paid");
            around.awaitStatus(uncovered, HELD);

            around.publishGrant(UUID.randomUUID(), other, 100L);

            around.awaitStatus(uncovered, "paid");
        }

        /** What the batch takes, it takes from the retry on, and not only when it is paid again. */
        @Test
        void countsTheJobsOfABatchThatIsRetried() {
            UUID receiver = around.activeReceiver();
            earn(500);
            List<UUID> jobs = List.of(job(receiver, 200), job(receiver, 300));
            jobs.forEach(job -> around.awaitStatus(job, "paid"));
            List<UUID> batches = around.owner.query(
                    "SELECT DISTINCT batch_id FROM payouts.payout WHERE sender = ?",
                    (row, _) -> row.getObject(1, UUID.class),
                    sender);
            batches.forEach(batch -> around.publish(new ReversePayout(receiver, batch, "a mistake")));
            jobs.forEach(job -> around.awaitStatus(job, "reversed"));

            around.stripe.breakTransfers("error_before", 1000, "");
            batches.forEach(batch -> around.publish(new RetryPayout(receiver, batch)));
            batches.forEach(batch -> around.awaitStatus(batch, "due"));
            jobs.forEach(job -> around.awaitStatus(job, "held batched"));
            UUID late = job(around.activeReceiver(), 500);
            around.awaitStatus(late, HELD);

            around.stripe.heal();
            jobs.forEach(job -> around.awaitStatus(job, "paid"));
            assertThat(around.statusOf(late)).isEqualTo(HELD);
            assertThat(paidCents()).isEqualTo(500);
        }
    }

    private UUID job(UUID receiver, long cents) {
        UUID job = UUID.randomUUID();
        around.verifyJob(job, sender, receiver, cents, false);
        return job;
    }

    private UUID earn(long cents) {
        UUID lot = UUID.randomUUID();
        around.publishGrant(lot, sender, cents);
        return lot;
    }

    private void retry(UUID job) {
        View payout = requireNonNull(around.payoutOf(job));
        around.publish(new RetryPayout(around.receiverOf(job), payout.id()));
    }

    private void awaitCash(long cents) {
        await().atMost(SOON)
                .until(() -> count("payouts.sender_cash WHERE sender = ? AND cash_cents = ?", sender, cents) == 1);
    }

    private long paidCents() {
        return requireNonNull(around.owner.queryForObject(
                "SELECT coalesce(sum(amount_cents), 0) FROM payouts.payout WHERE sender = ? AND status = 'paid'",
                Long.class,
                sender));
    }

    private long count(String from, Object... parameters) {
        return requireNonNull(around.owner.queryForObject("SELECT count(*) FROM " + from, Long.class, parameters));
    }
}
