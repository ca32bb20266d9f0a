package dev.paymaster.credit.payment;

import dev.paymaster.credit.reversal.PaymentFact.Kind;
import dev.paymaster.credit.reversal.PaymentFact.Reversal;
import dev.paymaster.credit.reversal.Revoked;
import dev.paymaster.credit.reversal.TakenBack;
import dev.paymaster.events.credit.CreditEvent.CashReturned;
import dev.paymaster.ledger.sql.SetStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcOperations;

/** What a review reads and writes, a whole batch at a time. Rows are locked in ascending order. Thread-safe. */
final class ReviewTables {
    private static final String LOCK_PAYMENTS = """
            SELECT payment_id, invoice_id FROM billing.payment WHERE invoice_id = ANY (?)
            ORDER BY payment_id FOR UPDATE""";

    private static final String APPLIED = "SELECT invoice_id FROM billing.invoice WHERE invoice_id = ANY (?)";

    private static final String LOCK_PERIODS = """
            SELECT subscription_id, period_end, revoked, lapsed, reversed FROM billing.entitlement
            WHERE (subscription_id, period_end) IN
                  (SELECT subscription_id, period_end FROM billing.claim WHERE invoice_id = ANY (?)
                   UNION ALL SELECT subscription_id, period_end FROM billing.given_back WHERE invoice_id = ANY (?))
            ORDER BY subscription_id, period_end FOR UPDATE""";

    private static final String CLAIMS = """
            SELECT c.subscription_id, c.period_end, c.invoice_id, c.number, c.credits, i.paid_cents, i.user_id,
                   coalesce(c.paid_cents, i.paid_cents), c.above
            FROM unnest(?, ?) AS wanted (subscription_id, period_end)
            JOIN billing.claim AS c USING (subscription_id, period_end)
            JOIN billing.invoice AS i USING (invoice_id)
            ORDER BY c.invoice_id, c.number""";

    private static final String GIVEN_BACK = """
            SELECT g.subscription_id, g.period_end, g.invoice_id, g.cents
            FROM unnest(?, ?) AS wanted (subscription_id, period_end)
            JOIN billing.given_back AS g USING (subscription_id, period_end)""";

    private static final String GIVEN_BACK_OF_NOTHING = """
            SELECT g.subscription_id, g.period_end, g.invoice_id, g.cents FROM billing.given_back AS g
            WHERE g.invoice_id = ANY (?) AND g.cents > 0 AND NOT EXISTS (
                SELECT FROM billing.entitlement AS e
                WHERE (e.subscription_id, e.period_end) = (g.subscription_id, g.period_end))""";

    private static final String REVERSALS = """
            SELECT p.invoice_id, p.payment_id, p.refunded_cents, r.reversal_id, r.kind, r.amount_cents, r.taken, r.returned,
                   p.refunded_seconds, r.made_seconds, r.returned_seconds
            FROM billing.payment AS p LEFT JOIN billing.reversal AS r USING (payment_id)
            WHERE p.invoice_id = ANY (?)""";

    private static final String SAVE_REVOKED = """
            UPDATE billing.entitlement AS e SET revoked = n.revoked, lapsed = n.lapsed, reversed = n.reversed
            FROM unnest(?, ?, ?, ?, ?) AS n (subscription_id, period_end, revoked, lapsed, reversed)
            WHERE e.subscription_id = n.subscription_id AND e.period_end = n.period_end""";

    private static final String LOCK_PAYMENTS_OF_SESSIONS = """
            SELECT payment_id, session_id FROM billing.payment WHERE session_id = ANY (?)
            ORDER BY payment_id FOR UPDATE""";

    private static final String LOCK_TOP_UPS = """
            SELECT session_id, user_id, credits, paid_cents, revoked, lapsed FROM billing.top_up WHERE session_id = ANY (?)
            ORDER BY session_id FOR UPDATE""";

    private static final String REVERSALS_OF_SESSIONS = """
            SELECT p.session_id, p.payment_id, p.refunded_cents, r.reversal_id, r.kind, r.amount_cents, r.taken, r.returned,
                   p.refunded_seconds, r.made_seconds, r.returned_seconds
            FROM billing.payment AS p LEFT JOIN billing.reversal AS r USING (payment_id)
            WHERE p.session_id = ANY (?)""";

