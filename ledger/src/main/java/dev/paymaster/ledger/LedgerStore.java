package dev.paymaster.ledger;

import static java.util.Objects.requireNonNull;

import dev.paymaster.ledger.sql.SetStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/** The ledger's tables, read and written a whole batch at a time. Thread-safe. */
final class LedgerStore {
    /** In ascending order like the locks: two batches that make the same accounts must not wait for each other. */
    private static final String MAKE_ACCOUNTS = """
            INSERT INTO ledger.account (user_id)
            SELECT id FROM unnest(?) AS wanted (id) ORDER BY id
            ON CONFLICT DO NOTHING RETURNING user_id""";

    private static final String LOCK_ACCOUNTS = """
            SELECT user_id, available, held, debt, sequence, low_below FROM ledger.account
            WHERE user_id = ANY (?) ORDER BY user_id FOR UPDATE""";

    private static final String LOAD_HOLDS = """
            SELECT user_id, job_id, lot_id, amount, kind FROM ledger.transfer
            WHERE job_id = ANY (?) AND kind IN ('hold', 'capture', 'release') ORDER BY user_id, sequence""";

    /** Over all that ever happened to a user: few are given something back. */
    private static final String LOAD_TAKEN = """
            SELECT lot_id, kind, amount, recorded_at FROM ledger.transfer
            WHERE user_id = ANY (?) AND kind IN ('revoke', 'repay', 'reinstate') AND lot_id IS NOT NULL
            ORDER BY user_id, sequence""";

    private static final String LOAD_HELD = """
            SELECT lot_id, sum(CASE kind WHEN 'hold' THEN amount ELSE -amount END) AS held FROM ledger.transfer
            WHERE user_id = ANY (?) AND kind IN ('hold', 'capture', 'release') GROUP BY lot_id
            HAVING sum(CASE kind WHEN 'hold' THEN amount ELSE -amount END) > 0""";

    private static final String LOAD_LAPSED = """
            SELECT l.source_ref, sum(t.amount) AS lapsed
            FROM ledger.transfer AS t JOIN ledger.lot AS l ON l.user_id = t.user_id AND l.id = t.lot_id
            WHERE t.user_id = ANY (?) AND t.kind = 'expire' GROUP BY l.source_ref""";

    private static final String LOAD_LOTS = """
            SELECT id, user_id, source, source_ref, granted, remaining, period_start, expires_at, revenue_cents, opened
            FROM ledger.lot WHERE user_id = ANY (?) AND (remaining > 0 OR id = ANY (?))""";

    private static final String FIND_LAPSED = """
            SELECT DISTINCT user_id FROM ledger.lot
            WHERE expires_at >= ? AND expires_at <= ? AND remaining > 0 LIMIT ?""";

    private static final String LOAD_GRANTED = "SELECT source_ref FROM ledger.lot WHERE source_ref = ANY (?)";

    private static final String SAVE_ACCOUNTS = """
            UPDATE ledger.account AS a
            SET available = s.available, held = s.held, debt = s.debt, sequence = s.sequence
            FROM unnest(?, ?, ?, ?, ?) AS s (user_id, available, held, debt, sequence)
            WHERE a.user_id = s.user_id""";

    private static final String SAVE_THRESHOLDS = """
            UPDATE ledger.account AS a SET low_below = nullif(s.low_below, 0)
            FROM unnest(?, ?) AS s (user_id, low_below) WHERE a.user_id = s.user_id""";

    private static final String INSERT_LOTS = """
            INSERT INTO ledger.lot (id, user_id, source, source_ref, granted, remaining, period_start, expires_at,
                                    revenue_cents, opened)
            SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    private static final String UPDATE_LOTS = """
            UPDATE ledger.lot AS l SET remaining = s.remaining, expires_at = s.expires_at
            FROM unnest(?, ?, ?, ?) AS s (user_id, id, remaining, expires_at)
            WHERE l.user_id = s.user_id AND l.id = s.id""";

    private static final String INSERT_TRANSFERS = """
            INSERT INTO ledger.transfer (user_id, sequence, kind, amount, lot_id, job_id, ref, available_after,
                                         held_after, debt_after, recorded_at)
            SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    private final JdbcOperations jdbc;

