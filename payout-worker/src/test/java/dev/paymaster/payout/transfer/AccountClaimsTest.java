package dev.paymaster.payout.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.paymaster.embedded.Database;
import dev.paymaster.payout.Sql;
import dev.paymaster.payout.transfer.AccountClaims.AccountClaim;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.jdbc.core.JdbcTemplate;

/** The statement that claims accounts, on a real database, with the service's own rights. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccountClaimsTest {
    private JdbcTemplate owner;
    private AccountClaims claims;

    @BeforeAll
    void migrate() {
        Database database = Sql.migrated("account_claims");
        owner = Sql.asOwner(database);
        DispatchSettings settings = new DispatchSettings(
                new DispatchSettings.RateLimit(0.1, 5),
                Duration.ofSeconds(60),
                Duration.ofMillis(200),
                Duration.ofMinutes(5));
        claims = new AccountClaims(Sql.asWorker(database), settings);
    }

    @BeforeEach
    void clear() {
        owner.execute("TRUNCATE payouts.payout, payouts.account, payouts.holder");
        owner.execute("UPDATE payouts.rate_limit SET tokens = 5, refilled_at = now()");
    }

    @Test
    void claimsAnAccountThatPayoutsHaveWaitedFor() {
        UUID receiver = waitingFor("6 minutes");
        waitingFor("4 minutes");
        owner.update(
                "UPDATE payouts.payout SET reason = 'insufficient_funds' WHERE receiver = ?", waitingFor("1 hour"));

        List<AccountClaim> claimed = claims.take(10);

        assertThat(claimed).extracting(AccountClaim::receiver).containsExactly(receiver);
        assertThat(claimed.getFirst().accountId()).isEqualTo("acct_" + receiver);
        Instant asOf = claimed.getFirst().asOf();
        assertThat(asOf).as("whole seconds, like those of events").isEqualTo(asOf.truncatedTo(ChronoUnit.SECONDS));
    }

    @Test
    void asksForEveryAccountThatTheReceiverHasHad() {
        UUID receiver = waitingFor("6 minutes");
        owner.update("INSERT INTO payouts.holder VALUES ('acct_2', ?), ('cus_1', ?)", receiver, receiver);

        assertThat(claims.take(10))
                .extracting(AccountClaim::accountId, AccountClaim::current)
                .containsExactlyInAnyOrder(tuple("acct_" + receiver, true), tuple("acct_2", false));
    }

    @Test
    void asksSoonAgainWhenNoAnswerCame() {
        UUID receiver = waitingFor("3 hours");

        claims.askSoonAgain(claims.take(10).getFirst());

        assertThat(minutesUntilNext(receiver)).isEqualTo(5);
    }

    @Test
    void asksOnceHoweverManyWorkersThereAre() throws InterruptedException, ExecutionException {
        waitingFor("6 minutes");
        waitingFor("7 minutes");
        Callable<Integer> worker = () -> claims.take(10).size();
        int claimed = 0;
        try (ExecutorService workers = Executors.newFixedThreadPool(4)) {
            for (Future<Integer> each : workers.invokeAll(List.of(worker, worker, worker, worker))) {
                claimed += each.get();
            }
        }

        assertThat(claimed).isEqualTo(2);
    }

    @Test
    void waitsLongerTheLongerItHasWaited() {
        UUID receiver = waitingFor("3 hours");
        claims.take(10);

        assertThat(minutesUntilNext(receiver)).isEqualTo(180);
        owner.update("UPDATE payouts.account SET ask_at = now()");
        owner.update("UPDATE payouts.payout SET updated_at = now() - interval '30 days'");
        claims.take(10);
        assertThat(minutesUntilNext(receiver)).isEqualTo(24 * 60);
    }

    @Test
    void takesATokenForEachCall() {
        for (int i = 0; i < 7; i++) {
            waitingFor("6 minutes");
        }

        assertThat(claims.take(10)).hasSize(5);
        assertThat(claims.take(10)).isEmpty();
        owner.execute("UPDATE payouts.rate_limit SET tokens = 5");
        assertThat(claims.take(10)).hasSize(2);
    }

    /** What was told of it may have been lost; and what payouts wait for comes first. */
    @Test
    void looksAtEachAccountThatIsPaidNowAndThen() {
        UUID paid = knownSince("6 minutes", true);
        knownSince("4 minutes", true);
        knownSince("1 hour", false);

        assertThat(claims.take(10)).extracting(AccountClaim::receiver).containsExactly(paid);
        assertThat(claims.take(10)).isEmpty();

        later("25 hours");
        UUID waiting = waitingFor("6 minutes");
        List<AccountClaim> claimed = claims.take(1);
        assertThat(claimed).extracting(AccountClaim::receiver).containsExactly(waiting);
        claimed = claims.take(10);
        assertThat(claimed)
                .extracting(AccountClaim::receiver)
                .as("nobody answered")
                .containsExactly(paid);

        claims.rest(claimed.getFirst());
        later("25 hours");
        assertThat(claims.take(10)).as("it has been told").isEmpty();
        later("29 days");
        assertThat(claims.take(10)).extracting(AccountClaim::receiver).containsExactly(paid);
    }

    private UUID knownSince(String ago, boolean payable) {
        UUID receiver = UUID.randomUUID();
        owner.update("""
                INSERT INTO payouts.account (receiver, account_id, details_submitted, transfers, payouts_enabled,
                    requirements, as_of)
                VALUES (?, ?, true, ?, true, '{}', now() - ?::interval)""", receiver, "acct_" + receiver, payable ? "active" : "inactive", ago);
        return receiver;
    }

    private void later(String time) {
        owner.update("UPDATE payouts.account SET look_at = look_at - ?::interval", time);
    }

    private long minutesUntilNext(UUID receiver) {
        return owner.query(
                        "SELECT round(extract(epoch FROM ask_at - now()) / 60) FROM payouts.account WHERE receiver = ?",
                        (row, _) -> row.getLong(1),
                        receiver)
                .getFirst();
    }

    /** A receiver whose payout has waited for the account for this long. */
    private UUID waitingFor(String ago) {
        UUID receiver = UUID.randomUUID();
        owner.update("""
                INSERT INTO payouts.account (receiver, account_id, details_submitted, transfers, payouts_enabled,
                    requirements, as_of)
                VALUES (?, ?, true, 'inactive', true, '{}', now())""", receiver, "acct_" + receiver);
        owner.update("""
                INSERT INTO payouts.payout (id, job_id, sender, receiver, amount_cents, description, status, reason,
                    detail, attempt, sequence, created_at, updated_at)
                VALUES (?, ?, ?, ?, 100, 'for a job', 'held', 'account_not_active', 'waits', 1, 1, now(),
                    now() - ?::interval)""", UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID(), receiver, ago);
        return receiver;
    }
}
