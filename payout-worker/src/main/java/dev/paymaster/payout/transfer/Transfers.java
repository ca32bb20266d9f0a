package dev.paymaster.payout.transfer;

/**
 * Whoever moves the money. Calls block, for a bounded time; an implementation is thread-safe and makes no retries of its
 * own. What goes wrong is an answer, not an exception: not knowing is one of the things that can be answered.
 */
public interface Transfers {
    /** Makes the transfer; the same order again has no second effect. */
    Answer make(TransferOrder order);

    /** Whether the transfer exists: paid, absent, or no knowing. Changes nothing. */
    Answer find(TransferOrder order);

    /**
     * Takes back all that is left of a transfer. Paid: this is how it stands now. The same order again has no second
     * effect.
     */
    Answer reverse(ReversalOrder order);

    /** How a transfer stands: paid, or no knowing. Changes nothing. */
    Answer inspect(ReversalOrder order);
}
