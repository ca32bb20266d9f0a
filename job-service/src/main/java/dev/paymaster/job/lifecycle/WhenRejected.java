package dev.paymaster.job.lifecycle;

/** What becomes of a job whose result has not passed. */
public enum WhenRejected {
    /** It ends, and the sender gets the credits back. */
    RELEASE,
    /** It ends, and the sender has paid all the same; the receiver gets nothing. */
    CAPTURE,
    /** Another receiver may try, as long as attempts are left; then it ends, and the sender gets the credits back. */
    REQUEUE
}
