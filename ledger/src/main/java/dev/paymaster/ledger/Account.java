package dev.paymaster.ledger;

import java.util.Objects;
import java.util.UUID;

/**
 * The balances of one user, in whole credits.
 *
 * @param available what is left in the user's lots
 * @param held set aside for open jobs
 * @param debt taken back after it had been spent; while there is any, nothing can be held
 * @param sequence how many transfers the account has seen
 */
public record Account(UUID userId, long available, long held, long debt, long sequence) {
    public Account {
        Objects.requireNonNull(userId, "userId");
        if (available < 0 || held < 0 || debt < 0 || sequence < 0) {
            throw new IllegalStateException("account " + userId + " would go below zero: available " + available
                    + ", held " + held + ", debt " + debt + ", sequence " + sequence);
        }
    }

    /** An account that nothing has happened to. */
    public static Account empty(UUID userId) {
        return new Account(userId, 0, 0, 0, 0);
    }

    /** The account after one more transfer. */
    Account after(TransferKind kind, long amount, boolean ofLot) {
        return new Account(
                userId,
                Math.addExact(available, amount * kind.available(ofLot)),
                Math.addExact(held, amount * kind.held()),
                Math.addExact(debt, amount * kind.debt(ofLot)),
                Math.addExact(sequence, 1));
    }
}
