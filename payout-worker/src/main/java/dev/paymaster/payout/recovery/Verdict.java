package dev.paymaster.payout.recovery;

import dev.paymaster.payout.obligation.Payout;

/** What an outcome does to a payout. */
public sealed interface Verdict {
    /** The payout becomes this. */
    record Applied(Payout payout) implements Verdict {}

    /** Nothing: it was known already, or belongs to a claim that has been replaced. */
    record Ignored() implements Verdict {}

    /** There are two transfers for one payout: the first counts, and people must take the second back. */
    record PaidTwice(String firstTransferId, String secondTransferId) implements Verdict {}
}
