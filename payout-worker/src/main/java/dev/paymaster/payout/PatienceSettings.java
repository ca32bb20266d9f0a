package dev.paymaster.payout;

import dev.paymaster.payout.recovery.Patience;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** {@link Patience} as settings, under {@code payouts.patience}; each number is explained there. */
@ConfigurationProperties("payouts.patience")
record PatienceSettings(
        @DefaultValue("2s") Duration first,
        @DefaultValue("5m") Duration longest,
        @DefaultValue("1m") Duration firstForFunds,
        @DefaultValue("15m") Duration longestForFunds,
        @DefaultValue("90s") Duration settling,
        @DefaultValue("3") int unknownsUntilLookup) {

    Patience patience() {
        return new Patience(first, longest, firstForFunds, longestForFunds, settling, unknownsUntilLookup);
    }
}
