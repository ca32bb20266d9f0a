package dev.paymaster.job.lifecycle;

import dev.paymaster.events.job.JobStatus;
import java.util.EnumSet;
import java.util.Set;

/**
 * What the operator has laid down for all jobs.
 *
 * @param within how long jobs may wait; fixed on a job when its wait begins
 * @param attempts how many receivers may try one job
 */
public record Policy(
        TimeLimits within,
        WhenNotAccepted whenNotAccepted,
        WhenNotSubmitted whenNotSubmitted,
        WhenNotVerified whenNotVerified,
        WhenRejected whenRejected,
        int attempts) {
    /** As without any settings. */
    public static final Policy DEFAULT = new Policy(
            TimeLimits.NONE,
            WhenNotAccepted.CANCEL,
            WhenNotSubmitted.REQUEUE,
            WhenNotVerified.AUTO_VERIFY,
            WhenRejected.RELEASE,
            3);

    public Policy {
        if (attempts < 1) {
            throw new IllegalArgumentException("somebody must be allowed to try");
        }
    }

    /** The states in which something happens to a job that is overdue. */
    public Set<JobStatus> timedStates() {
        Set<JobStatus> states = EnumSet.of(JobStatus.ACCEPTED);
        if (whenNotAccepted != WhenNotAccepted.KEEP) {
            states.add(JobStatus.QUEUED);
        }
        if (whenNotVerified != WhenNotVerified.KEEP) {
            states.add(JobStatus.SUBMITTED);
        }
        return states;
    }

    /** Whether somebody else may try a job. */
    boolean allowsAnotherAttempt(Job job) {
        return job.progress().requeues() < attempts - 1;
    }
}
