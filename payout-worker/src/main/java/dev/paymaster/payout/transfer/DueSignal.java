package dev.paymaster.payout.transfer;

/** Told when payouts have become due, so that nobody waits for the next poll. Never blocks, never fails. */
@FunctionalInterface
public interface DueSignal {
    void payoutsAreDue();
}
