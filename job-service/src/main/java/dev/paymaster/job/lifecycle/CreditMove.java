package dev.paymaster.job.lifecycle;

/** What a change of a job asks of its sender's credits. */
public enum CreditMove {
    NONE,
    /** Set the job's cost aside, or the change must not happen. */
    HOLD,
    /** Consume what the job holds. */
    CAPTURE,
    /** Give back what the job holds. */
    RELEASE
}
