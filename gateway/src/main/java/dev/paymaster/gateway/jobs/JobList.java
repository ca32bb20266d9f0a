package dev.paymaster.gateway.jobs;

import dev.paymaster.events.job.JobCancellation;
import dev.paymaster.events.job.JobSnapshot;
import dev.paymaster.events.job.JobSnapshot.Verification;
import dev.paymaster.events.job.JobStatus;
import dev.paymaster.gateway.http.Page;
import dev.paymaster.gateway.http.PageRequest;
import dev.paymaster.gateway.http.Rows;
import dev.paymaster.gateway.limits.AnswerInHand;
import dev.paymaster.gateway.users.Caller;
import dev.paymaster.messaging.Codec;
import io.r2dbc.postgresql.codec.Json;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
                   verification, created_at, updated_at, deadline_at, requeues, charged, cancellation,
                   (octet_length(prompt) + coalesce(octet_length(title), 0) + coalesce(octet_length(criteria), 0)
                   + coalesce(octet_length(output), 0) + coalesce(octet_length(verification::text), 0))::bigint AS bytes
            FROM api.job""";

    /** A page ends where its texts would come to more, but has a job in any case: some hundred usual ones, or a few large ones. */
    private static final long PAGE_BYTES = 4L << 20;

    private final DatabaseClient database;

    JobList(DatabaseClient database) {
        this.database = database;
    }

    Mono<UUID> senderOf(UUID jobId) {
        return database.sql("SELECT sender FROM api.job WHERE id = :id")
                .bind("id", jobId)
                .map(row -> Rows.required(row, "sender", UUID.class))
                .one();
    }

    /** Empty also for whoever has nothing to do with the job: in the query, so that it takes as long as when there is none. */
    Mono<JobSnapshot> find(UUID jobId, Caller viewer) {
        return AnswerInHand.rows(
                        database.sql(COLUMNS + " WHERE id = :id AND (:admin OR sender = :viewer OR receiver = :viewer)")
                                .bind("id", jobId)
                                .bind("admin", viewer.admin())
                                .bind("viewer", viewer.id()),
                        JobList::bytes,
                        JobList::job)
                .singleOrEmpty();
    }

    /** @param followed whether there are more behind it */
    private record Listed(JobSnapshot job, boolean followed) {
        static Listed of(Readable row) {
            return new Listed(JobList.job(row), Rows.required(row, "followed", Boolean.class));
        }
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
        return AnswerInHand.rows(
                        database.sql(upToSoManyBytes(COLUMNS + where))
                                .bindValues(values)
                                .bind("rows", page.toFetch())
                                .bind("limit", page.limit())
                                .bind("bytes", PAGE_BYTES),
                        JobList::bytes,
                        Listed::of)
                .collectList()
                .map(JobList::page);
    }

    private static String upToSoManyBytes(String rows) {
        return """
                SELECT * FROM (
                    SELECT *, sum(bytes) OVER newest_first AS bytes_so_far, row_number() OVER newest_first AS place,
                           lead(id) OVER newest_first IS NOT NULL AS followed
                    FROM (%s ORDER BY id DESC LIMIT :rows) found WINDOW newest_first AS (ORDER BY id DESC)) page
                WHERE place <= :limit AND (place = 1 OR bytes_so_far <= :bytes) ORDER BY id DESC""".formatted(rows);
    }

    private static Page<JobSnapshot> page(List<Listed> listed) {
        boolean isLast = listed.isEmpty() || !listed.getLast().followed();
        return new Page<>(
                listed.stream().map(Listed::job).toList(),
                isLast ? null : listed.getLast().job().id().toString());
    }

    private static void restrictToRole(JobFilter filter, List<String> conditions, Map<String, Object> values) {
        switch (filter.role()) {
            // Everybody's to see.
            case OPEN -> conditions.add("status = 'queued'");
            case SENDER -> restrictToUser(filter, "sender = :user", conditions, values);
            case RECEIVER -> restrictToUser(filter, "receiver = :user", conditions, values);
            case null -> restrictToUser(filter, "(sender = :user OR receiver = :user)", conditions, values);
        }
    }

    private static void restrictToUser(
            JobFilter filter, String condition, List<String> conditions, Map<String, Object> values) {
        if (filter.user() != null) {
            conditions.add(condition);
            values.put("user", filter.user());
        }
    }

    private static void restrict(
            String column, @Nullable String value, List<String> conditions, Map<String, Object> values) {
        if (value != null) {
            conditions.add(column + " = :" + column);
            values.put(column, value);
        }
    }

    private static long bytes(Readable row) {
        return Rows.number(row, "bytes");
    }

    private static JobSnapshot job(Readable row) {
        Json verification = row.get("verification", Json.class);
        String cancellation = row.get("cancellation", String.class);
        return new JobSnapshot(
                Rows.required(row, "id", UUID.class),
                JobStatus.valueOf(Rows.text(row, "status").toUpperCase(Locale.ROOT)),
                Rows.text(row, "skill"),
                Rows.number(row, "credit_cost"),
                Rows.number(row, "payout_cents"),
                Rows.required(row, "shadow", Boolean.class),
                Rows.text(row, "prompt"),
                row.get("title", String.class),
                row.get("criteria", String.class),
                Rows.required(row, "sender", UUID.class),
                row.get("receiver", UUID.class),
                row.get("output", String.class),
                verification == null ? null : Codec.read(verification.asArray(), Verification.class),
                Rows.required(row, "created_at", Instant.class),
                Rows.required(row, "updated_at", Instant.class),
                row.get("deadline_at", Instant.class),
                unless(0, Rows.required(row, "requeues", Integer.class)),
                unless(false, Rows.required(row, "charged", Boolean.class)),
                cancellation == null ? null : JobCancellation.valueOf(cancellation.toUpperCase(Locale.ROOT)));
    }

    /** What is as it mostly is, is left out. */
    private static <T> @Nullable T unless(T usual, T value) {
        return usual.equals(value) ? null : value;
    }
}
