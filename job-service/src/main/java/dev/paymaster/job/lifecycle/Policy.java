package dev.paymaster.job.lifecycle;

/**
 * What the operator has laid down for all jobs.
 *
 * @param within how long jobs may wait; fixed on a job when its wait begins
 */
public record Policy(TimeLimits within) {
    /** As without any settings. */
    public static final Policy DEFAULT = new Policy(TimeLimits.NONE);
}