    private static final String SAVE_TOP_UPS = """
            UPDATE billing.top_up AS t SET revoked = n.revoked, lapsed = n.lapsed
            FROM unnest(?, ?, ?) AS n (session_id, revoked, lapsed) WHERE t.session_id = n.session_id""";

    private static final String CASH_BACK =
            "SELECT user_id, ref, cents, nextval('billing.review') FROM billing.cash_back WHERE purchase_id = ANY (?)";

    private static final String CLOSE = "UPDATE billing.payment SET open = false WHERE payment_id = ANY (?) AND open";

    private final JdbcOperations jdbc;

    ReviewTables(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** @param of the invoice or session that it paid for */
    record Payment(String id, String of) {}

    record TopUp(String sessionId, UUID userId, long credits, long paidCents, Revoked revoked) {
        TopUp with(Revoked nowRevoked) {
            return new TopUp(sessionId, userId, credits, paidCents, nowRevoked);
        }
    }

    record Period(String subscriptionId, Instant end, Revoked revoked, boolean reversed) {
        Period with(Revoked nowRevoked, boolean nowReversed) {
            return new Period(subscriptionId, end, nowRevoked, nowReversed);
        }
    }

    /**
     * An invoice's claim to a period.
     *
     * @param paidCents what was paid for the whole invoice
     * @param periodCents what of that was paid for the period
     */
    record Claim(
            String subscriptionId,
            Instant periodEnd,
            String invoiceId,
            String lotRef,
            long above,
            long credits,
            long paidCents,
            UUID userId,
            long periodCents) {
        /** One of a change of price within a tier doesn't. */
        boolean paysForCredits() {
            return above < credits;
        }

        boolean isOf(Period period) {
            return subscriptionId.equals(period.subscriptionId()) && periodEnd.equals(period.end());
        }
    }

    /** What an invoice has given back for a period. */
    record GivenBack(String subscriptionId, Instant periodEnd, String invoiceId, long cents) {
        boolean isOf(Period period) {
            return subscriptionId.equals(period.subscriptionId()) && periodEnd.equals(period.end());
        }
    }

    List<Payment> lockPayments(Set<String> invoices) {
        return lockPayments(LOCK_PAYMENTS, invoices);
    }

    /** Those of some invoices that have had their effect, also when they claim nothing. */
    Set<String> applied(Set<String> invoices) {
        return new HashSet<>(jdbc.query(
                new SetStatement<>(APPLIED, invoices).with("text", id -> id), (row, number) -> row.getString(1)));
    }

    List<Payment> lockPaymentsOfSessions(Set<String> sessions) {
        return lockPayments(LOCK_PAYMENTS_OF_SESSIONS, sessions);
    }

    List<TopUp> lockTopUps(Set<String> sessions) {
        return jdbc.query(
                new SetStatement<>(LOCK_TOP_UPS, sessions).with("text", id -> id),
                (row, number) -> new TopUp(
                        row.getString(1),
                        row.getObject(2, UUID.class),
                        row.getLong(3),
                        row.getLong(4),
                        new Revoked(row.getLong(5), row.getLong(6))));
    }

    void saveTopUps(Collection<TopUp> topUps) {
        if (!topUps.isEmpty()) {
            jdbc.update(new SetStatement<>(SAVE_TOP_UPS, topUps)
                    .with("text", TopUp::sessionId)
                    .withLongs(topUp -> topUp.revoked().credits())
                    .withLongs(topUp -> topUp.revoked().lapsed()));
        }
    }

    private List<Payment> lockPayments(String sql, Set<String> ids) {
        return jdbc.query(
                new SetStatement<>(sql, ids).with("text", id -> id),
                (row, number) -> new Payment(row.getString(1), row.getString(2)));
    }

    List<Period> lockPeriodsOf(Set<String> invoices) {
        return jdbc.query(
                new SetStatement<>(LOCK_PERIODS, invoices)
                        .with("text", id -> id)
                        .with("text", id -> id),
                (row, number) -> new Period(
                        row.getString(1),
                        instant(row, 2),
                        new Revoked(row.getLong(3), row.getLong(4)),
                        row.getBoolean(5)));
    }

    /** All claims to these periods, also of other invoices; read after the periods were locked. */
    List<Claim> claimsOf(List<Period> periods) {
        if (periods.isEmpty()) {
            return List.of();
        }
        return jdbc.query(
                new SetStatement<>(CLAIMS, periods)
                        .with("text", Period::subscriptionId)
                        .with("timestamptz", Period::end),
                (row, number) -> new Claim(
                        row.getString(1),
                        instant(row, 2),
                        row.getString(3),
                        LotRefs.ofInvoice(row.getString(3), row.getInt(4)),
                        row.getLong(9),
                        row.getLong(5),
                        row.getLong(6),
                        row.getObject(7, UUID.class),
                        row.getLong(8)));
    }

    /** All that was given back for these periods; read after they were locked. */
    List<GivenBack> givenBackFor(List<Period> periods) {
        if (periods.isEmpty()) {
            return List.of();
        }
        return jdbc.query(
                new SetStatement<>(GIVEN_BACK, periods)
                        .with("text", Period::subscriptionId)
                        .with("timestamptz", Period::end),
                ReviewTables::givenBack);
    }

    /** What some invoices have given back for periods that nobody has paid for by now. */
    List<GivenBack> givenBackOfNothing(Set<String> invoices) {
        return jdbc.query(
                new SetStatement<>(GIVEN_BACK_OF_NOTHING, invoices).with("text", id -> id), ReviewTables::givenBack);
    }

    private static GivenBack givenBack(ResultSet row, int number) throws SQLException {
        return new GivenBack(row.getString(1), instant(row, 2), row.getString(3), row.getLong(4));
    }

    /** What is away of each invoice's money, in cents. */
    Map<String, Long> takenOf(Set<String> invoices) {
        return taken(REVERSALS, invoices);
    }

    Map<String, Long> takenOfSessions(Set<String> sessions) {
        return taken(REVERSALS_OF_SESSIONS, sessions);
    }

    private Map<String, Long> taken(String sql, Set<String> ids) {
        Map<String, Long> taken = new HashMap<>();
        if (ids.isEmpty()) {
            return taken;
        }
        record Paid(String purchaseId, String paymentId, long refundedCents, long refundedSeconds) {}
        Map<Paid, List<Reversal>> reversals = new HashMap<>();
        jdbc.query(new SetStatement<>(sql, ids).with("text", id -> id), row -> {
            Paid paid = new Paid(row.getString(1), row.getString(2), row.getLong(3), row.getLong(9));
            List<Reversal> ofPayment = reversals.computeIfAbsent(paid, _ -> new ArrayList<>());
            if (row.getString(4) != null) {
                ofPayment.add(reversal(paid.paymentId(), row));
            }
        });
        reversals.forEach((paid, ofPayment) -> taken.merge(
                paid.purchaseId(),
                TakenBack.cents(paid.refundedCents(), paid.refundedSeconds(), ofPayment),
                Math::addExact));
        return taken;
    }

    private static Reversal reversal(String paymentId, ResultSet row) throws SQLException {
        return new Reversal(
                paymentId,
                null,
                Kind.ofColumn(row.getString(5)),
                row.getString(4),
                row.getLong(6),
                0,
                row.getBoolean(7),
                row.getBoolean(8),
                row.getLong(10),
                row.getLong(11));
    }

    void saveRevoked(Collection<Period> periods) {
        if (!periods.isEmpty()) {
            jdbc.update(new SetStatement<>(SAVE_REVOKED, periods)
                    .with("text", Period::subscriptionId)
                    .with("timestamptz", Period::end)
                    .withLongs(period -> period.revoked().credits())
                    .withLongs(period -> period.revoked().lapsed())
                    .with("bool", Period::reversed));
        }
    }

    /** Of those of some invoices and sessions that are applied and paid; read after their payments were locked. */
    List<CashReturned> cashBack(List<String> purchases) {
        return purchases.isEmpty()
                ? List.of()
                : jdbc.query(
                        new SetStatement<>(CASH_BACK, purchases).with("text", id -> id),
                        (row, number) -> new CashReturned(
                                row.getObject(1, UUID.class), row.getString(2), row.getLong(3), row.getLong(4)));
    }

    void close(Set<String> payments) {
        if (!payments.isEmpty()) {
            jdbc.update(new SetStatement<>(CLOSE, payments).with("text", id -> id));
        }
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
