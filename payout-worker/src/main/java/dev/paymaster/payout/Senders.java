package dev.paymaster.payout;

import static java.util.Comparator.comparingLong;

import dev.paymaster.payout.obligation.Budget;
import dev.paymaster.payout.obligation.Owed;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * Tables {@code payouts.sender_cash}, {@code payouts.lot_cash}, {@code payouts.further_cash}, {@code payouts.returned_cash} and
 * {@code payouts.waiting}: how far each sender's cash goes, and who waits for more of it. A sender's row is locked before anything
 * is decided, in every handler after the payouts' rows and in ascending order. Thread-safe.
 */
final class Senders {
    private static final String MAKE = """
            INSERT INTO payouts.sender_cash (sender) SELECT unnest(?::uuid[]) ON CONFLICT DO NOTHING""";

    private static final String LOCK = """
            SELECT sender, cash_cents, committed_cents FROM payouts.sender_cash
            WHERE sender = ANY (?::uuid[]) ORDER BY sender FOR UPDATE""";

    /** A statement of its own: one that waits for a lock sees other tables as they were before. */
    private static final String FIND_LINES = """
            SELECT s.sender, w.amount_cents FROM unnest(?::uuid[]) AS s (sender) CROSS JOIN LATERAL (
                SELECT amount_cents FROM payouts.waiting f WHERE f.sender = s.sender
                ORDER BY f.created_at, f.payout_id LIMIT 1) w""";

    private static final String FIND_WAITING =
            "SELECT payout_id FROM payouts.waiting WHERE payout_id = ANY (?::uuid[])";

    /** The front of each line; what stands further back is looked at again when these have gone on. */
    private static final String FRONT = """
            SELECT w.payout_id, w.sender, w.receiver, w.amount_cents
            FROM unnest(?::uuid[]) AS s (sender) CROSS JOIN LATERAL (
                SELECT * FROM payouts.waiting f WHERE f.sender = s.sender ORDER BY f.created_at, f.payout_id LIMIT 1000) w
            ORDER BY w.sender, w.created_at, w.payout_id""";

    private static final String JOIN = """
            INSERT INTO payouts.waiting (payout_id, sender, receiver, amount_cents, created_at)
            SELECT * FROM unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::bigint[], ?::timestamptz[])""";

    private static final String LEAVE = "DELETE FROM payouts.waiting WHERE payout_id = ANY (?::uuid[])";

    private static final String SAVE = """
            UPDATE payouts.sender_cash c SET cash_cents = n.cash_cents, committed_cents = n.committed_cents
            FROM unnest(?::uuid[], ?::bigint[], ?::bigint[]) AS n (sender, cash_cents, committed_cents)
            WHERE c.sender = n.sender""";

    private static final String COUNT_LOTS = """
            INSERT INTO payouts.lot_cash (lot_id, sender, revenue_cents)
            SELECT lot_id, sender, revenue_cents
            FROM unnest(?::uuid[], ?::uuid[], ?::bigint[]) AS n (lot_id, sender, revenue_cents) ORDER BY lot_id
            ON CONFLICT DO NOTHING RETURNING sender, revenue_cents""";

    private static final String COUNT_FURTHER = """
            INSERT INTO payouts.further_cash (ref, sender, revenue_cents)
            SELECT ref, sender, revenue_cents
            FROM unnest(?::text[], ?::uuid[], ?::bigint[]) AS n (ref, sender, revenue_cents) ORDER BY ref
            ON CONFLICT DO NOTHING RETURNING sender, revenue_cents""";

    /** The difference from what was told before. What is older than that changes nothing: a former owner may tell it once more. */
    private static final String COUNT_RETURNED = """
            WITH told AS (
                SELECT ref, sender, cents, review
                FROM unnest(?::text[], ?::uuid[], ?::bigint[], ?::bigint[]) AS n (ref, sender, cents, review)
            ), before AS (
                SELECT ref, r.cents FROM payouts.returned_cash r JOIN told USING (ref)
            )
            INSERT INTO payouts.returned_cash AS r (ref, sender, cents, review)
            SELECT ref, sender, cents, review FROM told ORDER BY ref
            ON CONFLICT (ref) DO UPDATE SET cents = excluded.cents, review = excluded.review
            WHERE excluded.review > r.review
            RETURNING r.sender, coalesce((SELECT b.cents FROM before b WHERE b.ref = r.ref), 0) - r.cents""";

    private final JdbcOperations jdbc;
    private final boolean capped;

    /**
     * @param capped whether payouts wait for cash; the books are kept in either case
     */
    Senders(JdbcOperations jdbc, boolean capped) {
        this.jdbc = jdbc;
        this.capped = capped;
    }

    /** What a purchase has brought in, or what has come back of that. */
    sealed interface Cash {
        UUID sender();

        long cents();
    }

    /** What a lot has brought in. */
    record LotCash(UUID lotId, UUID sender, long cents) implements Cash {}

    /** What an invoice has brought in that is in no lot. */
    record FurtherCash(String ref, UUID sender, long cents) implements Cash {}

    /** What has come back of a purchase by now; of one purchase, the largest review counts. */
    record ReturnedCash(String ref, UUID sender, long cents, long review) implements Cash {}

