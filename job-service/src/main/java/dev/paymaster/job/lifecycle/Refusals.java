package dev.paymaster.job.lifecycle;

import dev.paymaster.events.job.JobEvent.JobRefused;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Every reason for which a command is refused: a stable code for programs, a sentence for people. */
final class Refusals {
    private Refusals() {}

    static Decision.Refused unknownSkill(String skill, Set<String> known) {
        return refused(
                null,
                "unknown_skill",
                "There is no skill \"" + skill + "\" in the catalogue; known: "
                        + String.join(", ", new TreeSet<>(known)) + ".");
    }

    static Decision.Refused insufficientCredits(long required, long available) {
        return new Decision.Refused(new JobRefused(
                null,
                "insufficient_credits",
                "The job costs " + required + (required == 1 ? " credit" : " credits") + "; available: " + available
                        + ".",
                null,
                required,
                available));
    }

    /** Also for a job of somebody else: whether it exists is none of the caller's business. */
    static Decision.Refused notFound(@Nullable UUID jobId) {
        return refused(jobId, "not_found", "There is no such job.");
    }

    static Decision.Refused ownJob(Job job) {
        return refused(job.terms().id(), "own_job", "Nobody can accept a job of his own.");
    }

    static Decision.Refused invalidState(Job job) {
        return inState(job, "invalid_state", "The job is " + job.status().json() + ", which does not allow this.");
    }

    /** Of a time-out: something else came first. */
    static Decision.Refused movedOn(Job job) {
        return inState(job, "moved_on", "The job has changed since it was found to be overdue.");
    }

    /** Of a time-out: the job may still wait, or waits for nothing. */
    static Decision.Refused notDue(Job job) {
        return inState(job, "not_due", "The job has no deadline that has passed.");
    }

    /** Of a time-out: the settings let the job wait on. */
    static Decision.Refused kept(Job job) {
        return inState(job, "kept", "A job that is " + job.status().json() + " waits on after its deadline.");
    }

    static Decision.Refused idempotencyMismatch(@Nullable UUID jobId) {
        return refused(
                jobId, "idempotency_mismatch", "This command id was used before, for a command with other content.");
    }

    private static Decision.Refused inState(Job job, String code, String detail) {
        return new Decision.Refused(new JobRefused(job.terms().id(), code, detail, job.status(), null, null));
    }

    private static Decision.Refused refused(@Nullable UUID jobId, String code, String detail) {
        return new Decision.Refused(new JobRefused(jobId, code, detail, null, null, null));
    }
}
