package dev.paymaster.job.lifecycle;

import dev.paymaster.events.job.JobCancellation;
import dev.paymaster.events.job.JobCommand.TimeOutJob;
import dev.paymaster.events.job.JobSnapshot.Verification;
import dev.paymaster.events.job.JobSnapshot.Verifier;
import java.time.Instant;

/** What becomes of a job of which a timer says that it has waited for too long. */
final class TimeOuts {
    private TimeOuts() {}

    /** The timer's clock may be wrong, and what it saw may be over: neither is taken from it. */
    static Decision decide(Job job, TimeOutJob command, Circumstances given) {
        if (!job.terms().sender().equals(command.sender())) {
            return Refusals.notFound(command.jobId());
        }
        if (job.sequence() != command.sequence()) {
            return Refusals.movedOn(job);
        }
        Instant deadline = job.progress().deadlineAt();
        if (deadline == null || given.now().isBefore(deadline)) {
            return Refusals.notDue(job);
        }
        return switch (job) {
            case Job.Waiting waiting -> notAccepted(waiting, given);
            case Job.Accepted accepted -> notSubmitted(accepted, given);
            case Job.Submitted submitted -> notVerified(submitted, given);
            case Job.Verified _, Job.Rejected _, Job.Cancelled _ -> Refusals.notDue(job);
        };
    }

    private static Decision notAccepted(Job.Waiting job, Circumstances given) {
        return switch (given.policy().whenNotAccepted()) {
            case CANCEL -> Transitions.cancel(job, JobCancellation.NOT_ACCEPTED, given);
            case KEEP -> Refusals.kept(job);
        };
    }

    private static Decision notSubmitted(Job.Accepted job, Circumstances given) {
        return switch (given.policy().whenNotSubmitted()) {
            case REQUEUE ->
                given.policy().allowsAnotherAttempt(job)
                        ? Transitions.requeue(job, null, given)
                        : Transitions.cancel(job, JobCancellation.NOT_SUBMITTED, given);
            case CANCEL -> Transitions.cancel(job, JobCancellation.NOT_SUBMITTED, given);
        };
    }

    private static Decision notVerified(Job.Submitted job, Circumstances given) {
        return switch (given.policy().whenNotVerified()) {
            case AUTO_VERIFY -> Transitions.pass(job, byTimeOut(true), given);
            case KEEP -> Refusals.kept(job);
            case REJECT -> Transitions.reject(job, byTimeOut(false), given);
        };
    }

    private static Verification byTimeOut(boolean passed) {
        return new Verification(passed, null, null, Verifier.TIMEOUT);
    }
}
