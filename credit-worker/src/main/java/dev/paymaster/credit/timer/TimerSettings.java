package dev.paymaster.credit.timer;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How often time is looked at, under {@code timers}.
 *
 * @param expiry for lapsed lots; until then nobody can spend them either
 * @param reviews for reviews that were missed
 * @param lookups for what has to be looked up at Stripe
 * @param lookupsAfter how long to wait for the event that would tell it
 */
@ConfigurationProperties("timers")
public record TimerSettings(
        @DefaultValue("1m") Duration expiry,
        @DefaultValue("10s") Duration reviews,
        @DefaultValue("10s") Duration lookups,
        @DefaultValue("30s") Duration lookupsAfter) {
    public TimerSettings {
        if (!expiry.isPositive() || !reviews.isPositive() || !lookups.isPositive() || lookupsAfter.isNegative()) {
            throw new IllegalArgumentException("timers need positive intervals");
        }
    }
}
