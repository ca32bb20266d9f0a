package dev.paymaster.gateway.proof;

import dev.paymaster.gateway.http.Rows;
import dev.paymaster.gateway.proof.PaidInvoice.Applied;
import dev.paymaster.gateway.proof.PaidInvoice.Claimed;
import dev.paymaster.gateway.proof.PaidInvoice.Period;
import dev.paymaster.gateway.proof.PaidPack.TopUp;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What is known here of a page of Stripe's. Thread-safe. */
@Repository
class OurSide {
    /** Twice what a page of Stripe's has: as a rule, all that were paid in its time. */
    static final int MOST_PAID = 200;

    private static final String INVOICES = """
            SELECT i.invoice_id, i.user_id, i.cash_cents, i.applied_at, p.subscription_id, p.period_end, p.tier, p.credits
            FROM api.applied_invoice i
            LEFT JOIN (
                SELECT invoice_id, subscription_id, period_end, coalesce(tier, '') AS tier, credits - above AS credits
                FROM api.invoice_claim WHERE invoice_id = ANY (:ids)
                UNION ALL
                SELECT invoice_id, subscription_id, period_end, NULL, NULL
                FROM api.given_back WHERE invoice_id = ANY (:ids)) p USING (invoice_id)
            WHERE i.invoice_id = ANY (:ids)""";

    /**
     * Purchases of which these payments took something back, with fewer or more credits revoked than go with the money: of a pack
     * its part, rounded down; of a period, for each step from one tier to the next, the part of the invoice that is left with most
     * of it, or all if unused time that was given back is all that is left. That goes from invoice to invoice, from the highest tier
     * down. Written down here a second time, independently of credit-worker. A payment that changed just now may be under review, and
     * so may a period for which something was billed or given back just now.
     */
    private static final String REVOKED = """
            WITH purchase AS (
                SELECT DISTINCT invoice_id, session_id FROM api.payment WHERE payment_id = ANY (:payments)),
            period AS (
                SELECT p.subscription_id, p.period_end, coalesce(sum(g.cents), 0) AS given, bool_or(i.applied_at > :settled) AS fresh
                FROM (SELECT DISTINCT c.subscription_id, c.period_end FROM purchase JOIN api.invoice_claim c USING (invoice_id)) p
                LEFT JOIN api.given_back g USING (subscription_id, period_end)
                LEFT JOIN api.applied_invoice i ON i.invoice_id = g.invoice_id
                GROUP BY p.subscription_id, p.period_end),
            claim AS (
                SELECT p.*, c.invoice_id, c.above, c.credits, i.paid_cents, away.cents, c.paid_cents AS for_period,
                       CASE WHEN i.paid_cents = 0 THEN c.paid_cents
                            ELSE div(c.paid_cents * greatest(0, i.paid_cents - away.cents), i.paid_cents) END AS left_cents,
                       away.under_review OR p.fresh OR i.applied_at > :settled AS under_review
                FROM period p JOIN api.invoice_claim c USING (subscription_id, period_end)
                JOIN api.applied_invoice i USING (invoice_id)
                CROSS JOIN LATERAL (
                    SELECT coalesce(sum(p.away_cents), 0) AS cents, bool_or(%1$s) AS under_review
                    FROM api.payment p WHERE p.invoice_id = c.invoice_id) away),
            share AS (
                SELECT *, sum(left_cents) OVER (PARTITION BY subscription_id, period_end) AS left_in_all,
                       sum(left_cents) OVER (
                           PARTITION BY subscription_id, period_end ORDER BY credits DESC, left_cents, for_period, invoice_id)
                       AS left_upto
                FROM claim),
            edge AS (
                SELECT DISTINCT subscription_id, period_end, unnest(ARRAY[above, credits]) AS at FROM claim),
            piece AS (
                SELECT *, lead(at) OVER (PARTITION BY subscription_id, period_end ORDER BY at) AS upto FROM edge),
            payer AS (
                SELECT p.*, c.paid_cents, c.cents, greatest(1, c.for_period) AS for_period,
                       least(c.given, c.left_upto) - least(c.given, c.left_upto - c.left_cents) AS given,
                       c.given > 0 AND c.given >= c.left_in_all AS nothing_left,
                       rank() OVER (PARTITION BY p.subscription_id, p.period_end, p.at ORDER BY c.credits) AS nearest
                FROM piece p JOIN share c USING (subscription_id, period_end)
                WHERE c.above <= p.at AND c.credits >= p.upto),
            step AS (
                SELECT subscription_id, period_end, at,
                       min(CASE WHEN nothing_left THEN upto - at
                                WHEN paid_cents = 0 THEN 0
                                ELSE least(upto - at, div((upto - at) * (cents * for_period + given * paid_cents),
                                                          paid_cents * for_period)) END) AS revoked
                FROM payer WHERE nearest = 1 GROUP BY subscription_id, period_end, at)
            SELECT subscription_id || ' until ' || period_end AS subject, e.revoked, sum(s.revoked)::bigint AS due
            FROM step s JOIN api.paid_period e USING (subscription_id, period_end)
            WHERE NOT EXISTS (
                SELECT FROM claim c WHERE c.under_review
                AND (c.subscription_id, c.period_end) = (s.subscription_id, s.period_end))
            GROUP BY subscription_id, period_end, e.revoked
            HAVING e.revoked <> sum(s.revoked)
            UNION ALL
            SELECT session_id, t.revoked, CASE WHEN t.paid_cents = 0 THEN 0
                       ELSE least(t.credits, div(t.credits * away.cents, t.paid_cents)) END::bigint AS due
            FROM purchase JOIN api.top_up t USING (session_id)
            CROSS JOIN LATERAL (
                SELECT coalesce(sum(p.away_cents), 0) AS cents, bool_or(%1$s) AS under_review
                FROM api.payment p WHERE p.session_id = t.session_id) away
            WHERE under_review IS NOT TRUE
              AND t.revoked <> CASE WHEN t.paid_cents = 0 THEN 0
                                    ELSE least(t.credits, div(t.credits * away.cents, t.paid_cents)) END""".formatted("p.open AND p.changed_at > :settled");

