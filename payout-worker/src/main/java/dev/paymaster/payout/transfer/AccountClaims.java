package dev.paymaster.payout.transfer;

import dev.paymaster.payout.transfer.DispatchSettings.RateLimit;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * Claims accounts to be asked for, with a token for each from the bucket that all workers share: those that payouts have waited
 * for too long, and now and then each that is paid. What Stripe told of them may have been lost, or come in the wrong order.
 * Whoever claims one puts off the next question, so that no two ask. Thread-safe, in any number of processes.
 */
final class AccountClaims {
    /**
     * A receiver who never completes onboarding costs a call a day.
     * besides: few at a time, and behind those that payouts wait for. That look_at has come is asked of the locked row, too,
     * because somebody may have been faster.
     */
    private static final String READY = """
            SELECT a.receiver, a.account_id, w.since, w.waits
            FROM (SELECT receiver, min(updated_at) AS since, true AS waits FROM payouts.payout
                  WHERE status = 'held' AND reason = 'account_not_active' GROUP BY receiver
                  UNION ALL
                  SELECT * FROM (
                      SELECT l.receiver, l.as_of, false FROM payouts.account l, setting s
                      WHERE l.transfers = 'active' AND l.look_at <= now() AND l.as_of + s.after <= clock_timestamp()
                        AND NOT EXISTS (SELECT FROM payouts.payout p WHERE p.receiver = l.receiver
                                        AND p.status = 'held' AND p.reason = 'account_not_active')
                      ORDER BY l.look_at LIMIT 100) besides) w
            JOIN payouts.account a ON a.receiver = w.receiver, setting s
            WHERE CASE WHEN w.waits THEN greatest(a.ask_at, w.since + s.after) <= clock_timestamp()
                       ELSE a.look_at <= now() END""";

    /**
     * each: a receiver may have had another account; whichever was told of last need not be the one that can be paid.
     * noted: waits double, up to a day. Told whole seconds, as Stripe's events do.
     */
    private static final String TAKE =
            """
            WITH setting (rate, burst, most, after) AS (
                VALUES (?::float8, ?::float8, ?::int, ?::interval)
            ), %2$s, claimed AS (
                %1$s ORDER BY NOT w.waits, greatest(a.ask_at, w.since + s.after) %3$s FOR UPDATE OF a SKIP LOCKED
            ), queue AS (
                SELECT c.receiver, c.since, c.waits, e.id, e.id = c.account_id AS current
                FROM claimed c CROSS JOIN LATERAL (
                    SELECT c.account_id AS id
                    UNION SELECT h.id FROM payouts.holder h
                    WHERE c.waits AND h.user_id = c.receiver AND h.id LIKE 'acct\\_%%') e
                ORDER BY NOT c.waits, random() %3$s
            ), %4$s, noted AS (
                UPDATE payouts.account a
                SET ask_at = CASE WHEN q.waits
                        THEN clock_timestamp() + greatest(s.after, least(interval '1 day', clock_timestamp() - q.since))
                        ELSE a.ask_at END,
                    look_at = CASE WHEN q.waits THEN a.look_at ELSE clock_timestamp() + interval '1 day' END
                FROM queue q, setting s
                WHERE a.receiver = q.receiver
            )
            SELECT gen_random_uuid(), receiver, id, date_trunc('second', clock_timestamp()), current FROM queue
            """.formatted(READY, TokenBucket.refilledIf(READY), TokenBucket.LIMIT, TokenBucket.SPENT);

    private final JdbcOperations jdbc;
    private final DispatchSettings settings;

    AccountClaims(JdbcOperations jdbc, DispatchSettings settings) {
        this.jdbc = jdbc;
        this.settings = settings;
    }

    /**
     * An account to be asked for.
     *
     * @param id of the command that will tell what Stripe says
     * @param asOf when it was claimed, by the database's clock
     * @param current whether it is the account that the receiver is known to have, and not one of before
     */
    record AccountClaim(UUID id, UUID receiver, String accountId, Instant asOf, boolean current) {}

    /** Claims at most {@code most} accounts; fewer when fewer are due or the bucket is nearly empty. */
    List<AccountClaim> take(int most) {
        RateLimit limit = settings.rateLimit();
        return jdbc.query(
                TAKE,
                (row, _) -> new AccountClaim(
                        row.getObject(1, UUID.class),
                        row.getObject(2, UUID.class),
                        row.getString(3),
                        row.getObject(4, OffsetDateTime.class).toInstant(),
                        row.getBoolean(5)),
                limit.perSecond(),
                limit.burst(),
                most,
                settings.accountsAskedAfter().toMillis() + " milliseconds");
    }

    /** Has an account asked for again soon: Stripe hasn't said how it stands. */
    void askSoonAgain(AccountClaim claim) {
        jdbc.update(
                "UPDATE payouts.account SET ask_at = clock_timestamp() + ?::interval WHERE receiver = ?",
                settings.accountsAskedAfter().toMillis() + " milliseconds",
                claim.receiver());
    }

    /** Leaves an account alone for long, unless payouts wait for it: a call a month for each receiver is no burden. */
    void rest(AccountClaim claim) {
        if (claim.current()) {
            jdbc.update(
                    "UPDATE payouts.account SET look_at = clock_timestamp() + interval '30 days' WHERE receiver = ? AND account_id = ?",
                    claim.receiver(),
                    claim.accountId());
        }
    }
}
