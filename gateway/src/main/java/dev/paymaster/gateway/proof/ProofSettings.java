package dev.paymaster.gateway.proof;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the proof judges, under {@code proof}.
 *
 * @param settledAfter how long what has just happened may be without its effect; 0 where nothing is under way
 */
@ConfigurationProperties("proof")
record ProofSettings(@DefaultValue("15m") Duration settledAfter) {
    ProofSettings {
        if (settledAfter.isNegative()) {
            throw new IllegalStateException("proof.settled-after is not negative");
        }
    }
}