    private final DatabaseClient database;

    OurSide(DatabaseClient database) {
        this.database = database;
    }

    /** By job. */
    Mono<Map<UUID, Payout>> payoutsOf(List<StripeTransfer> transfers) {
        UUID[] jobs = transfers.stream()
                .flatMap(transfer -> transfer.jobId().stream())
                .distinct()
                .toArray(UUID[]::new);
        return payouts(database.sql(Payout.COLUMNS + " WHERE job_id = ANY (:jobs)")
                        .bind("jobs", jobs))
                .collectMap(Payout::jobId);
    }

    /**
     * The last payouts that were paid, each by a transfer of its own, from one time until just before another; {@link #MOST_PAID} of
     * them at least, if there are as many. Null: until now.
     */
    Mono<List<Payout>> paidBetween(Instant from, @Nullable Instant until) {
        DatabaseClient.GenericExecuteSpec statement = database.sql(Payout.COLUMNS
                        + " WHERE status = 'paid' AND batch_id IS NULL AND updated_at >= :from"
                        + (until == null ? "" : " AND updated_at < :until")
                        + " ORDER BY updated_at DESC FETCH FIRST " + MOST_PAID + " ROWS WITH TIES")
                .bind("from", from);
        return payouts(until == null ? statement : statement.bind("until", until))
                .collectList();
    }

    private static Flux<Payout> payouts(DatabaseClient.GenericExecuteSpec statement) {
        return statement.map(Payout::of).all();
    }