    /** A payout in a sender's line. */
    record Waiting(UUID payoutId, UUID sender, UUID receiver, long cents) {}

    /** Locks the rows of these senders until the caller's transaction ends; {@code payouts} are those that may wait. */
    SenderBatch open(Set<UUID> senders, Collection<UUID> payouts) {
        Map<UUID, Budget> budgets = HashMap.newHashMap(senders.size());
        Map<UUID, Long> lines = new HashMap<>();
        Set<UUID> waiting = new HashSet<>();
        if (!senders.isEmpty()) {
            String[] ids = texts(senders);
            jdbc.update(MAKE, (Object) ids);
            jdbc.query(
                    LOCK,
                    row -> {
                        budgets.put(row.getObject(1, UUID.class), new Budget(row.getLong(2), row.getLong(3)));
                    },
                    (Object) ids);
            jdbc.query(
                    FIND_LINES,
                    row -> {
                        lines.put(row.getObject(1, UUID.class), row.getLong(2));
                    },
                    (Object) ids);
        }
        if (!payouts.isEmpty()) {
            waiting.addAll(jdbc.query(FIND_WAITING, (row, _) -> row.getObject(1, UUID.class), (Object) texts(payouts)));
        }
        return new SenderBatch(this, capped, budgets, lines, waiting);
    }

    /** Counts what purchases have brought in, each once, less what has come back, and opens their senders. */
    SenderBatch earn(Collection<? extends Cash> cash) {
        List<LotCash> lots = new ArrayList<>();
        List<FurtherCash> further = new ArrayList<>();
        Map<String, ReturnedCash> returned = new LinkedHashMap<>();
        for (Cash each : cash) {
            switch (each) {
                case LotCash lot -> lots.add(lot);
                case FurtherCash other -> further.add(other);
                case ReturnedCash back ->
                    returned.merge(back.ref(), back, BinaryOperator.maxBy(comparingLong(ReturnedCash::review)));
            }
        }
        Map<UUID, Long> earned = new LinkedHashMap<>();
        count(COUNT_LOTS, lots, lot -> lot.lotId().toString(), earned);
        count(COUNT_FURTHER, further, FurtherCash::ref, earned);
        count(COUNT_RETURNED, List.copyOf(returned.values()), ReturnedCash::ref, earned, (Object)
                returned.values().stream().map(ReturnedCash::review).toArray(Long[]::new));
        SenderBatch batch = open(earned.keySet(), List.of());
        earned.forEach(batch::earn);
        return batch;
    }

    private <T extends Cash> void count(
            String sql, List<T> cash, Function<T, String> key, Map<UUID, Long> earned, Object... more) {
        if (!cash.isEmpty()) {
            List<Object> columns = new ArrayList<>();
            columns.add(cash.stream().map(key).toArray(String[]::new));
            columns.add(each(cash, Cash::sender));
            columns.add(cash.stream().map(Cash::cents).toArray(Long[]::new));
            columns.addAll(List.of(more));
            jdbc.query(
                    sql,
                    row -> {
                        earned.merge(row.getObject(1, UUID.class), row.getLong(2), Math::addExact);
                    },
                    columns.toArray());
        }
    }

    /** The fronts of some senders' lines, oldest first. */
    Map<UUID, List<Waiting>> fronts(Collection<UUID> senders) {
        Map<UUID, List<Waiting>> lines = new LinkedHashMap<>();
        jdbc.query(
                FRONT,
                row -> {
                    Waiting next = new Waiting(
                            row.getObject(1, UUID.class),
                            row.getObject(2, UUID.class),
                            row.getObject(3, UUID.class),
                            row.getLong(4));
                    lines.computeIfAbsent(next.sender(), _ -> new ArrayList<>()).add(next);
                },
                (Object) texts(senders));
        return lines;
    }

    void join(Collection<Owed> owed) {
        jdbc.update(
                JOIN,
                each(owed, Owed::id),
                each(owed, Owed::sender),
                each(owed, Owed::receiver),
                owed.stream().map(Owed::amountCents).toArray(Long[]::new),
                owed.stream()
                        .map(each -> each.createdAt().atOffset(ZoneOffset.UTC).toString())
                        .toArray(String[]::new));
    }

    void leave(Collection<UUID> payouts) {
        jdbc.update(LEAVE, (Object) texts(payouts));
    }

    void save(Map<UUID, Budget> budgets) {
        List<Map.Entry<UUID, Budget>> all = List.copyOf(budgets.entrySet());
        jdbc.update(
                SAVE,
                each(all, Map.Entry::getKey),
                all.stream().map(entry -> entry.getValue().cashCents()).toArray(Long[]::new),
                all.stream().map(entry -> entry.getValue().committedCents()).toArray(Long[]::new));
    }

    private static <T> String[] each(Collection<T> all, Function<T, UUID> id) {
        return all.stream().map(one -> id.apply(one).toString()).toArray(String[]::new);
    }

    /** In the database's order. */
    private static String[] texts(Collection<UUID> ids) {
        return ids.stream().map(UUID::toString).sorted().toArray(String[]::new);
    }
}