    LedgerStore(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** @param lowBelow the user's threshold; 0: none */
    record Locked(Account account, long lowBelow) {}

    void saveThresholds(Map<UUID, Long> thresholds) {
        if (!thresholds.isEmpty()) {
            jdbc.update(new SetStatement<>(SAVE_THRESHOLDS, thresholds.entrySet())
                    .with("uuid", Map.Entry::getKey)
                    .withLongs(Map.Entry::getValue));
        }
    }

    /** Makes the accounts that are missing, in ascending order, and returns whose they are. New rows are locked by it. */
    Set<UUID> makeAccounts(Set<UUID> userIds) {
        if (userIds.isEmpty()) {
            return Set.of();
        }
        return new HashSet<>(jdbc.query(
                new SetStatement<>(MAKE_ACCOUNTS, userIds).with("uuid", id -> id),
                (row, number) -> uuid(row, "user_id")));
    }

    /** Locks and loads accounts, in ascending order. */
    List<Locked> lockAccounts(Set<UUID> userIds) {
        if (userIds.isEmpty()) {
            return List.of();
        }
        return jdbc.query(
                new SetStatement<>(LOCK_ACCOUNTS, userIds).with("uuid", id -> id),
                (row, number) -> new Locked(
                        new Account(
                                uuid(row, "user_id"),
                                row.getLong("available"),
                                row.getLong("held"),
                                row.getLong("debt"),
                                row.getLong("sequence")),
                        row.getLong("low_below")));
    }

    /** What the jobs hold now, by job; a job that holds nothing is absent. */
    Map<UUID, List<Hold>> loadHolds(Set<UUID> jobIds) {
        Map<UUID, List<Hold>> open = new HashMap<>();
        if (jobIds.isEmpty()) {
            return open;
        }
        jdbc.query(new SetStatement<>(LOAD_HOLDS, jobIds).with("uuid", id -> id), row -> {
            Hold hold = new Hold(uuid(row, "user_id"), uuid(row, "job_id"), uuid(row, "lot_id"), row.getLong("amount"));
            if (TransferKind.ofColumn(row.getString("kind")) == TransferKind.HOLD) {
                open.computeIfAbsent(hold.jobId(), id -> new ArrayList<>()).add(hold);
            } else {
                // A job is captured or released as a whole.
                open.remove(hold.jobId());
            }
        });
        return open;
    }

    /** What was taken from each lot of these users, by revocations or to pay off debt, and has not come back. */
    Map<UUID, Away> loadTaken(Set<UUID> userIds) {
        Map<UUID, Away> taken = new HashMap<>();
        if (!userIds.isEmpty()) {
            jdbc.query(new SetStatement<>(LOAD_TAKEN, userIds).with("uuid", id -> id), row -> {
                TransferKind kind = TransferKind.ofColumn(row.getString("kind"));
                long amount = row.getLong("amount");
                Instant at = requireNonNull(instant(row, "recorded_at"));
                taken.compute(uuid(row, "lot_id"), (_, before) -> switch (kind) {
                    case REVOKE -> Away.revoked(before, amount, at);
                    case REPAY -> Away.owed(before, amount, at);
                    case REINSTATE -> Away.returned(before, amount, at);
                    case GRANT, HOLD, CAPTURE, RELEASE, EXPIRE ->
                        throw new IllegalStateException(kind + " takes nothing away");
                });
            });
            taken.values().removeIf(away -> away.credits() == 0);
        }
        return taken;
    }

    /** What jobs hold of each lot of these users. */
    Map<UUID, Long> loadHeld(Set<UUID> userIds) {
        Map<UUID, Long> held = new HashMap<>();
        if (!userIds.isEmpty()) {
            jdbc.query(new SetStatement<>(LOAD_HELD, userIds).with("uuid", id -> id), row -> {
                held.put(uuid(row, "lot_id"), row.getLong("held"));
            });
        }
        return held;
    }

    /** What lapsed of each lot of these users, by what opened it. */
    Map<String, Long> loadLapsed(Set<UUID> userIds) {
        Map<String, Long> lapsed = new HashMap<>();
        if (!userIds.isEmpty()) {
            jdbc.query(new SetStatement<>(LOAD_LAPSED, userIds).with("uuid", id -> id), row -> {
                lapsed.put(row.getString("source_ref"), row.getLong("lapsed"));
            });
        }
        return lapsed;
    }

    /** The users' lots with something left, and those named, in spending order. */
    Map<UUID, List<Lot>> loadLots(Set<UUID> userIds, Set<UUID> lotIds) {
        Map<UUID, List<Lot>> lots = new HashMap<>();
        if (userIds.isEmpty()) {
            return lots;
        }
        jdbc.query(new SetStatement<>(LOAD_LOTS, userIds).with("uuid", id -> id).withAll("uuid", lotIds), row -> {
            Lot lot = lot(row);
            lots.computeIfAbsent(lot.userId(), id -> new ArrayList<>()).add(lot);
        });
        lots.values().forEach(all -> all.sort(Lot.SPENDING_ORDER));
        return lots;
    }

    /** Which of the sources have granted already, to whomever. */
    List<String> loadGranted(Set<String> sourceRefs) {
        if (sourceRefs.isEmpty()) {
            return List.of();
        }
        return jdbc.query(
                new SetStatement<>(LOAD_GRANTED, sourceRefs).with("text", ref -> ref),
                (row, number) -> row.getString(1));
    }

    List<UUID> findLapsed(Instant from, Instant to, int limit) {
        return jdbc.query(
                FIND_LAPSED,
                (row, number) -> uuid(row, "user_id"),
                OffsetDateTime.ofInstant(from, ZoneOffset.UTC),
                OffsetDateTime.ofInstant(to, ZoneOffset.UTC),
                limit);
    }

    void saveAccounts(Collection<Account> accounts) {
        if (accounts.isEmpty()) {
            return;
        }
        requireRows(
                accounts.size(),
                jdbc.update(new SetStatement<>(SAVE_ACCOUNTS, accounts)
                        .with("uuid", Account::userId)
                        .withLongs(Account::available)
                        .withLongs(Account::held)
                        .withLongs(Account::debt)
                        .withLongs(Account::sequence)));
    }

    void insertLots(Collection<Lot> lots) {
        if (lots.isEmpty()) {
            return;
        }
        jdbc.update(new SetStatement<>(INSERT_LOTS, lots)
                .with("uuid", Lot::id)
                .with("uuid", Lot::userId)
                .with("text", Lot::source)
                .with("text", Lot::sourceRef)
                .withLongs(Lot::granted)
                .withLongs(Lot::remaining)
                .with("timestamptz", Lot::periodStart)
                .with("timestamptz", Lot::expiresAt)
                .withLongs(Lot::revenueCents)
                .withLongs(Lot::opened));
    }

    void updateLots(Collection<Lot> lots) {
        if (lots.isEmpty()) {
            return;
        }
        requireRows(
                lots.size(),
                jdbc.update(new SetStatement<>(UPDATE_LOTS, lots)
                        .with("uuid", Lot::userId)
                        .with("uuid", Lot::id)
                        .withLongs(Lot::remaining)
                        .with("timestamptz", Lot::expiresAt)));
    }

    void insertTransfers(Collection<Transfer> transfers) {
        if (transfers.isEmpty()) {
            return;
        }
        jdbc.update(new SetStatement<>(INSERT_TRANSFERS, transfers)
                .with("uuid", Transfer::userId)
                .withLongs(Transfer::sequence)
                .with("text", transfer -> transfer.kind().column())
                .withLongs(Transfer::amount)
                .with("uuid", Transfer::lotId)
                .with("uuid", Transfer::jobId)
                .with("text", Transfer::ref)
                .withLongs(Transfer::availableAfter)
                .withLongs(Transfer::heldAfter)
                .withLongs(Transfer::debtAfter)
                .with("timestamptz", Transfer::recordedAt));
    }

    private static Lot lot(ResultSet row) throws SQLException {
        return new Lot(
                uuid(row, "id"),
                uuid(row, "user_id"),
                row.getString("source"),
                row.getString("source_ref"),
                row.getLong("granted"),
                row.getLong("remaining"),
                instant(row, "period_start"),
                instant(row, "expires_at"),
                row.getLong("revenue_cents"),
                row.getLong("opened"));
    }

    private static UUID uuid(ResultSet row, String column) throws SQLException {
        return row.getObject(column, UUID.class);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    /** The rows were locked or loaded in this transaction, so all of them must be hit. */
    private static void requireRows(int expected, int updated) {
        if (updated != expected) {
            throw new IllegalStateException("updated " + updated + " rows of the ledger instead of " + expected);
        }
    }
}
