package dev.paymaster.job.lifecycle;

import dev.paymaster.events.job.JobCancellation;
import dev.paymaster.events.job.JobSnapshot.Verification;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where a job may go, and what that asks of its sender's credits. Whether it may go there is for others to say. */
final class Transitions {
    private Transitions() {}

    static Decision create(Terms terms, Circumstances given) {
        return changed(
                new Job.Queued(
                        terms,
                        Progress.begun(given.now(), given.policy().within().accept())),
                CreditMove.HOLD);
    }

    static Decision accept(Job.Waiting job, UUID receiver, Circumstances given) {
        Progress next = next(job, given, given.policy().within().submit());
        return changed(new Job.Accepted(job.terms(), next, receiver), CreditMove.NONE);
    }

    static Decision submit(Job.Accepted job, String output, Circumstances given) {
        Progress next = next(job, given, given.policy().within().verify());
        return changed(new Job.Submitted(job.terms(), next, job.receiver(), output), CreditMove.NONE);
    }

    static Decision pass(Job.Submitted job, Verification verification, Circumstances given) {
        return changed(
                new Job.Verified(job.terms(), last(job, given), job.receiver(), job.output(), verification),
                CreditMove.CAPTURE);
    }

    /** What becomes of a rejected job is laid down in the policy. */
    static Decision reject(Job.Submitted job, Verification verification, Circumstances given) {
        return switch (given.policy().whenRejected()) {
            case RELEASE -> reject(job, verification, false, given);
            case CAPTURE -> reject(job, verification, !job.terms().shadow(), given);
            case REQUEUE ->
                given.policy().allowsAnotherAttempt(job)
                        ? requeue(job, verification, given)
                        : reject(job, verification, false, given);
        };
    }

    /** @param timeOut null when the sender takes it back */
    static Decision cancel(Job job, @Nullable JobCancellation timeOut, Circumstances given) {
        return changed(new Job.Cancelled(job.terms(), last(job, given), timeOut), CreditMove.RELEASE);
    }

    private static Decision reject(Job.Submitted job, Verification verification, boolean charged, Circumstances given) {
        return changed(
                new Job.Rejected(job.terms(), last(job, given), job.receiver(), job.output(), verification, charged),
                charged ? CreditMove.CAPTURE : CreditMove.RELEASE);
    }

    /** @param verdict on the last receiver's result; null when there was none in time */
    static Decision requeue(Job.Taken job, @Nullable Verification verdict, Circumstances given) {
        Progress next =
                job.progress().requeued(given.now(), given.policy().within().accept());
        return changed(new Job.Requeued(job.terms(), next, verdict), CreditMove.NONE);
    }

    /** A shadow job has no credits to move. */
    private static Decision changed(Job job, CreditMove credits) {
        return new Decision.Changed(job, job.terms().shadow() ? CreditMove.NONE : credits);
    }

    private static Progress next(Job job, Circumstances given, @Nullable Duration limit) {
        return job.progress().next(given.now(), limit);
    }

    /** Nothing is waited for any more. */
    private static Progress last(Job job, Circumstances given) {
        return next(job, given, null);
    }
}
