package dev.paymaster.gateway.payouts;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.paymaster.events.payout.PayoutSnapshot;
import dev.paymaster.events.payout.PayoutStatus;
import dev.paymaster.gateway.http.Page;
import dev.paymaster.gateway.http.PageRequest;
import dev.paymaster.gateway.http.Rows;
import dev.paymaster.gateway.users.Caller;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;

/** Payouts as payout-worker shows them. Thread-safe. */
@Repository
class PayoutList {
    private static final String COLUMNS = """
            SELECT id, job_id, receiver, amount_cents, status, reason, detail, attempt, next_attempt_at, account_id,
                   transfer_id, created_at, updated_at, back_cents AS reversed_cents, release_at, batch_id, jobs,
                   shared_fingerprint
            FROM api.payout""";

    /** Sender and receiver have used the same card or bank account. */
    private static final String SHARED_FINGERPRINT = "shared_fingerprint";

    private final DatabaseClient database;

    PayoutList(DatabaseClient database) {
        this.database = database;
    }

    /**
     * A payout.
     *
     * @param flags what an administrator should look at; absent: nothing
     */
    record Listed(
            @JsonUnwrapped PayoutSnapshot payout, @Nullable List<String> flags) {}

    /**
     * A payout with the log of its calls to Stripe, oldest first.
     *
     * @param jobIds the jobs that it pays together; absent when it pays one
     */
    record Detailed(
            @JsonUnwrapped PayoutSnapshot payout,
            @Nullable List<String> flags,
            @Nullable List<UUID> jobIds,
            List<Attempt> attempts) {}

    /**
     * One call to Stripe, or one and its immediate repetition, or what Stripe told by itself.
     *
     * @param at when the outcome was applied
     * @param key the idempotency key that it used
     * @param outcome what Stripe's answer, or the lack of one, means
     * @param detail what Stripe said; for administrators
     * @param transferId where it is told of for the first time
     * @param nextStep what happened next because of it
     * @param calledAt when Stripe was called, the first time; absent: it wasn't, or nobody wrote it down
     * @param calls how many calls there were, if more than one
     */
    record Attempt(
            int number,
            String key,
            Instant at,
            String outcome,
            @Nullable String detail,
            @Nullable String transferId,
            String nextStep,
            @Nullable Instant calledAt,
            @Nullable Integer calls) {}

    /** Empty also for whoever isn't its receiver: in the query, so that it takes as long as when there is none. */
    Mono<Listed> find(UUID id, Caller viewer) {
        return database.sql(COLUMNS + " WHERE id = :id AND (:admin OR receiver = :viewer)")
                .bind("id", id)
                .bind("admin", viewer.admin())
                .bind("viewer", viewer.id())
                .map(PayoutList::listed)
                .one();
    }

    /** @param receiver whose payouts; null: everybody's */
    Mono<Page<Listed>> page(@Nullable UUID receiver, PageRequest page) {
        UUID cursor = page.idCursor();
        DatabaseClient.GenericExecuteSpec statement = database.sql(COLUMNS + " WHERE true"
                        + (receiver == null ? "" : " AND receiver = :receiver")
                        + (cursor == null ? "" : " AND id < :cursor")
                        + " ORDER BY id DESC LIMIT :rows")
                .bind("rows", page.toFetch());
        if (receiver != null) {
            statement = statement.bind("receiver", receiver);
        }
        if (cursor != null) {
            statement = statement.bind("cursor", cursor);
        }
        return statement
                .map(PayoutList::listed)
                .all()
                .collectList()
                .map(payouts ->
                        Page.of(payouts, page, listed -> listed.payout().id().toString()));
    }

    Mono<Detailed> detailed(Listed listed) {
        return jobIds(listed.payout())
                .flatMap(jobIds -> attempts(listed.payout().id())
                        .map(attempts -> new Detailed(
                                listed.payout(), listed.flags(), jobIds.isEmpty() ? null : jobIds, attempts)));
    }

    /** Empty when it pays one. */
    private Mono<List<UUID>> jobIds(PayoutSnapshot payout) {
        return payout.jobs() == null
                ? Mono.just(List.of())
                : database.sql("SELECT job_id FROM api.payout WHERE batch_id = :id ORDER BY job_id")
                        .bind("id", payout.id())
                        .map(row -> Rows.required(row, "job_id", UUID.class))
                        .all()
                        .collectList();
    }

    private Mono<List<Attempt>> attempts(UUID id) {
        return database.sql("""
                        SELECT number, key, at, outcome, detail, transfer_id, next_step, called_at, calls
                        FROM api.payout_attempt WHERE payout_id = :id ORDER BY number""")
                .bind("id", id)
                .map(row -> new Attempt(
                        Rows.required(row, "number", Integer.class),
                        Rows.text(row, "key"),
                        Rows.required(row, "at", Instant.class),
                        Rows.text(row, "outcome"),
                        Rows.text(row, "detail"),
                        row.get("transfer_id", String.class),
                        Rows.text(row, "next_step"),
                        row.get("called_at", Instant.class),
                        row.get("calls", Integer.class)))
                .all()
                .collectList();
    }

    private static Listed listed(Readable row) {
        boolean shared = Rows.required(row, "shared_fingerprint", Boolean.class);
        return new Listed(payout(row), shared ? List.of(SHARED_FINGERPRINT) : null);
    }

    private static PayoutSnapshot payout(Readable row) {
        return new PayoutSnapshot(
                Rows.required(row, "id", UUID.class),
                Rows.required(row, "job_id", UUID.class),
                Rows.required(row, "receiver", UUID.class),
                Rows.number(row, "amount_cents"),
                PayoutStatus.valueOf(Rows.text(row, "status").toUpperCase(Locale.ROOT)),
                row.get("reason", String.class),
                row.get("detail", String.class),
                Rows.required(row, "attempt", Integer.class),
                row.get("next_attempt_at", Instant.class),
                row.get("account_id", String.class),
                row.get("transfer_id", String.class),
                Rows.required(row, "created_at", Instant.class),
                Rows.required(row, "updated_at", Instant.class),
                row.get("reversed_cents", Long.class),
                row.get("release_at", Instant.class),
                row.get("batch_id", UUID.class),
                row.get("jobs", Integer.class));
    }
}
