package dev.paymaster.payout.transfer;

import dev.paymaster.payout.account.AccountReport;
import java.util.Set;

/** What came of asking how a connected account stands. */
public sealed interface AccountAnswer extends Reply {
    /**
     * Stripe has said it.
     *
     * @param fingerprints of the bank accounts and cards that it is paid to
     */
    record Found(AccountReport report, Set<String> fingerprints) implements AccountAnswer {
        public Found {
            fingerprints = Set.copyOf(fingerprints);
        }

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
