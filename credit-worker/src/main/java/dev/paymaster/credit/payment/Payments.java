package dev.paymaster.credit.payment;

import static java.util.Objects.requireNonNull;

import dev.paymaster.credit.reversal.PaymentFact;
import dev.paymaster.credit.reversal.PaymentFact.Linked;
import dev.paymaster.credit.reversal.PaymentFact.RefundedInAll;
import dev.paymaster.credit.reversal.PaymentFact.Reversal;
import dev.paymaster.credit.reversal.Purchase;
import dev.paymaster.credit.reversal.Purchase.OfInvoice;
import dev.paymaster.credit.reversal.Purchase.OfSession;
import dev.paymaster.ledger.sql.SetStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/** Tables {@code billing.payment} and {@code billing.reversal}, written a whole batch at a time. Thread-safe. */
public final class Payments {
    private static final String RECORD = """
            INSERT INTO billing.payment AS p (payment_id, invoice_id, session_id, refunded_cents, refunded_seconds, open, changed_at,
                                              called_at)
            SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?) AS n (payment_id) ORDER BY payment_id
            ON CONFLICT (payment_id) DO UPDATE
            SET invoice_id = CASE WHEN p.session_id IS NULL THEN coalesce(p.invoice_id, excluded.invoice_id) END,
                session_id = CASE WHEN p.invoice_id IS NULL THEN coalesce(p.session_id, excluded.session_id) END,
                refunded_cents = CASE
                    WHEN p.refunded_seconds > excluded.refunded_seconds THEN p.refunded_cents
                    WHEN p.refunded_seconds < excluded.refunded_seconds THEN excluded.refunded_cents
                    ELSE greatest(p.refunded_cents, excluded.refunded_cents) END,
                refunded_seconds = greatest(p.refunded_seconds, excluded.refunded_seconds),
                open = p.open OR excluded.open,
                changed_at = excluded.changed_at,
                called_at = excluded.called_at
            RETURNING p.payment_id, p.invoice_id, p.session_id, NOT EXISTS (
                SELECT FROM billing.payment AS before WHERE before.payment_id = p.payment_id
                    AND before.refunded_cents = p.refunded_cents AND before.refunded_seconds = p.refunded_seconds)""";

    private static final String RECORD_REVERSALS = """
            INSERT INTO billing.reversal AS r (payment_id, reversal_id, kind, amount_cents, outside_cents, taken, returned,
                                               made_seconds, returned_seconds)
            SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?) AS n (payment_id, reversal_id) ORDER BY payment_id, reversal_id
            ON CONFLICT (payment_id, reversal_id) DO UPDATE
            SET amount_cents = greatest(r.amount_cents, excluded.amount_cents),
                outside_cents = greatest(r.outside_cents, excluded.outside_cents),
                taken = r.taken OR excluded.taken,
                returned = r.returned OR excluded.returned,
                made_seconds = greatest(r.made_seconds, excluded.made_seconds),
                returned_seconds = least(r.returned_seconds, excluded.returned_seconds)
            WHERE r.amount_cents < excluded.amount_cents OR r.taken < excluded.taken OR r.returned < excluded.returned
                OR r.outside_cents < excluded.outside_cents
                OR r.made_seconds < excluded.made_seconds OR r.returned_seconds > excluded.returned_seconds
            RETURNING payment_id""";

    private static final String OPEN_OF_PAYMENTS = """
            SELECT p.payment_id, p.invoice_id, p.session_id, coalesce(i.user_id, t.user_id)
            FROM billing.payment AS p
            LEFT JOIN billing.invoice AS i USING (invoice_id)
            LEFT JOIN billing.top_up AS t USING (session_id)
            WHERE p.open AND p.payment_id = ANY (?) AND coalesce(i.user_id, t.user_id) IS NOT NULL""";

    private static final String UNLINKED = """
            SELECT payment_id FROM billing.payment
            WHERE payment_id = ANY (?) AND open AND invoice_id IS NULL AND session_id IS NULL""";

