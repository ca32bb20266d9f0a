package dev.paymaster.payout;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.payout.obligation.Key;
import dev.paymaster.payout.obligation.ObligationRules;
import dev.paymaster.payout.obligation.Owed;
import dev.paymaster.payout.obligation.Payout;
import dev.paymaster.payout.obligation.Plan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Many transactions at once decide about the same senders. */
class SendersTest {
    private static final int THREADS = 6;
    private static final int ROUNDS = 40;
    private static final long CENTS = 100;

    private final Surroundings around = Surroundings.shared();
    private final Senders senders = new Senders(around.owner, true);
    private final TransactionTemplate transactions =
            new TransactionTemplate(new DataSourceTransactionManager(requireNonNull(around.owner.getDataSource())));
    private final List<UUID> three = List.of(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID());

    /** Its start makes the tables. One that stopped at once would leave half a member behind in its groups. */
    private final ConfigurableApplicationContext worker = around.worker();

    /** These books have no payouts, which no other test expects. */
    @AfterEach
    void removeBooks() {
        for (String table : List.of("waiting", "lot_cash", "sender_cash")) {
            around.owner.update("DELETE FROM payouts." + table + " WHERE sender IN (?, ?, ?)", three.toArray());
        }
        worker.close();
    }

    /** Each names the senders in an order of its own, so a circle of waits would be found, too. */
    @Test
    void admitExactlyAsManyPayoutsAsTheCashCovers() throws Exception {
        AtomicLong admitted = new AtomicLong();
        AtomicLong held = new AtomicLong();
        AtomicLong earned = new AtomicLong();
        AtomicLong covered = new AtomicLong();

        inParallel(random -> {
            UUID sender = three.get(random.nextInt(three.size()));
            if (random.nextInt(3) == 0) {
                Senders.LotCash lot = new Senders.LotCash(UUID.randomUUID(), sender, CENTS);
                covered.addAndGet(senders.earn(List.of(lot, lot)).settle().size());
                earned.incrementAndGet();
                return;
            }
            List<UUID> touched = new ArrayList<>(three);
            Collections.shuffle(touched, random);
            SenderBatch batch = senders.open(new HashSet<>(touched), List.of());
            Owed owed = owed(sender);
            boolean covers = batch.covers(owed);
            if (!covers) {
                batch.join(owed);
            }
            batch.follow(
                    null, PayoutRow.created(covers ? due(owed) : ObligationRules.beyond(owed, batch.budget(sender))));
            assertThat(batch.settle()).isEmpty();
            (covers ? admitted : held).incrementAndGet();
        });

        assertThat(sum("committed_cents", "sender_cash")).isEqualTo((admitted.get() + covered.get()) * CENTS);
        assertThat(sum("cash_cents", "sender_cash")).isEqualTo(earned.get() * CENTS);
        assertThat(sum("amount_cents", "waiting")).isEqualTo((held.get() - covered.get()) * CENTS);
        for (UUID sender : three) {
            SenderBatch after = requireNonNull(transactions.execute(_ -> senders.open(Set.of(sender), List.of())));
            long room = after.budget(sender).cashCents() - after.budget(sender).committedCents();
            long line = count("SELECT count(*) FROM payouts.waiting WHERE sender = ?", sender);
            assertThat(room).isNotNegative();
            assertThat(room == 0 || line == 0)
                    .as("room of %d, %d wait", room, line)
                    .isTrue();
        }
    }

    private interface Round {
        void run(Random random);
    }

    private void inParallel(Round round) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Random random = new Random(i);
                all.add(threads.submit(() -> {
                    for (int j = 0; j < ROUNDS; j++) {
                        transactions.executeWithoutResult(_ -> round.run(random));
                    }
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
    }

    private static Owed owed(UUID sender) {
        return new Owed(UUID.randomUUID(), UUID.randomUUID(), sender, UUID.randomUUID(), CENTS, "a job", Instant.now());
    }

    private static Payout due(Owed owed) {
        return new Payout.Due(owed, Key.first(), Plan.call(owed.createdAt()), null);
    }

    private long sum(String column, String table) {
        return count(
                "SELECT coalesce(sum(" + column + "), 0)::bigint FROM payouts." + table + " WHERE sender IN (?, ?, ?)",
                three.toArray());
    }

    private long count(String sql, Object... parameters) {
        Long count = around.owner.queryForObject(sql, Long.class, parameters);
        return count == null ? -1 : count;
    }
}
