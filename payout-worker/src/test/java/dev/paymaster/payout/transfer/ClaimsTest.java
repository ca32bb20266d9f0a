package dev.paymaster.payout.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.paymaster.embedded.Database;
import dev.paymaster.payout.Samples;
import dev.paymaster.payout.Sql;
import dev.paymaster.payout.obligation.Key;
import dev.paymaster.payout.obligation.Plan.Step;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.jdbc.core.JdbcTemplate;

/** The statement that claims, on a real database, with the service's own rights. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClaimsTest {
    private static final double UNLIMITED = 1_000_000;

    private final UUID receiver = UUID.randomUUID();
    private JdbcTemplate jdbc;
    private JdbcTemplate owner;

    @BeforeAll
    void migrate() {
        Database database = Sql.migrated("claims");
        jdbc = Sql.asWorker(database);
        owner = Sql.asOwner(database);
    }

    @BeforeEach
    void clear() {
        owner.execute("TRUNCATE payouts.payout, payouts.account");
        owner.execute("UPDATE payouts.rate_limit SET tokens = 1e6, refilled_at = now()");
        owner.execute("UPDATE payouts.shortage SET at = '-infinity'");
        owner.update("""
                INSERT INTO payouts.account (receiver, account_id, details_submitted, transfers, payouts_enabled,
                    requirements, as_of)
                VALUES (?, 'acct_1', true, 'active', true, '{}', now())""", receiver);
    }

    @Test
    void claimsTheOldestFirst() {
        UUID young = due("1 minute");
        UUID old = due("3 minutes");
        UUID middle = due("2 minutes");

        assertThat(ids(claims(UNLIMITED, 100).take(2))).containsExactlyInAnyOrder(old, middle);
        assertThat(ids(claims(UNLIMITED, 100).take(2))).containsExactly(young);
    }

    @Test
    void leavesAloneWhatIsNotDueOrClaimed() {
        UUID id = due("-1 minute");
        assertThat(claims(UNLIMITED, 100).take(10)).isEmpty();

        set(id, "next_attempt_at = now()");
        assertThat(ids(claims(UNLIMITED, 100).take(10))).containsExactly(id);
        assertThat(claims(UNLIMITED, 100).take(10)).isEmpty();
    }

    @Test
    void tellsEverythingThatTheCallNeeds() {
        UUID id = due("1 minute");

        Claim claim = claims(UNLIMITED, 100).take(1).getFirst();

        TransferOrder order = (TransferOrder) claim.order();
        assertThat(order.key()).isEqualTo("payout:" + id + ":1").isEqualTo(Key.text(id, 1));
        assertThat(order.destination()).isEqualTo("acct_1");
        assertThat(order.amountCents()).isEqualTo(100);
        assertThat(order.receiver()).isEqualTo(receiver);
        assertThat(order.description()).isEqualTo("for a job");
        assertThat(claim.step()).isEqualTo(Step.CALL);
        assertThat(column(id, "claim::text")).isEqualTo(claim.id().toString());
    }

    @Test
    void keepsTheKeysFirstUseAndDestination() {
        UUID id = due("1 minute");
        claims(UNLIMITED, 100).take(1);
        String firstUse = column(id, "first_used_at::text");
        owner.update("UPDATE payouts.account SET account_id = 'acct_2'");
        endLease(id);

        Claim again = claims(UNLIMITED, 100).take(1).getFirst();

        assertThat(((TransferOrder) again.order()).destination()).isEqualTo("acct_1");
        assertThat(column(id, "first_used_at::text")).isEqualTo(firstUse);
    }

    @Test
    void doubtsLookupsForAWhileAfterACallThatWasNeverAnswered() {
        UUID id = due("1 minute");
        claims(UNLIMITED, 100).take(1);
        assertThat(column(id, "doubt_until IS NULL")).isEqualTo("t");
        endLease(id);

        claims(UNLIMITED, 100).take(1);

        assertThat(column(id, "doubt_until BETWEEN now() + interval '88 seconds' AND now() + interval '90 seconds'"))
                .isEqualTo("t");
    }

    @Test
    void doesNotDoubtAfterALookupThatWasNeverAnswered() {
        UUID id = due("1 minute");
        set(id, "step = 'lookup', first_used_at = now(), account_id = 'acct_1'");
        assertThat(claims(UNLIMITED, 100).take(1).getFirst().step()).isEqualTo(Step.LOOKUP);
        endLease(id);

        claims(UNLIMITED, 100).take(1);

        assertThat(column(id, "doubt_until IS NULL")).isEqualTo("t");
    }

    @Test
    void looksUpWhatCameOfAKeyThatStripeMayHaveForgotten() {
        UUID id = due("1 minute");
        set(id, "first_used_at = now() - interval '22 hours 59 minutes', account_id = 'acct_1'");
        assertThat(claims(UNLIMITED, 100).take(1).getFirst().step()).isEqualTo(Step.CALL);
        endLease(id);
        set(id, "first_used_at = now() - interval '23 hours 1 minute'");

        assertThat(claims(UNLIMITED, 100).take(1).getFirst().step()).isEqualTo(Step.LOOKUP);
    }

    /** Its key may have been called all the same: this database may have been restored since. */
    @Test
    void looksFirstForWhatWasPlannedADayAgo() {
        UUID old = due("24 hours");
        set(old, "updated_at = now() - interval '23 hours 1 minute'");
        UUID young = due("24 hours");
        set(young, "updated_at = now() - interval '22 hours 59 minutes'");

        assertThat(claims(UNLIMITED, 100).take(10).stream()
                        .collect(Collectors.toMap(claim -> claim.order().payoutId(), Claim::step)))
                .isEqualTo(Map.of(old, Step.LOOKUP, young, Step.CALL));
    }

    @Test
    void staysWithTheLookupOfAKeyThatStripeMayHaveForgotten() {
        UUID id = due("1 minute");
        set(id, "first_used_at = now() - interval '23 hours 1 minute', account_id = 'acct_1'");
        claims(UNLIMITED, 100).take(1);
        assertThat(column(id, "step")).isEqualTo("lookup");
        endLease(id);

        assertThat(claims(UNLIMITED, 100).take(1).getFirst().step()).isEqualTo(Step.LOOKUP);
        assertThat(column(id, "doubt_until IS NULL")).isEqualTo("t");
    }

    @Test
    void servesTheLineOfWhatWaitsForFundsOneByOneAndOldestFirst() {
        UUID first = inLine("3 minutes");
        UUID second = inLine("2 minutes");
        UUID young = due("1 minute");
        owner.execute("UPDATE payouts.shortage SET at = now() - interval '90 seconds'");
        UUID called = due("1 minute");
        set(called, "first_used_at = now(), account_id = 'acct_1'");

        assertThat(ids(claims(UNLIMITED, 100).take(10))).containsExactlyInAnyOrder(first, called);
        assertThat(claims(UNLIMITED, 100).take(10)).isEmpty();
        pay(first);
        assertThat(ids(claims(UNLIMITED, 100).take(10))).containsExactly(second);
        set(
                second,
                "status = 'held', reason = 'insufficient_funds', step = 'lookup', claim = NULL, lease_until = NULL,"
                        + " next_attempt_at = now() + interval '1 hour'");
        assertThat(claims(UNLIMITED, 100).take(10)).isEmpty();
        pay(second);
        assertThat(ids(claims(UNLIMITED, 100).take(10))).containsExactly(young);
    }

    /** Until it is known that the old one has no transfer, nothing younger takes its money. */
    @Test
    void servesWhatIsLookedForFirstBeforeWhatIsYounger() {
        owner.execute("UPDATE payouts.shortage SET at = now() - interval '1 minute'");
        UUID old = due("24 hours");
        set(old, "created_at = next_attempt_at, updated_at = next_attempt_at");
        UUID young = due("1 hour");
        set(young, "created_at = next_attempt_at, updated_at = next_attempt_at");

        assertThat(claims(UNLIMITED, 100).take(10))
                .extracting(claim -> claim.order().payoutId(), Claim::step)
                .containsExactly(tuple(old, Step.LOOKUP));
        assertThat(claims(UNLIMITED, 100).take(10)).isEmpty();
        pay(old);
        assertThat(ids(claims(UNLIMITED, 100).take(10))).containsExactly(young);
    }

    @Test
    void goesPastWhatIsTriedLaterThanTheShortage() {
        owner.execute("UPDATE payouts.shortage SET at = now() - interval '1 hour'");
        UUID backsOff = due("-4 minutes");
        set(
                backsOff,
                "created_at = now() - interval '2 hours', first_used_at = now() - interval '1 minute',"
                        + " account_id = 'acct_1'");
        UUID young = due("1 minute");
        UUID released = due("2 minutes");
        set(released, "created_at = now() - interval '3 hours'");

        assertThat(ids(claims(UNLIMITED, 100).take(10))).containsExactlyInAnyOrder(released, young);
    }

    /** Else all payouts would stand in line until the clock has caught up. */
    @Test
    void forgetsAShortageOfTheFuture() {
        owner.execute("UPDATE payouts.shortage SET at = now() + interval '1 hour'");
        UUID old = due("2 minutes");
        UUID young = due("1 minute");

        assertThat(ids(claims(UNLIMITED, 100).take(10))).containsExactlyInAnyOrder(old, young);
    }

    /** A payout that has waited for funds, for this long, and whose turn it may be. */
    private UUID inLine(String ago) {
        UUID id = due(ago);
        set(id, "attempt = 2, created_at = next_attempt_at");
        return id;
    }

    private void pay(UUID id) {
        set(
                id,
                "status = 'paid', reason = NULL, step = NULL, next_attempt_at = NULL, transfer_id = 'tr_" + id + "',"
                        + " claim = NULL, lease_until = NULL");
    }

    @Test
    void claimsWhatIsToBeTakenBackWithAKeyOfItsOwn() {
        UUID id = due("1 minute");
        set(
                id,
                "status = 'paid', step = 'reverse', reason = 'reversal_requested', detail = 'a mistake', recalls = 3,"
                        + " transfer_id = 'tr_" + id + "', account_id = 'acct_1'");

        Claim claim = claims(UNLIMITED, 100).take(1).getFirst();

        assertThat(claim.order()).isEqualTo(new ReversalOrder("reversal:" + id + ":3", id, receiver, "tr_" + id, 100));
        assertThat(claim.number()).isEqualTo(3);
        assertThat(claim.step()).isEqualTo(Step.REVERSE);

        set(id, "lease_until = now(), first_used_at = now() - interval '23 hours 1 minute'");
        assertThat(claims(UNLIMITED, 100).take(1).getFirst().step()).isEqualTo(Step.INSPECT);
        assertThat(column(id, "doubt_until > now() + interval '88 seconds'")).isEqualTo("t");
    }

    @Test
    void takesNoMoreThanTheBucketHolds() {
        Stream.generate(() -> due("1 minute")).limit(200).forEach(_ -> {});
        Claims claims = claims(50, 5);
        long started = System.nanoTime();
        int taken = claims.take(100).size();
        assertThat(taken).isEqualTo(5);
        while (taken < 55) {
            taken += claims.take(100).size();
        }
        double seconds = (System.nanoTime() - started) / 1e9;

        assertThat(taken).isLessThanOrEqualTo((int) Math.ceil(5 + 50 * seconds));
        assertThat(seconds).isGreaterThan(0.95);
    }

    @Test
    void goesOnWhenTheClockHasGoneBack() {
        UUID id = due("1 minute");
        owner.execute("UPDATE payouts.rate_limit SET tokens = 0, refilled_at = now() + interval '1 hour'");
        Claims claims = claims(UNLIMITED, 100);

        List<Claim> claimed = new ArrayList<>(claims.take(1));
        claimed.addAll(claims.take(1));

        assertThat(ids(claimed)).containsExactly(id);
    }

    @Test
    void sharesPayoutsAndTokensAmongWorkers() throws InterruptedException, ExecutionException {
        Stream.generate(() -> due("1 minute")).limit(300).forEach(_ -> {});
        owner.execute("UPDATE payouts.rate_limit SET tokens = 250, refilled_at = now() + interval '1 hour'");
        List<UUID> taken = new ArrayList<>();
        try (ExecutorService workers = Executors.newFixedThreadPool(4)) {
            Callable<List<UUID>> worker = () -> {
                Claims claims = claims(0.001, 250);
                List<UUID> mine = new ArrayList<>();
                for (int i = 0; i < 40; i++) {
                    mine.addAll(ids(claims.take(7)));
                }
                return mine;
            };
            for (Future<List<UUID>> result : workers.invokeAll(List.of(worker, worker, worker, worker))) {
                taken.addAll(result.get());
            }
        }

        assertThat(taken).doesNotHaveDuplicates().hasSize(250);
    }

    @Test
    void writesNothingWhenNothingIsDue() {
        due("-1 minute");
        String before = owner.queryForObject("SELECT xmin || ' ' || ctid FROM payouts.rate_limit", String.class);

        claims(UNLIMITED, 100).take(10);

        assertThat(owner.queryForObject("SELECT xmin || ' ' || ctid FROM payouts.rate_limit", String.class))
                .isEqualTo(before);
    }

    @Test
    void givesUpAClaimThatCouldOutliveItsLease() {
        due("1 minute");
        Claim claim = claims(UNLIMITED, 100).take(1).getFirst();

        assertThat(claim.isTooLate(Samples.NOW)).isFalse();
        assertThat(claim.isTooLate(Samples.NOW.plusSeconds(45))).isFalse();
        assertThat(claim.isTooLate(Samples.NOW.plusSeconds(46))).isTrue();
        assertThat(claim.isTooLate(Samples.NOW.plus(Duration.ofDays(1)))).isTrue();
    }

    private Claims claims(double perSecond, int burst) {
        DispatchSettings settings = new DispatchSettings(
                new DispatchSettings.RateLimit(perSecond, burst),
                Duration.ofSeconds(60),
                Duration.ofMillis(200),
                Duration.ofMinutes(5));
        return new Claims(jdbc, settings, Samples.PATIENCE, Clock.fixed(Samples.NOW, ZoneOffset.UTC));
    }

    /** A payout that became due this long ago. */
    private UUID due(String ago) {
        UUID id = UUID.randomUUID();
        owner.update("""
                INSERT INTO payouts.payout (id, job_id, sender, receiver, amount_cents, description, status, step,
                    next_attempt_at, attempt, sequence, created_at, updated_at)
                VALUES (?, ?, ?, ?, 100, 'for a job', 'due', 'call', now() - ?::interval, 1, 1, now(), now())""", id, UUID.randomUUID(), UUID.randomUUID(), receiver, ago);
        return id;
    }

    private void set(UUID id, String assignments) {
        owner.update("UPDATE payouts.payout SET " + assignments + " WHERE id = ?", id);
    }

    private void endLease(UUID id) {
        set(id, "lease_until = now()");
    }

    private String column(UUID id, String expression) {
        return owner.query(
                        "SELECT " + expression + " FROM payouts.payout WHERE id = ?", (row, _) -> row.getString(1), id)
                .getFirst();
    }

    private static List<UUID> ids(List<Claim> claims) {
        return claims.stream().map(claim -> claim.order().payoutId()).toList();
    }
}