    /**
     * Whoever is called for goes to the end of the line, so that what never closes keeps nobody else from its turn. What paid for
     * something of ours is called for, or changes, or is applied later and called for then: so of what is somebody else's, only
     * what has changed lately is looked at.
     */
    private static final String CALL_OPEN = """
            WITH due AS (
                SELECT p.payment_id, coalesce(i.user_id, t.user_id) AS user_id
                FROM billing.payment AS p
                LEFT JOIN billing.invoice AS i USING (invoice_id)
                LEFT JOIN billing.top_up AS t USING (session_id)
                WHERE p.open AND (p.invoice_id IS NOT NULL OR p.session_id IS NOT NULL)
                    AND p.called_at BETWEEN ? AND ? AND coalesce(i.user_id, t.user_id) IS NOT NULL
                ORDER BY p.called_at LIMIT ? FOR UPDATE OF p SKIP LOCKED)
            UPDATE billing.payment AS p SET called_at = ? FROM due WHERE p.payment_id = due.payment_id
            RETURNING p.payment_id, p.invoice_id, p.session_id, due.user_id""";

    private static final String OPEN_OF_INVOICES = """
            SELECT p.payment_id, i.invoice_id, NULL, i.user_id
            FROM billing.payment AS p JOIN billing.invoice AS i USING (invoice_id)
            WHERE p.open AND p.invoice_id = ANY (?)""";

    private final JdbcOperations jdbc;
    private final Alarms alarms;

    public Payments(JdbcOperations jdbc, Alarms alarms) {
        this.jdbc = jdbc;
        this.alarms = alarms;
    }

    /** A purchase that has had its effect, and of which something came back since it was last reviewed. */
    public record Open(String paymentId, Purchase purchase, UUID userId) {}

    /** What a batch says of one payment, all in all. */
    private record Payment(
            String id, @Nullable Purchase purchase, long refundedCents, long refundedSeconds, boolean open) {
        static Payment of(PaymentFact fact) {
            return switch (fact) {
                case Linked linked -> new Payment(linked.paymentId(), linked.purchase(), 0, 0, false);
                case RefundedInAll refunded ->
                    new Payment(refunded.paymentId(), null, refunded.cents(), refunded.seconds(), true);
                case Reversal reversal -> new Payment(reversal.paymentId(), reversal.purchase(), 0, 0, true);
            };
        }

        Payment and(Payment later) {
            return new Payment(
                    id,
                    purchase == null ? later.purchase : purchase,
                    refundedSeconds == later.refundedSeconds
                            ? Math.max(refundedCents, later.refundedCents)
                            : refundedSeconds > later.refundedSeconds ? refundedCents : later.refundedCents,
                    Math.max(refundedSeconds, later.refundedSeconds),
                    open || later.open);
        }

        @Nullable
        String invoiceId() {
            return purchase instanceof OfInvoice(String invoiceId) ? invoiceId : null;
        }

        @Nullable
        String sessionId() {
            return purchase instanceof OfSession(String sessionId) ? sessionId : null;
        }
    }

