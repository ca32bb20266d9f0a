package dev.paymaster.job.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * How far a job has come.
 *
 * @param sequence how many changes it has seen; its creation is the first
 * @param updatedAt when it last changed
 * @param requeues how often it went back to wait for another receiver
 * @param deadlineAt until when it may stay in its state, fixed when it entered it; null: for ever
 */
public record Progress(
        long sequence,
        Instant updatedAt,
        int requeues,
        @Nullable Instant deadlineAt) {

    /** A new job's. */
    static Progress begun(Instant now, @Nullable Duration limit) {
        return new Progress(1, now, 0, after(now, limit));
    }

    /**
     * One change further. A job's time never runs backwards, even when the clock of this instance is behind another's.
     *
     * @param limit how long the job may stay where it comes to; null: for ever
     */
    Progress next(Instant now, @Nullable Duration limit) {
        Instant at = now.isBefore(updatedAt) ? updatedAt : now;
        return new Progress(Math.addExact(sequence, 1), at, requeues, after(at, limit));
    }

    /** One change further, back to where the job waits for a receiver. */
    Progress requeued(Instant now, @Nullable Duration limit) {
        Progress next = next(now, limit);
        return new Progress(next.sequence, next.updatedAt, Math.addExact(requeues, 1), next.deadlineAt);
    }

    /** As exact as the database, so that an event says the same time as the row. */
    private static @Nullable Instant after(Instant at, @Nullable Duration limit) {
        return limit == null ? null : at.plus(limit).truncatedTo(ChronoUnit.MICROS);
    }
}
