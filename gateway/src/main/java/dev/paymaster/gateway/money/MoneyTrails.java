package dev.paymaster.gateway.money;

import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.http.Rows;
import dev.paymaster.gateway.money.Step.CashIn;
import dev.paymaster.gateway.money.Step.CashOut;
import dev.paymaster.gateway.money.Step.Granted;
import dev.paymaster.gateway.money.Step.Moved;
import dev.paymaster.gateway.money.Step.Owed;
import dev.paymaster.gateway.users.Caller;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What the workers' views know of a job's money. Thread-safe. */
@Repository
class MoneyTrails {
    private static final String JOB = """
            SELECT id, status, shadow, credit_cost, payout_cents, sender, receiver FROM api.job
            WHERE id = :job AND (:admin OR sender = :viewer OR receiver = :viewer)""";

    /** The lots that the job drew from, each with what bought it. */
    private static final String LOTS = """
            SELECT l.id, l.source, l.source_ref, l.granted, l.revenue_cents, l.opened, g.recorded_at, i.event_id
            FROM (SELECT DISTINCT user_id, lot_id FROM api.entry WHERE job_id = :job AND kind = 'hold') drawn
            JOIN api.lot_cash l ON l.user_id = drawn.user_id AND l.id = drawn.lot_id
            JOIN api.entry g ON g.user_id = l.user_id AND g.sequence = l.opened
            LEFT JOIN api.applied_invoice i ON l.source_ref LIKE 'invoice:%'
                AND i.invoice_id = split_part(split_part(l.source_ref, ':', 2), '/', 1)
            ORDER BY l.opened""";

    private static final String MOVES = """
            SELECT kind, recorded_at, amount, lot_id, sequence FROM api.entry WHERE job_id = :job ORDER BY sequence""";

    private static final String PAYOUT = """
            SELECT id, amount_cents, status, reason, created_at FROM api.payout WHERE job_id = :job""";

    /**
     * Each transfer of the payout, the last one perhaps taken back in part, those before it wholly. made: where the log has
     * it; what was found again, and not made by a call of ours, isn't there. back: the last time before the next transfer
     * that some of it came back.
     */
    private static final String TRANSFERS = """
            SELECT p.id, p.amount_cents, t.id AS transfer_id, CASE WHEN t.last THEN p.account_id END AS account_id,
                   coalesce(made.at, back.at, p.updated_at) AS paid_at,
                   CASE WHEN NOT t.last OR p.status = 'reversed' THEN p.amount_cents
                        ELSE coalesce(p.back_cents, 0) END AS back_cents,
                   greatest(made.at, coalesce(back.at, p.updated_at)) AS back_at
            FROM api.payout p
            CROSS JOIN LATERAL (
                SELECT id, false AS last, place FROM unnest(p.taken_back) WITH ORDINALITY AS earlier (id, place)
                UNION ALL SELECT p.transfer_id, true, cardinality(p.taken_back) + 1 WHERE p.transfer_id IS NOT NULL) t
            LEFT JOIN LATERAL (
                SELECT a.number, a.at FROM api.payout_attempt a
                WHERE a.payout_id = coalesce(p.batch_id, p.id) AND a.transfer_id = t.id) made ON true
            LEFT JOIN LATERAL (
                SELECT max(a.at) AS at FROM api.payout_attempt a
                WHERE a.payout_id = coalesce(p.batch_id, p.id) AND a.outcome IN ('reversed', 'partly_reversed')
                  AND a.number > made.number
                  AND a.number < ALL (SELECT n.number FROM api.payout_attempt n
                                      WHERE n.payout_id = a.payout_id AND n.transfer_id IS NOT NULL AND n.number > made.number)
                ) back ON true
            WHERE p.job_id = :job ORDER BY t.place""";

    private final DatabaseClient database;

    MoneyTrails(DatabaseClient database) {
        this.database = database;
    }

    private record Found(
            Trail.Head head, UUID sender, @Nullable UUID receiver) {}

