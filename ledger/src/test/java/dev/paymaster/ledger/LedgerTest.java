package dev.paymaster.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paymaster.events.credit.CreditEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.BadSqlGrammarException;

class LedgerTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00.123456789Z");
    private static final Instant LAPSE = Instant.parse("2027-02-22T12:00:00Z");
    private static TestDatabase database;

    @BeforeAll
    static void migrate() {
        database = new TestDatabase("ledger_test");
    }

    @AfterEach
    void reconcile() {
        Books.reconcile(database.jdbc);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void holdsSurviveTheBatchAndGoBackToTheirLots() {
        UUID user = UUID.randomUUID();
        UUID kept = UUID.randomUUID();
        UUID dropped = UUID.randomUUID();
        grant(user, "invoice:" + kept, 3);
        grant(user, "invoice:" + dropped, 3);

        database.batch(scope(Set.of(user)), batch -> {
            assertThat(batch.hold(user, kept, 2, NOW)).isInstanceOf(HoldResult.Done.class);
            assertThat(batch.hold(user, dropped, 3, NOW))
                    .isInstanceOfSatisfying(
                            HoldResult.Done.class,
                            done -> assertThat(done.transfers()).hasSize(2));
            return batch.hold(user, UUID.randomUUID(), 2, NOW);
        });
        Account after = database.batch(new LedgerScope(Set.of(user), Set.of(kept, dropped), Set.of()), batch -> {
            assertThat(batch.capture(user, kept, NOW)).hasSize(1);
            assertThat(batch.release(user, dropped, NOW)).hasSize(2);
            return batch.account(user);
        });

        assertThat(after).isEqualTo(new Account(user, 4, 0, 0, 8));
        assertThatIllegalStateException()
                .isThrownBy(() -> database.batch(
                        new LedgerScope(Set.of(user), Set.of(kept), Set.of()), batch -> batch.release(user, kept, NOW)))
                .withMessageContaining("holds no credits");
    }

    @Test
    void oneSourceGrantsOnceToWhomever() {
        UUID user = UUID.randomUUID();
        UUID other = UUID.randomUUID();
        String ref = "invoice:in_" + user;

        assertThat(grant(user, ref, 50)).hasSize(1);
        assertThat(grant(user, ref, 50)).isEmpty();
        assertThat(grant(other, ref, 50)).isEmpty();
        List<Transfer> twiceInOneBatch = database.batch(
                new LedgerScope(Set.of(user), Set.of(), Set.of(ref + "x")),
                batch -> Stream.of(1, 2)
                        .flatMap(time -> batch.grant(user, grantOf(ref + "x", 7), NOW).stream())
                        .toList());

        assertThat(twiceInOneBatch).hasSize(1);
        assertThat(balance(user)).isEqualTo(57);
    }

    @Test
    void eventsSayWhatTheRowsSay() {
        UUID user = UUID.randomUUID();
        Transfer transfer = grant(user, "invoice:in_" + user, 50).getFirst();

        assertThat(Transfers.toEvent(transfer)).isInstanceOfSatisfying(CreditEvent.CreditsGranted.class, granted -> {
            assertThat(granted.entry().sequence()).isEqualTo(1);
            assertThat(granted.entry().available()).isEqualTo(50);
            assertThat(database.jdbc.queryForObject(
                            "SELECT recorded_at = ?::timestamptz FROM ledger.transfer WHERE user_id = ?",
                            Boolean.class,
                            granted.entry().recordedAt().toString(),
                            user))
                    .isTrue();
        });
    }

    @Test
    void aReversalCountsOnce() {
        UUID user = UUID.randomUUID();
        grant(user, "invoice:in_" + user, 10);

        database.batch(scope(Set.of(user)), batch -> batch.revoke(user, "refund:re_1", 15, null, NOW));
        assertThatThrownBy(() ->
                        database.batch(scope(Set.of(user)), batch -> batch.revoke(user, "refund:re_1", 15, null, NOW)))
                .isInstanceOf(DuplicateKeyException.class);

        assertThat(account(user)).isEqualTo(new Account(user, 0, 0, 5, 3));
    }

    @Test
    void whatWasTakenComesBackAlsoToEmptyLots() {
        UUID user = UUID.randomUUID();
        String ref = "invoice:in_" + user;
        grant(user, ref, 10);
        database.batch(scope(Set.of(user)), batch -> batch.revoke(user, "refund:re_1", 15, null, NOW));
        grant(user, ref + "b", 2);

        Account after = database.batch(new LedgerScope(Set.of(user), Set.of(), Set.of(), Set.of(user)), batch -> {
            assertThat(batch.reinstate(user, "back:re_1", 15, batch.lotOf(user, ref), NOW))
                    .extracting(Transfers::toEvent)
                    .hasOnlyElementsOfType(CreditEvent.CreditsReinstated.class);
            return batch.account(user);
        });

        // Granted, revoked twice, granted, repaid; forgiven, and back to both lots.
        assertThat(after).isEqualTo(new Account(user, 12, 0, 0, 8));
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        database.batch(scope(Set.of(user)), batch -> batch.reinstate(user, "back:re_2", 1, null, NOW)))
                .withMessageContaining("gives nothing back");
    }

    /** Of a hundred credits one is disputed for sixty days, while a job holds the others. */
    @Test
    void aDisputeAboutOneCreditPutsNothingOffThatJobsHold() {
        assertThat(expiryAfterADispute(true, false))
                .as("released before it is won")
                .isEqualTo(LAPSE);
        assertThat(expiryAfterADispute(false, true))
                .as("released after it is won")
                .isEqualTo(LAPSE);
        assertThat(expiryAfterADispute(false, false)).as("held still").isEqualTo(LAPSE);
    }

    private static Instant expiryAfterADispute(boolean releasedBefore, boolean releasedAfter) {
        UUID user = UUID.randomUUID();
        UUID job = UUID.randomUUID();
        String ref = "invoice:in_" + user;
        Instant won = NOW.plus(Duration.ofDays(60));
        database.batch(
                new LedgerScope(Set.of(user), Set.of(), Set.of(ref)),
                batch -> batch.grant(user, new Grant("invoice", ref, 100, NOW, LAPSE, 1000), NOW));
        database.batch(scope(Set.of(user)), batch -> batch.hold(user, job, 99, NOW));
        database.batch(scope(Set.of(user)), batch -> batch.revoke(user, "dispute:" + user, 1, null, NOW));
        LedgerScope settled = new LedgerScope(Set.of(user), Set.of(job), Set.of(), Set.of(user));
        if (releasedBefore) {
            database.batch(settled, batch -> batch.release(user, job, won));
        }
        database.batch(settled, batch -> batch.reinstate(user, "won:" + user, 1, batch.lotOf(user, ref), won));
        if (releasedAfter) {
            database.batch(settled, batch -> batch.release(user, job, won));
        }
        return Objects.requireNonNull(database.jdbc.queryForObject(
                        "SELECT expires_at FROM ledger.lot WHERE user_id = ?", OffsetDateTime.class, user))
                .toInstant();
    }

    @Test
    void lowBalancesAreToldOncePerCrossing() {
        UUID user = UUID.randomUUID();
        grant(user, "invoice:in_" + user, 10);
        database.batch(scope(Set.of(user)), batch -> {
            batch.setThreshold(user, 5L);
            return batch;
        });

        List<Integer> told = database.batch(
                new LedgerScope(Set.of(user), Set.of(), Set.of("more:" + user)),
                batch -> Stream.<List<Transfer>>of(
                                batch.revoke(user, "r1", 5, null, NOW),
                                batch.revoke(user, "r2", 1, null, NOW),
                                batch.revoke(user, "r3", 1, null, NOW),
                                batch.grant(user, grantOf("more:" + user, 2), NOW),
                                batch.revoke(user, "r4", 3, null, NOW))
                        .map(made -> batch.lowBalances(made).size())
                        .toList());

        assertThat(told).containsExactly(0, 1, 0, 0, 1);
        assertThat(database.<List<CreditEvent.BalanceLow>>batch(scope(Set.of(user)), batch -> {
                    batch.setThreshold(user, null);
                    return batch.lowBalances(batch.revoke(user, "r5", 1, null, NOW));
                }))
                .isEmpty();
    }

    @Test
    void findsWhoseLotsHaveLapsed() {
        UUID user = UUID.randomUUID();
        String ref = "manual:" + user;
        database.batch(
                new LedgerScope(Set.of(user), Set.of(), Set.of(ref)),
                batch -> batch.grant(user, new Grant("manual", ref, 3, null, NOW, 0), NOW.minusSeconds(9)));

        assertThat(database.ledger.usersWithLapsedLots(Instant.EPOCH, NOW.plusSeconds(1), 10))
                .contains(user);
        assertThat(database.ledger.usersWithLapsedLots(Instant.EPOCH, NOW.minusSeconds(1), 10))
                .doesNotContain(user);
        database.batch(scope(Set.of(user)), batch -> batch.expire(user, NOW));
        assertThat(database.ledger.usersWithLapsedLots(Instant.EPOCH, NOW.plusSeconds(1), 10))
                .doesNotContain(user);
    }

    @Test
    void thousandsOfUsersAreOneBatch() {
        List<UUID> users = randomIds(5000);
        Set<String> refs = new HashSet<>();
        users.forEach(user -> refs.add("invoice:in_" + user));

        for (int round = 0; round < 2; round++) {
            database.batch(new LedgerScope(Set.copyOf(users), Set.of(), refs), batch -> {
                users.forEach(user -> batch.grant(user, grantOf("invoice:in_" + user, 50), NOW));
                return batch;
            });
        }

        assertThat(database.jdbc.queryForObject(
                        "SELECT sum(available) FROM ledger.account WHERE user_id = ANY (?)", Long.class, (Object)
                                users.toArray(UUID[]::new)))
                .isEqualTo(5000 * 50);
    }

    @Test
    void thousandsOfHoldsOfOneUserAreOneBatch() {
        UUID user = UUID.randomUUID();
        grant(user, "invoice:in_a" + user, 1000);
        grant(user, "invoice:in_b" + user, 2999);
        List<UUID> jobs = randomIds(2000);

        long done = database.batch(
                scope(Set.of(user)),
                batch -> jobs.stream()
                        .filter(job -> batch.hold(user, job, 2, NOW) instanceof HoldResult.Done)
                        .count());
        database.batch(new LedgerScope(Set.of(user), Set.copyOf(jobs), Set.of()), batch -> {
            jobs.subList(0, 1000).forEach(job -> batch.capture(user, job, NOW));
            jobs.subList(1000, 1999).forEach(job -> batch.release(user, job, NOW));
            return batch;
        });

        assertThat(done).isEqualTo(1999);
        assertThat(account(user)).isEqualTo(new Account(user, 1 + 2 * 999, 0, 0, 2 + 1999 * 2));
    }

    @Test
    void twoHundredHoldsAtOnceGetTheHundredCreditsThatThereAre() throws Exception {
        UUID user = UUID.randomUUID();
        grant(user, "invoice:in_" + user, 100);

        List<HoldResult> results = concurrently(
                200,
                number -> database.batch(scope(Set.of(user)), batch -> batch.hold(user, UUID.randomUUID(), 1, NOW)));

        assertThat(results).filteredOn(HoldResult.Done.class::isInstance).hasSize(100);
        assertThat(results)
                .filteredOn(HoldResult.Insufficient.class::isInstance)
                .hasSize(100)
                .containsOnly(new HoldResult.Insufficient(1, 0));
        assertThat(account(user)).isEqualTo(new Account(user, 0, 100, 0, 101));
    }

    @Test
    void batchesThatMakeAndLockTheSameAccountsDoNotDeadlock() throws Exception {
        List<UUID> users = randomIds(120);
        RandomGenerator seeds = RandomGeneratorFactory.getDefault().create(11);
        List<Long> perTask = seeds.longs(100).boxed().toList();

        List<Integer> granted = concurrently(perTask.size(), number -> {
            RandomGenerator random = RandomGeneratorFactory.getDefault().create(perTask.get(number));
            Set<UUID> some = new HashSet<>();
            random.ints(20, 0, users.size()).forEach(i -> some.add(users.get(i)));
            Set<String> refs = new HashSet<>();
            some.forEach(user -> refs.add(number + ":" + user));
            return database.batch(new LedgerScope(some, Set.of(), refs), batch -> {
                some.forEach(user -> batch.grant(user, grantOf(number + ":" + user, 1), NOW));
                return some.size();
            });
        });

        assertThat(users.stream().mapToLong(LedgerTest::balance).sum())
                .isEqualTo(granted.stream().mapToLong(Integer::longValue).sum());
    }

    @Test
    void theDatabaseRefusesANegativeBalance() {
        UUID user = UUID.randomUUID();
        grant(user, "invoice:in_" + user, 1);

        for (String column : List.of("available", "held", "debt")) {
            assertThatThrownBy(() -> database.jdbc.update(
                            "UPDATE ledger.account SET " + column + " = -1 WHERE user_id = ?", user))
                    .isInstanceOf(DataIntegrityViolationException.class);
        }
        for (long remaining : new long[] {-1, 2}) {
            assertThatThrownBy(() -> database.jdbc.update(
                            "UPDATE ledger.lot SET remaining = ? WHERE user_id = ?", remaining, user))
                    .isInstanceOf(DataIntegrityViolationException.class);
        }
    }

    @Test
    void transfersCanBeNeitherChangedNorDeletedByAService() {
        for (String sql : List.of(
                "UPDATE ledger.transfer SET amount = 1",
                "DELETE FROM ledger.transfer",
                "TRUNCATE ledger.transfer",
                "DELETE FROM ledger.account",
                "DELETE FROM ledger.lot")) {
            assertThatThrownBy(() -> database.jdbc.update(sql))
                    .as(sql)
                    .isInstanceOf(BadSqlGrammarException.class)
                    .hasStackTraceContaining("permission denied");
        }
    }

    @Test
    void aBatchNeedsATransactionAndItsScope() {
        UUID user = UUID.randomUUID();

        assertThatIllegalStateException().isThrownBy(() -> database.ledger.open(scope(Set.of(user))));
        assertThatIllegalStateException()
                .isThrownBy(() -> database.batch(scope(Set.of()), batch -> batch.account(user)))
                .withMessageContaining("not in the scope");
        assertThatIllegalStateException()
                .isThrownBy(() -> database.batch(
                        scope(Set.of(user)), batch -> batch.grant(user, grantOf("invoice:other", 1), NOW)))
                .withMessageContaining("not in the scope");
    }

    private static List<Transfer> grant(UUID user, String ref, long amount) {
        return database.batch(
                new LedgerScope(Set.of(user), Set.of(), Set.of(ref)),
                batch -> batch.grant(user, grantOf(ref, amount), NOW));
    }

    private static Grant grantOf(String ref, long amount) {
        return new Grant("invoice", ref, amount, NOW, null, 1000);
    }

    private static LedgerScope scope(Set<UUID> users) {
        return new LedgerScope(users, Set.of(), Set.of());
    }

    private static Account account(UUID user) {
        return database.batch(scope(Set.of(user)), batch -> batch.account(user));
    }

    private static long balance(UUID user) {
        return account(user).available();
    }

    private static List<UUID> randomIds(int count) {
        return Stream.generate(UUID::randomUUID).limit(count).toList();
    }

    private interface Task<T> {
        T run(int number);
    }

    private static <T> List<T> concurrently(int tasks, Task<T> task) throws ExecutionException, InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(TestDatabase.CONNECTIONS)) {
            List<Future<T>> running = IntStream.range(0, tasks)
                    .mapToObj(number -> threads.submit(() -> task.run(number)))
                    .toList();
            List<T> results = new ArrayList<>();
            for (Future<T> future : running) {
                results.add(future.get());
            }
            return results;
        }
    }
}