    /**
     * Records what was told, in whatever order; the rows stay locked until the caller's transaction ends.
     *
     * @return of which payments that was news, rather than what had been told before
     */
    public Set<String> record(Collection<PaymentFact> facts, Instant now) {
        if (facts.isEmpty()) {
            return Set.of();
        }
        Map<String, Payment> payments = new TreeMap<>();
        Map<String, Reversal> reversals = new TreeMap<>();
        for (PaymentFact fact : facts) {
            payments.merge(fact.paymentId(), Payment.of(fact), Payment::and);
            if (fact instanceof Reversal reversal) {
                reversals.merge(reversal.paymentId() + " " + reversal.reversalId(), reversal, Reversal::and);
            }
        }
        Set<String> news = new HashSet<>();
        Map<String, Purchase> linked = new HashMap<>();
        jdbc.query(
                new SetStatement<>(RECORD, payments.values())
                        .with("text", Payment::id)
                        .with("text", Payment::invoiceId)
                        .with("text", Payment::sessionId)
                        .withLongs(Payment::refundedCents)
                        .withLongs(Payment::refundedSeconds)
                        .with("bool", Payment::open)
                        .with("timestamptz", _ -> now)
                        .with("timestamptz", _ -> now),
                row -> {
                    Purchase purchase = purchaseIn(row);
                    if (purchase != null) {
                        linked.put(row.getString(1), purchase);
                    }
                    if (row.getBoolean(4)) {
                        news.add(row.getString(1));
                    }
                });
        facts.forEach(fact -> alarmIfOther(fact, linked));
        if (!reversals.isEmpty()) {
            jdbc.query(
                    new SetStatement<>(RECORD_REVERSALS, reversals.values())
                            .with("text", Reversal::paymentId)
                            .with("text", Reversal::reversalId)
                            .with("text", reversal -> reversal.kind().column())
                            .withLongs(Reversal::cents)
                            .withLongs(Reversal::outsideCents)
                            .with("bool", Reversal::taken)
                            .with("bool", Reversal::returned)
                            .withLongs(Reversal::madeSeconds)
                            .withLongs(Reversal::returnedSeconds),
                    row -> {
                        news.add(row.getString(1));
                    });
        }
        return news;
    }

    private void alarmIfOther(PaymentFact fact, Map<String, Purchase> linked) {
        Purchase first = linked.get(fact.paymentId());
        if (fact instanceof Linked(String paymentId, Purchase other) && first != null && !first.equals(other)) {
            alarms.paymentOfSeveral(paymentId, first.ref(), other.ref());
        }
    }

    /** Which of these payments call for a review: they are open, and what was paid for has had its effect. */
    public List<Open> openOf(Set<String> paymentIds) {
        return open(OPEN_OF_PAYMENTS, paymentIds);
    }

    /** Which payments of these invoices call for a review. */
    public List<Open> openOfInvoices(Set<String> invoiceIds) {
        return open(OPEN_OF_INVOICES, invoiceIds);
    }

    /** Of which of these something came back, while nobody knows what they paid for. */
    public Set<String> unlinkedOf(Set<String> paymentIds) {
        if (paymentIds.isEmpty()) {
            return Set.of();
        }
        return new HashSet<>(jdbc.query(
                new SetStatement<>(UNLINKED, paymentIds).with("text", id -> id), (row, number) -> row.getString(1)));
    }

    /**
     * Which payments have called for a review, or were called for, in that time; called for now, they come last.
     *
     * @param from whoever has changed and was called for before is left out
     * @param then whoever has changed or was called for since is left out
     */
    public List<Open> callOpen(Instant from, Instant then, int limit, Instant now) {
        return jdbc.query(
                CALL_OPEN,
                (row, number) ->
                        new Open(row.getString(1), requireNonNull(purchaseIn(row)), row.getObject(4, UUID.class)),
                OffsetDateTime.ofInstant(from, ZoneOffset.UTC),
                OffsetDateTime.ofInstant(then, ZoneOffset.UTC),
                limit,
                OffsetDateTime.ofInstant(now, ZoneOffset.UTC));
    }

    private List<Open> open(String sql, Set<String> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        return jdbc.query(
                new SetStatement<>(sql, ids).with("text", id -> id),
                (row, number) ->
                        new Open(row.getString(1), requireNonNull(purchaseIn(row)), row.getObject(4, UUID.class)));
    }

    private static @Nullable Purchase purchaseIn(ResultSet row) throws SQLException {
        String invoiceId = row.getString(2);
        String sessionId = row.getString(3);
        return invoiceId != null ? new OfInvoice(invoiceId) : sessionId != null ? new OfSession(sessionId) : null;
    }
}