    /**
     * Those of our transfers of which payouts don't know that so much has been taken back. What a payout was made with once and
     * isn't any more, and a second transfer beside the one that counts, change nothing.
     */
    Mono<Set<String>> notKnownAsTakenBack(List<StripeTransfer> transfers) {
        List<StripeTransfer> ours = transfers.stream()
                .filter(transfer -> transfer.jobId().isPresent())
                .toList();
        return database.sql("""
                        SELECT t.id FROM unnest(:ids, :jobs, :cents) AS t (id, job_id, back_cents)
                        JOIN api.payout p USING (job_id)
                        WHERE t.id <> ALL (p.taken_back) AND (p.transfer_id = t.id OR (p.transfer_id IS NULL AND p.taken_back = '{}'))
                          AND coalesce(p.reversed_cents, 0) < t.back_cents""")
                .bind("ids", ours.stream().map(StripeTransfer::id).toArray(String[]::new))
                .bind(
                        "jobs",
                        ours.stream().map(each -> each.jobId().orElseThrow()).toArray(UUID[]::new))
                .bind("cents", ours.stream().map(StripeTransfer::backCents).toArray(Long[]::new))
                .map(row -> Rows.text(row, "id"))
                .all()
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Those that are applied, or wait for their user. */
    Mono<Map<String, Applied>> invoices(List<PaidInvoice> invoices) {
        String[] ids = ids(invoices, PaidInvoice::id);
        Mono<Map<String, Applied>> applied = database.sql(INVOICES)
                .bind("ids", ids)
                .map(row -> Map.entry(Rows.text(row, "invoice_id"), applied(row)))
                .all()
                .collect(HashMap::new, (found, row) -> found.merge(row.getKey(), row.getValue(), Applied::and));
        Mono<Map<String, Applied>> parked = database.sql(
                        "SELECT invoice_id, customer_id, parked_at FROM api.parked_invoice WHERE invoice_id = ANY (:ids)")
                .bind("ids", ids)
                .map(row -> Map.entry(
                        Rows.text(row, "invoice_id"),
                        Applied.parked(Rows.text(row, "customer_id"), Rows.required(row, "parked_at", Instant.class))))
                .all()
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
        return Mono.zip(applied, parked, (found, waiting) -> {
            waiting.forEach(found::putIfAbsent);
            return found;
        });
    }

    /** One claim of an invoice, or one period that it gives something back for. */
    private static Applied applied(Readable row) {
        String subscription = row.get("subscription_id", String.class);
        String tier = row.get("tier", String.class);
        Set<Period> periods = subscription == null
                ? Set.of()
                : Set.of(new Period(subscription, Rows.required(row, "period_end", Instant.class)));
        Map<Period, Claimed> claims = tier == null
                ? Map.of()
                : Map.of(periods.iterator().next(), new Claimed(tier, Rows.number(row, "credits")));
        return new Applied(
                row.get("user_id", UUID.class),
                row.get("cash_cents", Long.class),
                Rows.required(row, "applied_at", Instant.class),
                claims,
                tier == null ? periods : Set.of());
    }

    Mono<Map<String, TopUp>> topUps(List<PaidPack> packs) {
        return database.sql(
                        "SELECT session_id, user_id, credits, paid_cents FROM api.top_up WHERE session_id = ANY (:ids)")
                .bind("ids", ids(packs, PaidPack::id))
                .map(row -> Map.entry(
                        Rows.text(row, "session_id"),
                        new TopUp(
                                Rows.required(row, "user_id", UUID.class),
                                Rows.number(row, "credits"),
                                Rows.number(row, "paid_cents"))))
                .all()
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    Mono<Map<String, MoneyBack.Recorded>> recorded(List<MoneyBack> all) {
        return database.sql("""
                        SELECT reversal_id, amount_cents, taken, returned FROM api.reversal
                        WHERE payment_id = ANY (:payments) AND reversal_id = ANY (:ids)""")
                .bind("payments", ids(all, MoneyBack::payment))
                .bind("ids", ids(all, MoneyBack::id))
                .map(row -> Map.entry(
                        Rows.text(row, "reversal_id"),
                        new MoneyBack.Recorded(
                                Rows.number(row, "amount_cents"),
                                Rows.required(row, "taken", Boolean.class),
                                Rows.required(row, "returned", Boolean.class))))
                .all()
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    /** Of what the payments of these paid for, that of which not so many credits were taken back as money came back. */
    Mono<List<Difference>> notTakenBack(List<MoneyBack> all, Grace grace) {
        return database.sql(REVOKED)
                .bind("payments", ids(all, MoneyBack::payment))
                .bind("settled", grace.now().minus(grace.span()))
                .map(row -> new Difference(
                        "credits_go_with_their_money",
                        Rows.text(row, "subject"),
                        Rows.number(row, "revoked") + " credits are revoked, and " + Rows.number(row, "due")
                                + " go with the money that came back"))
                .all()
                .collectList();
    }

    private static <T> String[] ids(List<T> of, Function<T, String> id) {
        return of.stream().map(id).distinct().toArray(String[]::new);
    }
}
