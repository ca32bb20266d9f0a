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
 */
@ConfigurationProperties("proof")
record ProofSettings(
        @DefaultValue("15m") Duration settledAfter,
        @DefaultValue("30d") Duration lookBack) {
    ProofSettings {
        if (settledAfter.isNegative() || lookBack.isNegative()) {
            throw new IllegalStateException("proof.settled-after and proof.look-back are not negative");
        }
    }
}
