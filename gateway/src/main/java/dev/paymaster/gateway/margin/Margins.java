package dev.paymaster.gateway.margin;

import dev.paymaster.gateway.database.LongReads;
import dev.paymaster.gateway.http.Page;
import dev.paymaster.gateway.http.PageRequest;
import dev.paymaster.gateway.http.Rows;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;

/** Cash against payouts, from the workers' views. Thread-safe. */
@Repository
class Margins {
    /** All transfers of ten million rows are summed in less. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /**
     * Every lot with the month of its grant, the tier that its invoice was paid for (or what else it came from), the cash that bought it and what has come back of that: of each invoice its part,
     * rounded down. Further lots of an invoice are numbered after the first, and further invoices of a lot's period opened none
     * of their own. The filter takes the place of {@code %s}.
     */
    private static final String LOTS = """
            WITH cash AS (
                SELECT c.lot_ref, sum(c.revenue_cents)::bigint AS revenue_cents,
                       sum(coalesce(div(c.revenue_cents::numeric * r.returned_cash_cents, nullif(r.cash_cents, 0)), 0))::bigint
                           AS returned_cents
                FROM (SELECT source_ref AS lot_ref, source_ref, revenue_cents FROM api.lot_cash
                      UNION ALL SELECT lot_ref, source_ref, revenue_cents FROM api.further_cash) c
                LEFT JOIN api.returned_cash r ON r.source_ref = split_part(c.source_ref, '/', 1)
                GROUP BY c.lot_ref),
            lot AS (
                SELECT l.user_id, l.id, l.source_ref, l.granted, l.remaining, cash.revenue_cents,
                       cash.returned_cents, CASE l.source WHEN 'invoice' THEN coalesce(c.tier, 'other') ELSE l.source END AS tier,
                       to_char(g.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM') AS month
                FROM api.lot_cash l JOIN api.entry g ON g.user_id = l.user_id AND g.sequence = l.opened
                JOIN cash ON cash.lot_ref = l.source_ref
                LEFT JOIN api.invoice_claim c ON l.source_ref =
                    'invoice:' || c.invoice_id || CASE c.number WHEN 1 THEN '' ELSE '/' || c.number END
                WHERE %s),
            """;

    /**
     * What was spent of each lot, and its part of the payouts of the jobs that it was spent on. A job that drew from several
     * lots costs each its part, and the parts add up to the cent; so do those that a batch's payouts have in what was taken back
     * of it.
     */
    private static final String COSTS = """
            spent AS (
                SELECT c.user_id, c.lot_id, c.job_id, c.amount,
                       (sum(c.amount) OVER (PARTITION BY c.job_id ORDER BY c.sequence))::bigint AS upto,
                       (sum(c.amount) OVER (PARTITION BY c.job_id))::bigint AS whole
                FROM api.entry c WHERE c.kind = 'capture'%s),
            cost AS (
                SELECT s.user_id, s.lot_id, sum(s.amount)::bigint AS captured,
                       coalesce(sum(part.cents) FILTER (WHERE p.status = 'paid'), 0)::bigint AS paid_cents,
                       coalesce(sum(part.cents) FILTER (WHERE p.status NOT IN ('paid', 'reversed')), 0)::bigint
                           AS owed_cents
                FROM spent s LEFT JOIN api.payout p ON p.job_id = s.job_id
                CROSS JOIN LATERAL (
                    SELECT p.amount_cents - CASE p.status WHEN 'paid' THEN coalesce(p.back_cents, 0) ELSE 0 END AS cents) net
                CROSS JOIN LATERAL (SELECT net.cents * s.upto / s.whole
                                         - net.cents * (s.upto - s.amount) / s.whole AS cents) part
                GROUP BY s.user_id, s.lot_id)
            """;

    private static final String BY_TIER = LOTS + COSTS.formatted("") + """
            SELECT l.month, l.tier, count(*) AS lots, sum(l.granted)::bigint AS granted, sum(l.remaining)::bigint AS remaining,
                   coalesce(sum(c.captured), 0)::bigint AS captured, sum(l.revenue_cents)::bigint AS revenue_cents,
                   sum(l.returned_cents)::bigint AS returned_cents,
                   coalesce(sum(c.paid_cents), 0)::bigint AS paid_cents,
                   coalesce(sum(c.owed_cents), 0)::bigint AS owed_cents
            FROM lot l LEFT JOIN cost c ON c.user_id = l.user_id AND c.lot_id = l.id
            GROUP BY 1, 2 ORDER BY 1 DESC, 2""";

