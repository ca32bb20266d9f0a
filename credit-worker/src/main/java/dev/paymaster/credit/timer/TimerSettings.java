package dev.paymaster.credit.timer;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How often time is looked at, under {@code timers}.
 *
 * @param expiry for lapsed lots; until then nobody can spend them either
 * @param reviews for reviews that were missed
 */
@ConfigurationProperties("timers")
public record TimerSettings(
        @DefaultValue("1m") Duration expiry,
        @DefaultValue("10s") Duration reviews) {
    public TimerSettings {
        if (!expiry.isPositive() || !reviews.isPositive()) {
            throw new IllegalArgumentException("timers need positive intervals");
        }
    }
}
