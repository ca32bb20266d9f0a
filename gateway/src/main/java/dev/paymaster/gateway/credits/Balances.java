package dev.paymaster.gateway.credits;

import dev.paymaster.gateway.http.Page;
import dev.paymaster.gateway.http.PageRequest;
import dev.paymaster.gateway.http.Rows;
import dev.paymaster.gateway.stripe.StripeSettings;
import io.r2dbc.spi.Readable;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;

/** Accounts as the ledger shows them. Thread-safe. */
@Repository
class Balances {
    /** The lots that are spent next; nobody has many. */
    private static final int MAX_LOTS = 100;

    private final DatabaseClient database;
    private final StripeSettings stripe;
    private final Clock clock;

    Balances(DatabaseClient database, StripeSettings stripe, Clock clock) {
        this.database = database;
        this.clock = clock;
        this.stripe = stripe;
    }

    /**
     * A balance, in whole credits. What has lapsed is not in it, whether or not the ledger has written it off yet.
     *
     * @param enforced whether jobs need credits at all: not while Stripe is off
     * @param lots what is left of each grant, in the order in which they are spent
     */
    record Balance(long available, long held, long debt, boolean enforced, List<LotLeft> lots) {}

    record LotLeft(
            UUID id,
            String source,
            String ref,
            long granted,
            long remaining,
            @Nullable Instant periodStart,
            @Nullable Instant expiresAt) {}

    /** A line of the statement, with the balances after it. */
    record Entry(
            long sequence,
            String kind,
            long amount,
            @Nullable UUID lotId,
            @Nullable UUID jobId,
            String ref,
            long available,
            long held,
            long debt,
            Instant recordedAt) {}

    Mono<Boolean> isUser(UUID userId) {
        return database.sql("SELECT EXISTS (SELECT 1 FROM identity.app_user WHERE id = :user) AS known")
                .bind("user", userId)
                .map(row -> Rows.required(row, "known", Boolean.class))
                .one();
    }

    /** Balance and lots of one moment: they come from one statement. */
    Mono<Balance> of(UUID userId) {
        return database.sql("""
                        SELECT b.available - lapsed.credits AS available, b.held, b.debt,
                               l.id, l.source, l.source_ref, l.granted, l.remaining, l.period_start, l.expires_at
                        FROM api.balance b
                        CROSS JOIN LATERAL (
                            SELECT coalesce(sum(remaining), 0)::bigint AS credits FROM api.lot
                            WHERE user_id = b.user_id AND expires_at <= :now) lapsed
                        LEFT JOIN api.lot l ON l.user_id = b.user_id AND l.remaining > 0
                            AND (l.expires_at IS NULL OR l.expires_at > :now)
                        WHERE b.user_id = :user ORDER BY l.expires_at NULLS LAST, l.opened LIMIT :lots""")
                .bind("user", userId)
                .bind("now", clock.instant())
                .bind("lots", MAX_LOTS)
                .map(row -> new Row(
                        Rows.number(row, "available"), Rows.number(row, "held"), Rows.number(row, "debt"), lot(row)))
                .all()
                .collectList()
                .map(this::balance);
    }

    Mono<Page<Entry>> entries(UUID userId, PageRequest page) {
        return database.sql("""
                        SELECT sequence, kind, amount, lot_id, job_id, ref, available, held, debt, recorded_at
                        FROM api.entry WHERE user_id = :user AND sequence < :before
                        ORDER BY sequence DESC LIMIT :rows""")
                .bind("user", userId)
                .bind("before", page.numberCursor())
                .bind("rows", page.toFetch())
                .map(Balances::entry)
                .all()
                .collectList()
                .map(entries -> Page.of(entries, page, entry -> Long.toString(entry.sequence())));
    }

    private record Row(
            long available, long held, long debt, @Nullable LotLeft lot) {}

    private Balance balance(List<Row> rows) {
        boolean enforced = stripe.isOn();
        if (rows.isEmpty()) {
            return new Balance(0, 0, 0, enforced, List.of());
        }
        Row account = rows.getFirst();
        List<LotLeft> lots =
                rows.stream().map(Row::lot).filter(Objects::nonNull).toList();
        return new Balance(account.available(), account.held(), account.debt(), enforced, lots);
    }

    private static @Nullable LotLeft lot(Readable row) {
        UUID id = row.get("id", UUID.class);
        return id == null
                ? null
                : new LotLeft(
                        id,
                        Rows.text(row, "source"),
                        Rows.text(row, "source_ref"),
                        Rows.number(row, "granted"),
                        Rows.number(row, "remaining"),
                        row.get("period_start", Instant.class),
                        row.get("expires_at", Instant.class));
    }

    private static Entry entry(Readable row) {
        return new Entry(
                Rows.number(row, "sequence"),
                Rows.text(row, "kind"),
                Rows.number(row, "amount"),
                row.get("lot_id", UUID.class),
                row.get("job_id", UUID.class),
                Rows.text(row, "ref"),
                Rows.number(row, "available"),
                Rows.number(row, "held"),
                Rows.number(row, "debt"),
                Rows.required(row, "recorded_at", Instant.class));
    }
}
