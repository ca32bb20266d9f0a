package dev.paymaster.credit.lookup;

import dev.paymaster.ledger.sql.SetStatement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.support.DataAccessUtils;
import org.springframework.jdbc.core.JdbcOperations;

/** Table {@code billing.lookup}. Thread-safe. */
public final class Lookups {
    private static final String ASK = """
            INSERT INTO billing.lookup (kind, id, due_at) SELECT * FROM unnest(?, ?, ?) ON CONFLICT DO NOTHING""";

    /** An event was only late. */
    private static final String FORGET_ANSWERED = """
            DELETE FROM billing.lookup AS l
            WHERE CASE kind
                  WHEN 'customer' THEN EXISTS (SELECT FROM billing.customer WHERE customer_id = l.id)
                  WHEN 'invoice' THEN EXISTS (SELECT FROM billing.invoice WHERE invoice_id = l.id)
                  ELSE NOT EXISTS (SELECT FROM billing.payment
                                   WHERE payment_id = l.id AND open AND invoice_id IS NULL AND session_id IS NULL) END""";

    /**
     * Later each time, up to once a day, for as long as it takes: money hangs on it. Materialized, or PostgreSQL may choose
     * again for each row that it compares, and claim several.
     */
    private static final String CLAIM = """
            WITH next AS MATERIALIZED (
                SELECT kind, id FROM billing.lookup WHERE due_at <= ?::timestamptz
                ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
            UPDATE billing.lookup AS l
            SET tries = l.tries + 1,
                due_at = ?::timestamptz + least(interval '30 seconds' * 2 ^ least(l.tries, 12), interval '1 day')
            FROM next WHERE l.kind = next.kind AND l.id = next.id RETURNING l.kind, l.id""";

    /** How many tries count of those that had no answer: an outage, however long, puts nothing off for hours. */
    private static final int TRIES_WITHOUT_ANSWER = 4;

    private static final String ASK_SOON_AGAIN = """
            UPDATE billing.lookup
            SET tries = least(tries, ?), due_at = least(due_at, ?::timestamptz + interval '30 seconds' * 2 ^ ?)
            WHERE kind = ? AND id = ?""";

    private static final String FORGET = "DELETE FROM billing.lookup WHERE kind = ? AND id = ?";

    private final JdbcOperations jdbc;
    private final Duration firstAfter;

    /** @param firstAfter how long to wait for the event that would tell it */
    public Lookups(JdbcOperations jdbc, Duration firstAfter) {
        this.jdbc = jdbc;
        this.firstAfter = firstAfter;
    }

    /** Asks for these, in the caller's transaction; what was asked for before stays as it is. */
    public void ask(Collection<Lookup> wanted, Instant now) {
        if (wanted.isEmpty()) {
            return;
        }
        List<Lookup> inOrder = wanted.stream()
                .sorted(Comparator.comparing(Lookup::kind).thenComparing(Lookup::id))
                .toList();
        jdbc.update(new SetStatement<>(ASK, inOrder)
                .with("text", each -> each.kind().column())
                .with("text", Lookup::id)
                .with("timestamptz", _ -> now.plus(firstAfter)));
    }

    void forgetAnswered() {
        jdbc.update(FORGET_ANSWERED);
    }

    /** Takes one that is due, or null; it is due again later, unless it is found until then. */
    @Nullable
    Lookup claim(Instant now) {
        OffsetDateTime at = OffsetDateTime.ofInstant(now, ZoneOffset.UTC);
        return DataAccessUtils.singleResult(jdbc.query(
                CLAIM, (row, number) -> new Lookup(Lookup.Kind.ofColumn(row.getString(1)), row.getString(2)), at, at));
    }

    /** Stripe gave no answer to one that was claimed: it comes up again within minutes, however often that was so. */
    void askSoonAgain(Lookup lookup, Instant now) {
        jdbc.update(
                ASK_SOON_AGAIN,
                TRIES_WITHOUT_ANSWER,
                OffsetDateTime.ofInstant(now, ZoneOffset.UTC),
                TRIES_WITHOUT_ANSWER,
                lookup.kind().column(),
                lookup.id());
    }

    void forget(Lookup lookup) {
        jdbc.update(FORGET, lookup.kind().column(), lookup.id());
    }
}
