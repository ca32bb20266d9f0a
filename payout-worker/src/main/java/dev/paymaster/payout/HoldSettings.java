package dev.paymaster.payout;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is held on purpose, under {@code payouts}.
 *
 * @param newReceiverHold for so long after a receiver could first be paid, payouts are held; zero: not at all
 */
@ConfigurationProperties("payouts")
record HoldSettings(@DefaultValue("0s") Duration newReceiverHold) {
    HoldSettings {
        if (newReceiverHold.isNegative()) {
            throw new IllegalArgumentException("payouts.new-receiver-hold is not negative");
        }
    }
}
