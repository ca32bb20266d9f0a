package dev.paymaster.payout.transfer;

import dev.paymaster.payout.account.AccountReport;

/** What came of asking how a connected account stands. */
public sealed interface AccountAnswer extends Reply {
    /** Stripe has said it. */
    record Found(AccountReport report) implements AccountAnswer {
        @Override
        public boolean isLost() {
            return false;
        }
    }

    /**
     * Nothing is known.
     *
     * @param isLost whether no answer came, or nobody has asked; else Stripe refuses to say
     * @param why for people, in one line
     */
    record NotTold(boolean isLost, String why) implements AccountAnswer {}

    /** Asking changes nothing. */
    @Override
    default boolean tellsOfEarlier() {
        return true;
    }

    @Override
    default boolean isTrouble() {
        return isLost();
    }
}
