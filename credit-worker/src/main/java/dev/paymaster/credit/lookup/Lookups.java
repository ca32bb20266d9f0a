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
            INSERT INTO billing.lookup (kind, id, due_at, asked_at) SELECT * FROM unnest(?, ?, ?, ?) ON CONFLICT DO NOTHING""";

    private static final String ASK_ANEW = """
            INSERT INTO billing.lookup AS l (kind, id, due_at, asked_at) SELECT * FROM unnest(?, ?, ?, ?)
            ON CONFLICT (kind, id) DO UPDATE
            SET due_at = least(l.due_at, excluded.due_at), asked_at = excluded.asked_at, not_ours_since = NULL""";

    /** An event was only late. What isn't asked for any more stays: it would be asked for again. */
    private static final String FORGET_ANSWERED = """
            DELETE FROM billing.lookup AS l
            WHERE due_at < 'infinity' AND CASE kind
                  WHEN 'customer' THEN EXISTS (SELECT FROM billing.customer WHERE customer_id = l.id)
                  WHEN 'invoice' THEN EXISTS (SELECT FROM billing.invoice WHERE invoice_id = l.id)
                  ELSE NOT EXISTS (SELECT FROM billing.payment
                                   WHERE payment_id = l.id AND open AND invoice_id IS NULL AND session_id IS NULL) END""";

    /**
     * Later each time, up to once a day, for as long as it may be ours: money hangs on it. Materialized, or PostgreSQL may choose
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

    private static final String NOTE_NOTHING =
            "UPDATE billing.lookup SET not_ours_since = NULL WHERE kind = ? AND id = ? AND not_ours_since IS NOT NULL";

    /**
     * Said twice, a day apart, it is believed: an event can overtake what it is about. And for three days Stripe tries again to
     * deliver events, one of which may yet say what was paid for.
     */
    private static final String NOTE_NOT_OURS = """
            UPDATE billing.lookup AS l
            SET not_ours_since = coalesce(l.not_ours_since, n.now),
                due_at = CASE WHEN l.not_ours_since <= n.now - interval '24 hours' AND l.asked_at <= n.now - interval '3 days'
                              THEN 'infinity' ELSE l.due_at END
            FROM (VALUES (?::timestamptz)) AS n (now)
            WHERE l.kind = ? AND l.id = ? RETURNING l.due_at = 'infinity'""";

    private static final String IS_CUSTOMER = "SELECT EXISTS (SELECT FROM billing.customer WHERE customer_id = ?)";

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
        ask(ASK, wanted, now);
    }

    /** Asks for these of which there is news, even if Stripe's answers to former questions were final. */
    public void askAnew(Collection<Lookup> wanted, Instant now) {
        ask(ASK_ANEW, wanted, now);
    }

    private void ask(String sql, Collection<Lookup> wanted, Instant now) {
        if (wanted.isEmpty()) {
            return;
        }
        List<Lookup> inOrder = wanted.stream()
                .sorted(Comparator.comparing(Lookup::kind).thenComparing(Lookup::id))
                .toList();
        jdbc.update(new SetStatement<>(sql, inOrder)
                .with("text", each -> each.kind().column())
                .with("text", Lookup::id)
                .with("timestamptz", _ -> now.plus(firstAfter))
                .with("timestamptz", _ -> now));
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

    /** Stripe has answered one that was claimed, and nothing follows from it. */
    void noteNothing(Lookup lookup) {
        jdbc.update(NOTE_NOTHING, lookup.kind().column(), lookup.id());
    }

    /**
     * By Stripe's answer, one that was claimed is somebody else's, unless its customer is ours.
     *
     * @return whether it isn't asked for any more
     */
    boolean noteNotOurs(Lookup lookup, @Nullable String customerId, Instant now) {
        if (customerId != null && Boolean.TRUE.equals(jdbc.queryForObject(IS_CUSTOMER, Boolean.class, customerId))) {
            noteNothing(lookup);
            return false;
        }
        return jdbc.queryForList(
                        NOTE_NOT_OURS,
                        Boolean.class,
                        OffsetDateTime.ofInstant(now, ZoneOffset.UTC),
                        lookup.kind().column(),
                        lookup.id())
                .contains(true);
    }

    void forget(Lookup lookup) {
        jdbc.update(FORGET, lookup.kind().column(), lookup.id());
    }
}