    private static final String BY_LOT = LOTS + """
            page AS (SELECT * FROM lot WHERE :cursor::uuid IS NULL OR id < :cursor ORDER BY id DESC LIMIT :rows),
            """ + COSTS.formatted("""
             AND c.job_id IN (
                    SELECT e.job_id FROM page JOIN api.entry e
                        ON e.user_id = page.user_id AND e.lot_id = page.id AND e.kind = 'capture')""") + """
            SELECT l.*, coalesce(c.captured, 0) AS captured, coalesce(c.paid_cents, 0) AS paid_cents,
                   coalesce(c.owed_cents, 0) AS owed_cents
            FROM page l LEFT JOIN cost c ON c.user_id = l.user_id AND c.lot_id = l.id ORDER BY l.id DESC""";

    private static final String ALL = "true";
    private static final String ONE_MONTH = "g.recorded_at >= :from AND g.recorded_at < :until";

    private final DatabaseClient database;
    private final LongReads reads;

    Margins(DatabaseClient database, LongReads reads) {
        this.database = database;
        this.reads = reads;
    }

    /**
     * Credits and cents of some lots.
     *
     * @param creditsLeft neither spent nor held; what they will cost is not in the margin yet
     * @param returnedCents of the revenue, what has come back and stayed away: refunds and disputes
     * @param paidCents of payouts that were made and have not come back
     * @param owedCents of payouts that are still to be made
     * @param marginCents revenue, less what is returned, paid and owed
     */
    record Figures(
            long creditsGranted,
            long creditsCaptured,
            long creditsLeft,
            long revenueCents,
            long returnedCents,
            long paidCents,
            long owedCents,
            long marginCents) {
        static final Figures NONE = new Figures(0, 0, 0, 0, 0, 0, 0, 0);

        static Figures of(Readable row) {
            long revenue = Rows.number(row, "revenue_cents");
            long returned = Rows.number(row, "returned_cents");
            long paid = Rows.number(row, "paid_cents");
            long owed = Rows.number(row, "owed_cents");
            return new Figures(
                    Rows.number(row, "granted"),
                    Rows.number(row, "captured"),
                    Rows.number(row, "remaining"),
                    revenue,
                    returned,
                    paid,
                    owed,
                    revenue - returned - paid - owed);
        }

        Figures plus(Figures other) {
            return new Figures(
                    creditsGranted + other.creditsGranted,
                    creditsCaptured + other.creditsCaptured,
                    creditsLeft + other.creditsLeft,
                    revenueCents + other.revenueCents,
                    returnedCents + other.returnedCents,
                    paidCents + other.paidCents,
                    owedCents + other.owedCents,
                    marginCents + other.marginCents);
        }
    }

    /** All lots of one kind that were granted in one month. */
    record TierMonth(String month, String tier, long lots, Figures figures) {}

    /** One lot. */
    record LotMargin(UUID lotId, UUID userId, String month, String tier, String ref, Figures figures) {}

    /** @param month null: all */
    Mono<List<TierMonth>> byTier(@Nullable YearMonth month) {
        return reads.of(
                LIMIT,
                () -> filtered(BY_TIER, month).map(Margins::tierMonth).all().collectList());
    }

    /**
     * Newest first.
     *
     * @param month null: all
     */
    Mono<Page<LotMargin>> byLot(@Nullable YearMonth month, PageRequest page) {
        UUID cursor = page.idCursor();
        return reads.of(LIMIT, () -> {
            DatabaseClient.GenericExecuteSpec statement =
                    filtered(BY_LOT, month).bind("rows", page.toFetch());
            statement = cursor == null ? statement.bindNull("cursor", UUID.class) : statement.bind("cursor", cursor);
            return statement
                    .map(Margins::lot)
                    .all()
                    .collectList()
                    .map(lots -> Page.of(lots, page, lot -> lot.lotId().toString()));
        });
    }

    private DatabaseClient.GenericExecuteSpec filtered(String sql, @Nullable YearMonth month) {
        return month == null
                ? database.sql(sql.formatted(ALL))
                : database.sql(sql.formatted(ONE_MONTH))
                        .bind("from", month.atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC))
                        .bind(
                                "until",
                                month.plusMonths(1).atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC));
    }

    private static TierMonth tierMonth(Readable row) {
        return new TierMonth(
                Rows.text(row, "month"), Rows.text(row, "tier"), Rows.number(row, "lots"), Figures.of(row));
    }

    private static LotMargin lot(Readable row) {
        return new LotMargin(
                Rows.required(row, "id", UUID.class),
                Rows.required(row, "user_id", UUID.class),
                Rows.text(row, "month"),
                Rows.text(row, "tier"),
                Rows.text(row, "source_ref"),
                Figures.of(row));
    }
}