    /** What the caller may see; 404 for whoever has nothing to do with the job. */
    Mono<Trail> of(UUID jobId, Caller caller) {
        return database.sql(JOB)
                .bind("job", jobId)
                .bind("admin", caller.admin())
                .bind("viewer", caller.id())
                .map(MoneyTrails::job)
                .one()
                .flatMap(found -> Mono.justOrEmpty(Viewer.of(caller, found.sender(), found.receiver()))
                        .flatMap(viewer -> steps(jobId).map(steps -> Trail.of(found.head(), steps, viewer))))
                .switchIfEmpty(Mono.error(() -> Problem.notFound("job")));
    }

    private Mono<List<Step>> steps(UUID jobId) {
        return Flux.concat(
                        rows(LOTS, jobId, MoneyTrails::lot),
                        rows(MOVES, jobId, MoneyTrails::move),
                        rows(PAYOUT, jobId, MoneyTrails::payout),
                        rows(TRANSFERS, jobId, MoneyTrails::transfer))
                .collectList();
    }

    private Flux<Step> rows(String sql, UUID jobId, Function<Readable, List<Step>> steps) {
        return database.sql(sql).bind("job", jobId).map(steps).all().flatMapIterable(found -> found);
    }

    private static Found job(Readable row) {
        return new Found(
                new Trail.Head(
                        Rows.required(row, "id", UUID.class),
                        Rows.text(row, "status"),
                        Rows.required(row, "shadow", Boolean.class),
                        Rows.number(row, "credit_cost"),
                        Rows.number(row, "payout_cents")),
                Rows.required(row, "sender", UUID.class),
                row.get("receiver", UUID.class));
    }

    private static List<Step> lot(Readable row) {
        UUID lotId = Rows.required(row, "id", UUID.class);
        Instant at = Rows.required(row, "recorded_at", Instant.class);
        String ref = Rows.text(row, "source_ref");
        Step granted = new Granted(
                Granted.STEP,
                at,
                Rows.number(row, "granted"),
                lotId,
                Rows.text(row, "source"),
                ref,
                Rows.number(row, "opened"));
        String step = boughtBy(ref);
        if (step == null) {
            return List.of(granted);
        }
        long cents = Rows.number(row, "revenue_cents");
        return List.of(new CashIn(step, at, cents, boughtIn(ref), row.get("event_id", String.class), lotId), granted);
    }

    /** References begin with what they are of; a gift has nothing before it. */
    private static @Nullable String boughtBy(String ref) {
        if (ref.startsWith("invoice:")) {
            return "invoice";
        }
        return ref.startsWith("session:") ? "topup" : null;
    }

    /** {@code invoice:in_1/2} is the second lot of invoice {@code in_1}. */
    private static String boughtIn(String ref) {
        String id = ref.substring(ref.indexOf(':') + 1);
        int further = id.indexOf('/');
        return further < 0 ? id : id.substring(0, further);
    }

    private static List<Step> move(Readable row) {
        return List.of(new Moved(
                Rows.text(row, "kind"),
                Rows.required(row, "recorded_at", Instant.class),
                Rows.number(row, "amount"),
                row.get("lot_id", UUID.class),
                Rows.number(row, "sequence")));
    }

    private static List<Step> payout(Readable row) {
        return List.of(new Owed(
                Owed.STEP,
                Rows.required(row, "created_at", Instant.class),
                Rows.number(row, "amount_cents"),
                Rows.required(row, "id", UUID.class),
                Rows.text(row, "status"),
                row.get("reason", String.class)));
    }

    private static List<Step> transfer(Readable row) {
        UUID id = Rows.required(row, "id", UUID.class);
        String transfer = Rows.text(row, "transfer_id");
        String account = row.get("account_id", String.class);
        Step made = new CashOut(
                CashOut.TRANSFER,
                Rows.required(row, "paid_at", Instant.class),
                Rows.number(row, "amount_cents"),
                id,
                transfer,
                account);
        long back = Rows.number(row, "back_cents");
        return back == 0
                ? List.of(made)
                : List.of(
                        made,
                        new CashOut(
                                CashOut.REVERSAL,
                                Rows.required(row, "back_at", Instant.class),
                                back,
                                id,
                                transfer,
                                account));
    }
}
