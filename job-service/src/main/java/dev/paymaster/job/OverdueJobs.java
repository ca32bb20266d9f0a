package dev.paymaster.job;

import dev.paymaster.events.job.JobStatus;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcOperations;

/** Finds jobs whose deadline has passed; changes nothing and locks nothing. Thread-safe. */
final class OverdueJobs {
    /** Of each state, those that have waited longest; each by the index of deadlines. */
    static final String FIND = """
            SELECT j.id, j.sender, j.sequence, j.deadline_at
            FROM unnest(?) AS s (status)
            CROSS JOIN LATERAL (
                SELECT id, sender, sequence, deadline_at FROM jobs.job
                WHERE status = s.status AND deadline_at <= ? ORDER BY deadline_at, id LIMIT ?) AS j""";

    private final JdbcOperations jdbc;

    OverdueJobs(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** A job as it was found. */
    record Overdue(UUID id, UUID sender, long sequence, Instant deadlineAt) {

        /**
         * The id of the command that times it out: the same wherever it is found, so that it takes effect once, and another
         * after each {@code patience}. Somebody whose clock is ahead may have had the command refused under the last id.
         */
        String commandId(Instant now, Duration patience) {
            long times = Duration.between(deadlineAt, now).dividedBy(patience);
            return "timeout:" + id + ":" + sequence + ":" + times;
        }
    }

    /** @param limit at most so many of each state */
    List<Overdue> find(Collection<JobStatus> states, Instant now, int limit) {
        return jdbc.query(
                (Connection connection) -> {
                    PreparedStatement statement = connection.prepareStatement(FIND);
                    statement.setArray(
                            1,
                            connection.createArrayOf(
                                    "text", states.stream().map(JobStatus::json).toArray(String[]::new)));
                    statement.setObject(2, now.atOffset(ZoneOffset.UTC));
                    statement.setInt(3, limit);
                    return statement;
                },
                (row, _) -> new Overdue(
                        row.getObject("id", UUID.class),
                        row.getObject("sender", UUID.class),
                        row.getLong("sequence"),
                        row.getObject("deadline_at", OffsetDateTime.class).toInstant()));
    }
}
