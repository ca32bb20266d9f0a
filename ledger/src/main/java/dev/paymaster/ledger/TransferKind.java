package dev.paymaster.ledger;

import java.util.Locale;

/**
 * What a transfer does. Each kind moves its amount between two sides; the signs say what that does to the balances. A
 * lot always changes as {@code available} does, so {@code available} is the sum of what is left in the lots.
 */
public enum TransferKind {
    /** Issued to available: a paid invoice, a manual grant. */
    GRANT(1, 0, 0),
    /** Available to debt: a grant or a release pays off what is owed. */
    REPAY(-1, 0, -1),
    /** Available to held: a job is created. */
    HOLD(-1, 1, 0),
    /** Held to consumed: the job is verified. */
    CAPTURE(0, -1, 0),
    /** Held to available, back to the same lot: the job is rejected or cancelled. */
    RELEASE(1, -1, 0),
    /** Available to issued: a refund, a lost dispute. Without a lot: what isn't there becomes debt. */
    REVOKE(-1, 0, 0),
    /** Reverse of {@link #REVOKE}: a won dispute, a failed refund. Without a lot: debt is forgiven. */
    REINSTATE(1, 0, 0),
    /** Available to expired: the lot is past its time. */
    EXPIRE(-1, 0, 0);

    private final int available;
    private final int held;
    private final int debt;

    TransferKind(int available, int held, int debt) {
        this.available = available;
        this.held = held;
        this.debt = debt;
    }

    /** The kind as it is stored. */
    String column() {
        return name().toLowerCase(Locale.ROOT);
    }

    static TransferKind ofColumn(String column) {
        return valueOf(column.toUpperCase(Locale.ROOT));
    }

    int available(boolean ofLot) {
        return ofLot ? available : 0;
    }

    int held() {
        return held;
    }

    /** Without a lot, nothing available moves: the other side is the debt. */
    int debt(boolean ofLot) {
        return ofLot ? debt : -available;
    }
}
