package dev.paymaster.gateway.proof;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the proof judges, under {@code proof}.
 *
 * @param settledAfter how long what has just happened may be without its effect; 0 where nothing is under way
 * @param lookBack how much older something at Stripe may be than what was in order before, and is looked at again: refunds fail, and
 *     transfers are taken back, long after they were made
 * @param usersAtOnce of one piece
 * @param transfersAtOnce of one piece: some tens of MB and less than a second. A single user may have more, and is one piece
 * @param payoutsAtOnce of one piece
 */
@ConfigurationProperties("proof")
record ProofSettings(
        @DefaultValue("15m") Duration settledAfter,
        @DefaultValue("30d") Duration lookBack,
        @DefaultValue("5000") int usersAtOnce,
        @DefaultValue("50000") long transfersAtOnce,
        @DefaultValue("10000") int payoutsAtOnce) {
    ProofSettings {
        if (settledAfter.isNegative() || lookBack.isNegative()) {
            throw new IllegalStateException("proof.settled-after and proof.look-back are not negative");
        }
        if (usersAtOnce < 1 || transfersAtOnce < 1 || payoutsAtOnce < 1) {
            throw new IllegalStateException(
                    "proof.users-at-once, proof.transfers-at-once and proof.payouts-at-once are positive");
        }
    }
}
