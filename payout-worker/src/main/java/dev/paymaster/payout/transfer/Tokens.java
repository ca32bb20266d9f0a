package dev.paymaster.payout.transfer;

/**
 * The bucket that all workers share, for what a claim leads to beyond the call that its own token is for: a repetition, and
 * further pages of a list. Implementations are thread-safe.
 */
@FunctionalInterface
public interface Tokens {
    /** Takes one, if there is one. Whoever gets none doesn't call: what is left waits in the queue. */
    boolean take();
}
