package dev.paymaster.job.lifecycle;

/** What becomes of a result that nobody has judged in time. */
public enum WhenNotVerified {
    /** It counts as passed: the sender has paid, and the receiver is paid. */
    AUTO_VERIFY,
    /** It waits on. */
    KEEP,
    /** It counts as rejected, with what {@link WhenRejected} makes of that. */
    REJECT
}
