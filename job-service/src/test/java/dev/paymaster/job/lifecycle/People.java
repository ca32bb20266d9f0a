package dev.paymaster.job.lifecycle;

import dev.paymaster.events.job.JobSnapshot.Verification;
import dev.paymaster.events.job.JobStatus;
import dev.paymaster.events.job.Skill;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** Who and what the tests of this package speak of. */
final class People {
    static final UUID SENDER = new UUID(1, 1);
    static final UUID RECEIVER = new UUID(2, 2);
    static final UUID STRANGER = new UUID(3, 3);
    static final UUID JOB_ID = new UUID(9, 9);
    static final Instant CREATED = Instant.parse("2026-11-01T10:00:00Z");
    static final Instant NOW = Instant.parse("2026-11-01T11:00:00Z");
    static final Map<String, Skill> SKILLS = Map.of("research", new Skill("research", 2, 100));

    private People() {}

    static Circumstances given(boolean shadow) {
        return given(shadow, Policy.DEFAULT);
    }

    static Circumstances given(boolean shadow, Policy policy) {
        return new Circumstances(NOW, shadow, SKILLS, policy, () -> JOB_ID);
    }

    static Terms terms(boolean shadow) {
        return new Terms(JOB_ID, SENDER, "research", 2, 100, shadow, "Find out", "A title", null, CREATED);
    }

    /** A job in the given state, as old as its fifth change. */
    static Job job(JobStatus status, boolean shadow) {
        return job(status, terms(shadow), new Progress(5, CREATED, 0, null));
    }

    /** A job that may stay in the given state until then. */
    static Job due(JobStatus status, Instant deadlineAt) {
        return job(status, terms(false), new Progress(5, CREATED, 0, deadlineAt));
    }

    /** Nothing out of the ordinary but what becomes of rejected jobs. */
    static Policy policy(TimeLimits within, WhenRejected whenRejected, int attempts) {
        return new Policy(
                within,
                Policy.DEFAULT.whenNotAccepted(),
                Policy.DEFAULT.whenNotSubmitted(),
                Policy.DEFAULT.whenNotVerified(),
                whenRejected,
                attempts);
    }

    /** A job in the given state that went back to wait so many times. */
    static Job requeued(JobStatus status, int requeues, boolean shadow) {
        Progress progress = new Progress(5, CREATED, requeues, null);
        return status == JobStatus.QUEUED
                ? new Job.Requeued(terms(shadow), progress, verdict(false))
                : job(status, terms(shadow), progress);
    }

    static Job job(JobStatus status, Terms terms, Progress progress) {
        return switch (status) {
            case QUEUED -> new Job.Queued(terms, progress);
            case ACCEPTED -> new Job.Accepted(terms, progress, RECEIVER);
            case SUBMITTED -> new Job.Submitted(terms, progress, RECEIVER, "Found");
            case VERIFIED -> new Job.Verified(terms, progress, RECEIVER, "Found", verdict(true));
            case REJECTED -> new Job.Rejected(terms, progress, RECEIVER, "Found", verdict(false), false);
            case CANCELLED -> new Job.Cancelled(terms, progress, null);
        };
    }

    static Verification verdict(boolean passed) {
        return new Verification(passed, "Looked at it", Map.of("depth", 0.5));
    }
}
