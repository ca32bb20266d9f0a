package dev.paymaster.job;

import dev.paymaster.events.job.JobCancellation;
import dev.paymaster.events.job.JobSnapshot;
import dev.paymaster.events.job.JobSnapshot.Verification;
import dev.paymaster.events.job.JobStatus;
import dev.paymaster.job.lifecycle.Job;
import dev.paymaster.job.lifecycle.Named;
import dev.paymaster.ledger.sql.SetStatement;
import dev.paymaster.messaging.BatchTooLargeException;
import dev.paymaster.messaging.Codec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/** Table {@code jobs.job}, read and written a whole batch at a time. Thread-safe. */
final class Jobs {
    /**
     * Of jobs that are named, those that somebody who names them may see. Nothing else is read of the others: how large a job is that
     * is refused as if it weren't there would tell, by the time it takes, that it is.
     */
    private static final String SEEN = """
            SELECT j.id FROM unnest(?, ?, ?) AS n (id, sender, receiver) JOIN jobs.job j ON j.id = n.id
            WHERE (n.sender IS NULL OR n.sender = j.sender)
               AND (n.receiver IS NULL OR n.receiver = j.receiver OR j.status = 'queued')""";

    /** In ascending order, so that two batches that lock the same jobs don't wait for each other in a circle. */
    private static final String LOCK = """
            SELECT id, status, skill, credit_cost, payout_cents, shadow, prompt, title, criteria, sender, receiver,
                   output, verification, sequence, created_at, updated_at, deadline_at, requeues, charged,
                   cancellation
            FROM jobs.job WHERE id = ANY (ARRAY (%s)) ORDER BY id FOR UPDATE""".formatted(SEEN);

    private static final String SIZE = """
            SELECT coalesce(sum(octet_length(prompt) + coalesce(octet_length(criteria), 0) + coalesce(octet_length(output), 0)
                                + coalesce(octet_length(verification::text), 0)), 0)
            FROM jobs.job WHERE id = ANY (ARRAY (%s))""".formatted(SEEN);

    private static final String INSERT = """
            INSERT INTO jobs.job (id, sender, skill, credit_cost, payout_cents, shadow, prompt, title, criteria,
                                  created_at, deadline_at, updated_at, status, sequence)
            SELECT id, sender, skill, credit_cost, payout_cents, shadow, prompt, title, criteria,
                   created_at, deadline_at, created_at, 'queued', 1
            FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                AS n (id, sender, skill, credit_cost, payout_cents, shadow, prompt, title, criteria, created_at,
                      deadline_at)""";

    private static final String UPDATE = """
            UPDATE jobs.job AS j
            SET status = n.status, receiver = n.receiver, output = n.output, verification = n.verification::json,
                sequence = n.sequence, updated_at = n.updated_at, deadline_at = n.deadline_at,
                requeues = n.requeues, charged = n.charged, cancellation = n.cancellation
            FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                AS n (id, status, receiver, output, verification, sequence, updated_at, deadline_at, requeues,
                      charged, cancellation)
            WHERE j.id = n.id""";

    private final JdbcOperations jdbc;

    Jobs(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    private record Row(JobSnapshot job, long sequence) {}

    /**
     * Loads jobs and locks them until the transaction ends; those that don't exist, or that nobody who names them may see, are
     * absent.
     *
     * @throws BatchTooLargeException when several have texts that are too large together
     */
    Map<UUID, Job> lock(Set<Named> named) {
        requireThatTheyFit(named);
        Map<UUID, Job> found = HashMap.newHashMap(named.size());
        if (!named.isEmpty()) {
            jdbc.query(of(LOCK, named), row -> {
                Job job = Job.of(snapshot(row), row.getLong("sequence"));
                found.put(job.terms().id(), job);
            });
        }
        return found;
    }

    /** Before anything of them is loaded; their lengths are known without their texts. */
    private void requireThatTheyFit(Set<Named> named) {
        if (named.size() > 1) {
            jdbc.query(of(SIZE, named), row -> {
                if (row.getLong(1) > BatchTooLargeException.MAX_BYTES) {
                    throw new BatchTooLargeException("what the jobs of a batch say", row.getLong(1));
                }
            });
        }
    }

    private static SetStatement<Named> of(String sql, Set<Named> named) {
        return new SetStatement<>(sql, named)
                .with("uuid", Named::jobId)
                .with("uuid", Named::sender)
                .with("uuid", Named::receiver);
    }

    /** Adds jobs that were just created. */
    void insert(List<Job.Queued> created) {
        if (created.isEmpty()) {
            return;
        }
        jdbc.update(new SetStatement<>(INSERT, created)
                .with("uuid", job -> job.terms().id())
                .with("uuid", job -> job.terms().sender())
                .with("text", job -> job.terms().skill())
                .withLongs(job -> job.terms().creditCost())
                .withLongs(job -> job.terms().payoutCents())
                .with("bool", job -> job.terms().shadow())
                .with("text", job -> job.terms().prompt())
                .with("text", job -> job.terms().title())
                .with("text", job -> job.terms().criteria())
                .with("timestamptz", job -> job.terms().createdAt())
                .with("timestamptz", job -> job.progress().deadlineAt()));
    }

    /** Saves jobs that were loaded by {@link #lock} in this transaction and have changed since. */
    void update(Collection<Job> changed) {
        if (changed.isEmpty()) {
            return;
        }
        List<Row> rows = new ArrayList<>(changed.size());
        changed.forEach(job -> rows.add(new Row(job.snapshot(), job.sequence())));
        int updated = jdbc.update(new SetStatement<>(UPDATE, rows)
                .with("uuid", row -> row.job().id())
                .with("text", row -> row.job().status().json())
                .with("uuid", row -> row.job().receiver())
                .with("text", row -> row.job().output())
                .with("text", row -> json(row.job().verification()))
                .withLongs(Row::sequence)
                .with("timestamptz", row -> row.job().updatedAt())
                .with("timestamptz", row -> row.job().deadlineAt())
                .with(
                        "int4",
                        row -> row.job().requeues() == null ? 0 : row.job().requeues())
                .with("bool", row -> Boolean.TRUE.equals(row.job().charged()))
                .with("text", row -> json(row.job().cancellation())));
        if (updated != changed.size()) {
            throw new IllegalStateException("updated " + updated + " jobs instead of " + changed.size());
        }
    }

    private static JobSnapshot snapshot(ResultSet row) throws SQLException {
        String verification = row.getString("verification");
        String cancellation = row.getString("cancellation");
        int requeues = row.getInt("requeues");
        return new JobSnapshot(
                row.getObject("id", UUID.class),
                JobStatus.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
                row.getString("skill"),
                row.getLong("credit_cost"),
                row.getLong("payout_cents"),
                row.getBoolean("shadow"),
                row.getString("prompt"),
                row.getString("title"),
                row.getString("criteria"),
                row.getObject("sender", UUID.class),
                row.getObject("receiver", UUID.class),
                row.getString("output"),
                verification == null ? null : Codec.json().readValue(verification, Verification.class),
                instant(row, "created_at"),
                instant(row, "updated_at"),
                optionalInstant(row, "deadline_at"),
                requeues == 0 ? null : requeues,
                row.getBoolean("charged") ? true : null,
                cancellation == null ? null : JobCancellation.valueOf(cancellation.toUpperCase(Locale.ROOT)));
    }

    private static @Nullable String json(@Nullable Verification verification) {
        return verification == null ? null : Codec.json().writeValueAsString(verification);
    }

    private static @Nullable String json(@Nullable JobCancellation cancellation) {
        return cancellation == null ? null : cancellation.json();
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Instant optionalInstant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
