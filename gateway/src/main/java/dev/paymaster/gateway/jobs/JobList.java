package dev.paymaster.gateway.jobs;

import dev.paymaster.events.job.JobSnapshot;
import dev.paymaster.events.job.JobSnapshot.Verification;
import dev.paymaster.events.job.JobStatus;
import dev.paymaster.gateway.http.Page;
import dev.paymaster.gateway.http.PageRequest;
import dev.paymaster.messaging.Codec;
import io.r2dbc.postgresql.codec.Json;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;

/** Jobs as job-service shows them. Thread-safe. */
@Repository
class JobList {
    private static final String COLUMNS = """
            SELECT id, status, skill, credit_cost, payout_cents, shadow, prompt, title, criteria, sender, receiver, output,
                   verification, created_at, updated_at
            FROM api.job""";

    private final DatabaseClient database;

    JobList(DatabaseClient database) {
        this.database = database;
    }

    Mono<UUID> senderOf(UUID jobId) {
        return database.sql("SELECT sender FROM api.job WHERE id = :id")
                .bind("id", jobId)
                .map(row -> Objects.requireNonNull(row.get(0, UUID.class)))
                .one();
    }

    Mono<JobSnapshot> find(UUID jobId) {
        return database.sql(COLUMNS + " WHERE id = :id")
                .bind("id", jobId)
                .map(JobList::job)
                .one();
    }

    Mono<Page<JobSnapshot>> page(JobFilter filter, PageRequest page) {
        List<String> conditions = new ArrayList<>();
        Map<String, Object> values = new LinkedHashMap<>();
        restrictToRole(filter, conditions, values);
        restrict("status", filter.status() == null ? null : filter.status().json(), conditions, values);
        restrict("skill", filter.skill(), conditions, values);
        UUID cursor = page.idCursor();
        if (cursor != null) {
            conditions.add("id < :cursor");
            values.put("cursor", cursor);
        }
        String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
        return database.sql(COLUMNS + where + " ORDER BY id DESC LIMIT :rows")
                .bindValues(values)
                .bind("rows", page.toFetch())
                .map(JobList::job)
                .all()
                .collectList()
                .map(jobs -> Page.of(jobs, page, job -> job.id().toString()));
    }

    /** Open jobs are everybody's to see. */
    private static void restrictToRole(JobFilter filter, List<String> conditions, Map<String, Object> values) {
        if (filter.isOpen()) {
            conditions.add("status = 'queued'");
            return;
        }
        if (filter.user() == null) {
            return;
        }
        values.put("user", filter.user());
        conditions.add(
                switch (filter.role()) {
                    case SENDER -> "sender = :user";
                    case RECEIVER -> "receiver = :user";
                    case OPEN -> throw new IllegalStateException("handled above");
                    case null -> "(sender = :user OR receiver = :user)";
                });
    }

    private static void restrict(
            String column, @Nullable String value, List<String> conditions, Map<String, Object> values) {
        if (value != null) {
            conditions.add(column + " = :" + column);
            values.put(column, value);
        }
    }

    private static JobSnapshot job(Readable row) {
        Json verification = row.get("verification", Json.class);
        return new JobSnapshot(
                required(row, "id", UUID.class),
                JobStatus.valueOf(required(row, "status", String.class).toUpperCase(Locale.ROOT)),
                required(row, "skill", String.class),
                required(row, "credit_cost", Long.class),
                required(row, "payout_cents", Long.class),
                required(row, "shadow", Boolean.class),
                required(row, "prompt", String.class),
                row.get("title", String.class),
                row.get("criteria", String.class),
                required(row, "sender", UUID.class),
                row.get("receiver", UUID.class),
                row.get("output", String.class),
                verification == null ? null : Codec.read(verification.asArray(), Verification.class),
                required(row, "created_at", Instant.class),
                required(row, "updated_at", Instant.class));
    }

    private static <T> T required(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }
}
