package dev.paymaster.job.lifecycle;

import dev.paymaster.events.job.JobSnapshot;
import dev.paymaster.events.job.JobSnapshot.Verification;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Between a job's states and the one flat shape in which the contract shows it. */
final class Snapshots {
    private Snapshots() {}

    static JobSnapshot of(Job job) {
        return switch (job) {
            case Job.Queued _, Job.Cancelled _ -> snapshot(job, null, null, null);
            case Job.Requeued requeued -> snapshot(job, null, null, requeued.verdict());
            case Job.Accepted accepted -> snapshot(job, accepted.receiver(), null, null);
            case Job.Submitted submitted -> snapshot(job, submitted.receiver(), submitted.output(), null);
            case Job.Verified verified ->
                snapshot(job, verified.receiver(), verified.output(), verified.verification());
            case Job.Rejected rejected ->
                snapshot(job, rejected.receiver(), rejected.output(), rejected.verification());
        };
    }

    static Terms terms(JobSnapshot shown) {
        return new Terms(
                shown.id(),
                shown.sender(),
                shown.skill(),
                shown.creditCost(),
                shown.payoutCents(),
                shown.shadow(),
                shown.prompt(),
                shown.title(),
                shown.criteria(),
                shown.createdAt());
    }

    private static JobSnapshot snapshot(
            Job job, @Nullable UUID receiver, @Nullable String output, @Nullable Verification verification) {
        Terms terms = job.terms();
        return new JobSnapshot(
                terms.id(),
                job.status(),
                terms.skill(),
                terms.creditCost(),
                terms.payoutCents(),
                terms.shadow(),
                terms.prompt(),
                terms.title(),
                terms.criteria(),
                terms.sender(),
                receiver,
                output,
                verification,
                terms.createdAt(),
                job.progress().updatedAt(),
                job.progress().deadlineAt(),
                job.progress().requeues() == 0 ? null : job.progress().requeues(),
                (job instanceof Job.Rejected rejected && rejected.charged()) ? true : null,
                job instanceof Job.Cancelled cancelled ? cancelled.timeOut() : null);
    }
}
