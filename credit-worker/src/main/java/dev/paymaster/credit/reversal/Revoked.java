package dev.paymaster.credit.reversal;

/**
 * How many credits of a purchase go with the money that came back, at some moment.
 *
 * @param lapsed how many of them had lapsed: the account lost these already, and nothing was taken for them
 */
public record Revoked(long credits, long lapsed) {
    public Revoked {
        if (lapsed < 0 || lapsed > credits) {
            throw new IllegalArgumentException(lapsed + " of " + credits + " revoked credits can't have lapsed");
        }
    }

    /**
     * When it is to be so many. What has lapsed goes first, and comes again last: it can't be given back, for time took it, not
     * the money's return. But when money returns, nothing more is taken.
     *
     * @param lapsedInAll of {@code target}, by now
     */
    public Revoked to(long target, long lapsedInAll) {
        if (target > credits) {
            return new Revoked(target, Math.max(lapsed, Math.min(lapsed + target - credits, lapsedInAll)));
        }
        long stillLapsed = Math.min(Math.min(lapsed, target), lapsedInAll);
        return new Revoked(target, Math.max(stillLapsed, target - taken()));
    }

    /** What is taken from the account for them. */
    public long taken() {
        return credits - lapsed;
    }
}
