package dev.paymaster.job.lifecycle;

/**
 * What the operator has laid down for all jobs.
 *
 * @param within how long jobs may wait; fixed on a job when its wait begins
 * @param attempts how many receivers may try one job
 */
public record Policy(TimeLimits within, WhenRejected whenRejected, int attempts) {
    /** As without any settings. */
    public static final Policy DEFAULT = new Policy(TimeLimits.NONE, WhenRejected.RELEASE, 3);

    public Policy {
        if (attempts < 1) {
            throw new IllegalArgumentException("somebody must be allowed to try");
        }
    }

    /** Whether somebody else may try a job. */
    boolean allowsAnotherAttempt(Job job) {
        return job.progress().requeues() < attempts - 1;
    }
}
