package dev.paymaster.messaging;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * What a batch does outside the database: once it is committed, because one that is rolled back is decided again.
 * Thread-safe.
 */
public final class AfterCommit {
    private AfterCommit() {}

    /** Runs something short, which doesn't fail, after the commit of the transaction that is under way. */
    public static void run(Runnable action) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                action.run();
            }
        });
    }
}
