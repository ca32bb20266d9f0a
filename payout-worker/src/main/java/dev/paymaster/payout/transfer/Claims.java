package dev.paymaster.payout.transfer;

import dev.paymaster.payout.obligation.Key;
import dev.paymaster.payout.obligation.Plan.Step;
import dev.paymaster.payout.recovery.Patience;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * Claims payouts whose time has come, oldest first, together with a token each from the bucket that all workers share.
 * One statement, one transaction, committed before Stripe is called. Thread-safe, in any number of processes.
 */
final class Claims {
    /**
     * Oldest first while funds are short: behind what waits for them, and behind what could have been called, or looked for,
     * before they came. What could not, because it was released since or backs off, holds up nobody; that it is no younger than the
     * shortage is said as well, because the index goes by it. A shortage of the future is of a clock that has gone back: everything would
     * stand in line until it has caught up.
     */
    private static final String READY = """
            p.next_attempt_at <= now() AND (p.lease_until IS NULL OR p.lease_until <= now())
            AND (p.step <> 'call' OR p.first_used_at IS NOT NULL OR ((p.created_at, p.id) > (
                SELECT created_at, id FROM (
                    (SELECT created_at, id FROM payouts.payout
                     WHERE status = 'held' AND reason = 'insufficient_funds'
                     ORDER BY created_at, id LIMIT 1)
                    UNION ALL
                    (SELECT created_at, id FROM payouts.payout
                     WHERE status = 'due' AND step IN ('call', 'lookup')
                     AND created_at <= (SELECT at FROM payouts.shortage WHERE at <= clock_timestamp())
                     AND next_attempt_at <= (SELECT at FROM payouts.shortage WHERE at <= clock_timestamp())
                     ORDER BY created_at, id LIMIT 1)) head
                ORDER BY created_at, id LIMIT 1)) IS NOT TRUE)""";

    /**
     * first_used_at, account_id: fix the key's first use and its destination.
     * doubt_until: an unsettled earlier claim means that its call may have been made up to the end of its lease and
     * may still take effect for a while.
     * step: a key that Stripe may have forgotten is never used again; a look shows what came of it. Written down,
     * because a lookup that fails is no lost call. A key whose call was planned so long ago, and of which no use is known, counts as
     * forgotten, too: this database may have been restored to a moment before the call.
     * ready: while payouts wait for funds, no new money leaves but for the oldest of them, and then for one after the
     * other of those that have come up behind it. What was called before isn't held up: only another call, with the same
     * key, tells what came of the first.
     * queue: now(), because an index can't be searched for clock_timestamp(); everywhere else clock_timestamp(), because
     * waiting for the bucket takes time.
     */
    private static final String TAKE = """
            WITH setting (rate, burst, most, lease, settling, key_memory) AS (
                VALUES (?::float8, ?::float8, ?::int, ?::interval, ?::interval, ?::interval)
            ), %2$s, queue AS (
                SELECT id FROM payouts.payout p WHERE %1$s
                ORDER BY next_attempt_at, id
                %3$s
                FOR UPDATE SKIP LOCKED
            ), %4$s
            UPDATE payouts.payout p
            SET claim = gen_random_uuid(),
                step = CASE WHEN coalesce(p.first_used_at, p.updated_at) < clock_timestamp() - s.key_memory
                            THEN CASE p.step WHEN 'call' THEN 'lookup' WHEN 'reverse' THEN 'inspect' ELSE p.step END
                            ELSE p.step END,
                lease_until = clock_timestamp() + s.lease,
                first_used_at = coalesce(p.first_used_at, clock_timestamp()),
                account_id = coalesce(p.account_id, a.account_id),
                doubt_until = CASE WHEN p.claim IS NOT NULL AND p.step IN ('call', 'reverse')
                                   THEN greatest(p.doubt_until, p.lease_until + s.settling) ELSE p.doubt_until END
            FROM queue q, payouts.account a, setting s
            WHERE p.id = q.id AND a.receiver = p.receiver
            RETURNING p.claim, p.id, p.job_id, p.receiver, p.amount_cents, p.account_id, p.description, p.attempt,
                      p.step, p.recalls, p.transfer_id, p.jobs,
                      CASE WHEN p.id = p.job_id THEN ARRAY(
                          SELECT m.job_id FROM payouts.payout m WHERE m.batch_id = p.id ORDER BY m.job_id) END AS members
            """.formatted(
                    READY,
                    TokenBucket.refilledIf("SELECT FROM payouts.payout p WHERE " + READY),
                    TokenBucket.LIMIT,
                    TokenBucket.SPENT);

    private final JdbcOperations jdbc;
    private final DispatchSettings settings;
    private final Patience patience;
    private final Clock clock;

    Claims(JdbcOperations jdbc, DispatchSettings settings, Patience patience, Clock clock) {
        this.jdbc = jdbc;
        this.settings = settings;
        this.patience = patience;
        this.clock = clock;
    }

    /** Claims at most {@code most} payouts; fewer when fewer are due or the bucket is nearly empty. */
    List<Claim> take(int most) {
        // Read before the statement: the lease in the database ends later than the one counted here.
        Instant leaseEnd = clock.instant().plus(settings.lease());
        List<Claim> claims = new ArrayList<>();
        jdbc.query(
                TAKE,
                row -> {
                    if (isWhole(row)) {
                        claims.add(claim(row, leaseEnd));
                    }
                },
                settings.rateLimit().perSecond(),
                settings.rateLimit().burst(),
                most,
                interval(settings.lease()),
                interval(patience.settling()),
                interval(Key.MEMORY));
        return claims;
    }

    private static Claim claim(ResultSet row, Instant leaseEnd) throws SQLException {
        UUID id = row.getObject("claim", UUID.class);
        Step step = Step.of(row.getString("step"));
        return switch (step) {
            case CALL, LOOKUP -> new Claim(id, transfer(row), row.getInt("attempt"), step, leaseEnd);
            case REVERSE, INSPECT -> new Claim(id, reversal(row), row.getInt("recalls"), step, leaseEnd);
        };
    }

    private static TransferOrder transfer(ResultSet row) throws SQLException {
        UUID payoutId = row.getObject("id", UUID.class);
        return new TransferOrder(
                Key.text(payoutId, row.getInt("attempt")),
                payoutId,
                row.getObject("job_id", UUID.class),
                row.getObject("receiver", UUID.class),
                row.getLong("amount_cents"),
                row.getString("account_id"),
                row.getString("description"),
                members(row));
    }

    private static List<UUID> members(ResultSet row) throws SQLException {
        Array members = row.getArray("members");
        return members == null ? List.of() : List.of((UUID[]) members.getArray());
    }

    /**
     * Whether a claim saw all jobs of its batch. It doesn't if one came in between the statement's beginning and its lock;
     * then nobody calls, and the next claim sees it.
     */
    private static boolean isWhole(ResultSet row) throws SQLException {
        return row.getArray("members") == null || members(row).size() == row.getInt("jobs");
    }

    private static ReversalOrder reversal(ResultSet row) throws SQLException {
        UUID payoutId = row.getObject("id", UUID.class);
        return new ReversalOrder(
                Key.ofReversal(payoutId, row.getInt("recalls")),
                payoutId,
                row.getObject("receiver", UUID.class),
                row.getString("transfer_id"),
                row.getLong("amount_cents"));
    }

    private static String interval(Duration duration) {
        return duration.toMillis() + " milliseconds";
    }
}
