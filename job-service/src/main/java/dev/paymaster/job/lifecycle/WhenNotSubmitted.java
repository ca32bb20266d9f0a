package dev.paymaster.job.lifecycle;

/** What becomes of a job whose receiver has handed in nothing in time. */
public enum WhenNotSubmitted {
    /** Another receiver may try, as long as attempts are left; then it is cancelled. */
    REQUEUE,
    /** It ends, and the sender gets the credits back. */
    CANCEL
}
