package dev.paymaster.job.lifecycle;

import dev.paymaster.events.job.JobEvent.JobRefused;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Every reason for which a command is refused: a stable code for programs, a sentence for people. */
final class Refusals {
    private Refusals() {}

    static Decision.Refused unknownSkill(String skill) {
        return refused(null, "unknown_skill", "There is no skill \"" + skill + "\" in the catalogue.");
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
        return new Decision.Refused(new JobRefused(
                job.terms().id(),
                "invalid_state",
                "The job is " + job.status().json() + ", which does not allow this.",
                job.status(),
                null,
                null));
    }

    static Decision.Refused idempotencyMismatch(@Nullable UUID jobId) {
        return refused(
                jobId, "idempotency_mismatch", "This command id was used before, for a command with other content.");
    }

    private static Decision.Refused refused(@Nullable UUID jobId, String code, String detail) {
        return new Decision.Refused(new JobRefused(jobId, code, detail, null, null, null));
    }
}
