package dev.paymaster.payout;

import dev.paymaster.messaging.Codec;
import dev.paymaster.messaging.DecisionTime;
import dev.paymaster.payout.obligation.Payout;
import dev.paymaster.payout.recovery.TransferReport;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcOperations;

/** Table {@code payouts.payout}, read and written a whole batch at a time. Thread-safe. */
final class Payouts {
    /** How many of a receiver's payouts one command sets going: a batch's outbox and its locks stay small. */
    static final int AT_ONCE = 1000;

    /** In ascending order, so that two batches that lock the same payouts don't wait for each other in a circle. */
    private static final String LOCK = """
            SELECT id, job_id, sender, receiver, amount_cents, description, status, reason, detail, step,
                   next_attempt_at, attempt, unknowns, waits, doubt_until, first_used_at, account_id, transfer_id,
                   sequence, calls, claim, created_at, updated_at, reversed_cents, recalls, taken_back,
                   batch_id, jobs
            FROM payouts.payout
            WHERE id = ANY (?::uuid[]) OR job_id = ANY (?::uuid[])
               OR id = ANY (ARRAY(
                      SELECT held.id FROM unnest(?::uuid[], ?::text[]) AS waiting (receiver, reason), LATERAL (
                          SELECT id FROM payouts.payout AS p
                          WHERE p.receiver = waiting.receiver AND p.status = 'held' AND p.reason = waiting.reason
                          ORDER BY id LIMIT %d) AS held))
               OR batch_id = ANY (?::uuid[])
            ORDER BY id FOR UPDATE""".formatted(AT_ONCE);

    private static final String INSERT = """
            INSERT INTO payouts.payout (id, job_id, sender, receiver, amount_cents, description, status, reason, detail,
                                        step, next_attempt_at, attempt, unknowns, waits, doubt_until, first_used_at,
                                        account_id, transfer_id, sequence, calls, created_at, updated_at,
                                        reversed_cents, recalls, taken_back, batch_id, jobs)
            SELECT id, job_id, sender, receiver, amount_cents, description, status, reason, detail,
                   step, next_attempt_at, attempt, unknowns, waits, doubt_until, first_used_at,
                   account_id, transfer_id, sequence, calls, created_at, updated_at,
                   reversed_cents, recalls, taken_back, batch_id, jobs
            FROM json_populate_recordset(NULL::payouts.payout, ?::json)""";

    private static final String UPDATE = """
            UPDATE payouts.payout AS p
            SET amount_cents = n.amount_cents, description = n.description, batch_id = n.batch_id, jobs = n.jobs,
                status = n.status, reason = n.reason, detail = n.detail, step = n.step,
                next_attempt_at = n.next_attempt_at, attempt = n.attempt, unknowns = n.unknowns, waits = n.waits,
                doubt_until = n.doubt_until, first_used_at = n.first_used_at, account_id = n.account_id,
                transfer_id = n.transfer_id, reversed_cents = n.reversed_cents, recalls = n.recalls,
                taken_back = n.taken_back, sequence = n.sequence, calls = n.calls, updated_at = n.updated_at,
                claim = n.claim, lease_until = CASE WHEN n.claim IS NOT NULL THEN p.lease_until END
            FROM json_populate_recordset(NULL::payouts.payout, ?::json) AS n
            WHERE p.id = n.id""";

    /** A batch's outbox stays small; who isn't among these is tried a little later by itself. */
    private static final String FIND_UNFUNDED = """
            SELECT receiver FROM payouts.payout WHERE status = 'held' AND reason = 'insufficient_funds'
            GROUP BY receiver ORDER BY min(created_at) LIMIT 1000""";

    private static final String FIND_TRANSFERS =
            "SELECT transfer_id, receiver, id FROM payouts.payout WHERE transfer_id = ANY (?) AND batch_id IS NULL";

    private final JdbcOperations jdbc;
    private final DecisionTime time;

    /** A receiver's payouts that are held for one reason. */
    record HeldFor(UUID receiver, Payout.Reason reason) {}

    Payouts(JdbcOperations jdbc) {
        this.jdbc = jdbc;
        this.time = DecisionTime.of(jdbc);
    }

    /**
     * Loads and locks, until the caller's transaction ends, the payouts with these ids, the payouts of these jobs, the
     * oldest of each receiver that wait so, up to {@link #AT_ONCE}, and what is made with these batches.
     */
    PayoutBatch open(Set<UUID> ids, Set<UUID> jobIds, Set<HeldFor> waiting, Set<UUID> batches) {
        List<PayoutRow> rows = jdbc.query(
                LOCK,
                (ResultSet row, int _) -> PayoutColumns.read(row),
                texts(ids),
                texts(jobIds),
                waiting.stream().map(each -> each.receiver().toString()).toArray(String[]::new),
                waiting.stream().map(each -> each.reason().code()).toArray(String[]::new),
                texts(batches));
        return new PayoutBatch(this, rows);
    }

    /**
     * When the caller's transaction began, by the database's clock. All times in a payout's life are of this one clock,
     * so that an instance whose own clock is wrong neither delays a payout nor trusts a key too long.
     */
    Instant now() {
        return time.now();
    }

    /** The payouts that were made by these transfers, as far as they are known. */
    Map<String, TransferReport.Target> madeBy(Set<String> transferIds) {
        Map<String, TransferReport.Target> found = HashMap.newHashMap(transferIds.size());
        jdbc.query(
                FIND_TRANSFERS,
                row -> {
                    found.put(
                            row.getString(1),
                            new TransferReport.Target(row.getObject(2, UUID.class), row.getObject(3, UUID.class)));
                },
                (Object) transferIds.toArray(String[]::new));
        return found;
    }

    List<UUID> receiversWaitingForFunds() {
        return jdbc.query(FIND_UNFUNDED, (row, _) -> row.getObject(1, UUID.class));
    }

    /**
     * Funds are, or have just been, short. One row for all, so it is the last that a handler locks; only the partition's own row comes
     * after it. A clock that has gone back is followed.
     */
    void noteShortage() {
        jdbc.update(
                "UPDATE payouts.shortage SET at = CASE WHEN at > clock_timestamp() THEN now() ELSE greatest(at, now()) END");
    }

    void insert(Collection<PayoutRow> rows) {
        jdbc.update(INSERT, json(rows));
    }

    void update(Collection<PayoutRow> rows) {
        int updated = jdbc.update(UPDATE, json(rows));
        if (updated != rows.size()) {
            throw new IllegalStateException("updated " + updated + " payouts instead of " + rows.size());
        }
    }

    private static String json(Collection<PayoutRow> rows) {
        return Codec.json()
                .writeValueAsString(rows.stream().map(PayoutColumns::of).toList());
    }

    private static String[] texts(Set<UUID> ids) {
        return ids.stream().map(UUID::toString).toArray(String[]::new);
    }
}
