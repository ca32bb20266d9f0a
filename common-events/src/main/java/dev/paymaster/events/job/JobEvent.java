package dev.paymaster.events.job;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What happened to a job, or that a command was refused. An event seen again has the same envelope id; the envelope's
 * sequence counts the changes of one job from 1.
 */
public sealed interface JobEvent {

    /** The job waits for a receiver; its credits are held. */
    record JobCreated(JobSnapshot job) implements JobEvent {}

    /** A receiver has taken the job. */
    record JobAccepted(JobSnapshot job) implements JobEvent {}

    /** The receiver has handed in a result. */
    record JobSubmitted(JobSnapshot job) implements JobEvent {}

    /** The result has passed, or nobody has judged it in time: the credits are captured and the receiver is owed {@code job.payout_cents}. */
    record JobVerified(JobSnapshot job) implements JobEvent {}

    /**
     * The result has not passed. As the operator has laid down, {@code job} is rejected and its credits are back with the
     * sender; or it is rejected and {@code charged}; or it is queued again, its credits still held, for another receiver.
     */
    record JobRejected(JobSnapshot job) implements JobEvent {}

    /** The receiver has not handed in a result in time: the job waits for another one, its credits still held. */
    record JobRequeued(JobSnapshot job) implements JobEvent {}

    /** The sender took the job back, or it ended by a time-out ({@code cancellation}): the credits are back. */
    record JobCancelled(JobSnapshot job) implements JobEvent {}

    /**
     * A command was refused and nothing has changed; the envelope has no sequence.
     *
     * @param jobId the job in question; absent when a creation was refused
     * @param code stable, for programs: {@code insufficient_credits}, {@code unknown_skill}, {@code not_found},
     *     {@code own_job}, {@code invalid_state}, {@code idempotency_mismatch}; of time-outs {@code moved_on},
     *     {@code not_due}, {@code kept}
     * @param detail one sentence for people
     * @param status the job's status, with {@code invalid_state} and what is refused of time-outs
     * @param required credits that were needed, with {@code insufficient_credits}
     * @param available credits that were there, with {@code insufficient_credits}
     */
    record JobRefused(
            @Nullable UUID jobId,
            String code,
            String detail,
            @Nullable JobStatus status,
            @Nullable Long required,
            @Nullable Long available)
            implements JobEvent {}
}
