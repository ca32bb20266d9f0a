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
import java.util.ArrayList;
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
            SELECT id, status, shadow, credit_cost, payout_cents, sender, receiver FROM api.job WHERE id = :job""";

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

    /** A payout that was found again, and not made by a call of ours, has no attempt of its own. */
    private static final String PAYOUT = """
            SELECT p.id, p.amount_cents, p.status, p.reason, p.account_id, p.transfer_id, p.created_at, p.updated_at,
                   p.reversed_cents,
                   coalesce((SELECT min(a.at) FROM api.payout_attempt a
                             WHERE a.payout_id = coalesce(p.batch_id, p.id) AND a.transfer_id = p.transfer_id), p.updated_at) AS paid_at
            FROM api.payout p WHERE p.job_id = :job""";

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
                        rows(PAYOUT, jobId, MoneyTrails::payout))
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
        UUID id = Rows.required(row, "id", UUID.class);
        long cents = Rows.number(row, "amount_cents");
        String status = Rows.text(row, "status");
        Instant owedAt = Rows.required(row, "created_at", Instant.class);
        List<Step> steps = new ArrayList<>();
        steps.add(new Owed(Owed.STEP, owedAt, cents, id, status, row.get("reason", String.class)));
        String transfer = row.get("transfer_id", String.class);
        if (transfer != null) {
            String account = row.get("account_id", String.class);
            Instant paidAt = Rows.required(row, "paid_at", Instant.class);
            steps.add(new CashOut(CashOut.TRANSFER, paidAt, cents, id, transfer, account));
            Long part = row.get("reversed_cents", Long.class);
            long back = status.equals("reversed") ? cents : part == null ? 0 : part;
            if (back > 0) {
                Instant reversedAt = Rows.required(row, "updated_at", Instant.class);
                steps.add(new CashOut(CashOut.REVERSAL, reversedAt, back, id, transfer, account));
            }
        }
        return steps;
    }
}
