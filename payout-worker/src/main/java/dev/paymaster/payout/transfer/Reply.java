package dev.paymaster.payout.transfer;

/** What came of a call to Stripe, as far as the guard in front of it must know. */
sealed interface Reply permits Answer, AccountAnswer {
    /** Whether no answer came, so that the same call may be made again at once. */
    boolean isLost();

    /** Whether it also tells what came of the same call before, if the answer to that was lost. */
    boolean tellsOfEarlier();

    /** Whether it speaks against Stripe, or against this platform's access to it, rather than against what was asked. */
    boolean isTrouble();
}
