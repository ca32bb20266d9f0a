package dev.paymaster.job.lifecycle;

/** What becomes of a job that no receiver has accepted in time. */
public enum WhenNotAccepted {
    /** It ends, and the sender gets the credits back. */
    CANCEL,
    /** It waits on. */
    KEEP
}
