package dev.paymaster.payout.obligation;

import java.util.List;

/**
 * What a sender's lots have brought in, and what payouts for the sender's jobs take of it, in cents of a US dollar.
 *
 * @param committedCents more than the cash where an administrator wanted it so, or where the cap came later
 */
public record Budget(long cashCents, long committedCents) {

    public static final Budget NONE = new Budget(0, 0);

    /** Whether a payout of so much leaves the sum within the cash. */
    public boolean covers(long cents) {
        return Math.addExact(committedCents, cents) <= cashCents;
    }

    /** How many payouts of a line, from its front, are covered together: nobody overtakes one that isn't. */
    public int covered(List<Long> line) {
        Budget left = this;
        int covered = 0;
        for (long cents : line) {
            if (!left.covers(cents)) {
                return covered;
            }
            left = left.committing(cents);
            covered++;
        }
        return covered;
    }

    /** After purchases have brought in so much more, or so much has come back when it is negative. */
    public Budget earning(long cents) {
        return new Budget(Math.addExact(cashCents, cents), committedCents);
    }

    /** After payouts take so much more, or less when it is negative. */
    public Budget committing(long cents) {
        return new Budget(cashCents, Math.addExact(committedCents, cents));
    }
}
