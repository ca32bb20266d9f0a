package dev.paymaster.payout.obligation;

/**
 * A transfer that was made.
 *
 * @param reversedCents how much of it has been taken back
 */
public record Made(String transferId, long reversedCents) {
    public Made {
        if (reversedCents < 0) {
            throw new IllegalArgumentException("nothing less than nothing is taken back");
        }
    }

    public static Made of(String transferId) {
        return new Made(transferId, 0);
    }

    /** The same after it has become known how much was taken back by some time; the largest amount is the newest. */
    public Made after(long cents) {
        return cents > reversedCents ? new Made(transferId, cents) : this;
    }
}
