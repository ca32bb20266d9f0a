package dev.paymaster.credit;

import dev.paymaster.credit.billing.Terms.ForeignCurrency;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is known of Stripe, under {@code stripe}. This service reads what Stripe has sent, and looks up
 * what is missing.
 *
 * @param secretKey blank when Stripe is off
 * @param prices the price ids of each tier, by the tier's name: all that it is or was sold at
 * @param foreignCurrency what becomes of what was paid in another currency than US dollars
 * @param apiBase another Stripe, for example the sandbox; blank: the real one
 * @param readTimeout how long Stripe may take to answer a question
 */
@ConfigurationProperties("stripe")
record StripeSettings(
        @DefaultValue("") String secretKey,
        @DefaultValue Map<String, List<String>> prices,
        @DefaultValue("refuse") ForeignCurrency foreignCurrency,
        @DefaultValue("") String apiBase,
        @DefaultValue("10s") Duration readTimeout) {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofHours(1);

    StripeSettings {
        prices = Map.copyOf(prices);
        if (readTimeout.compareTo(SHORTEST) < 0 || readTimeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("stripe.read-timeout must be between 1ms and 1h");
        }
    }

    boolean isOff() {
        return secretKey.isBlank();
    }

    /** Whether the key is one for real money: a secret one or a restricted one. */
    boolean isLive() {
        return secretKey.strip().startsWith("sk_live_") || secretKey.strip().startsWith("rk_live_");
    }

    /** Without the key: it must not get into a log. */
    @Override
    public String toString() {
        return "StripeSettings[" + (isOff() ? "off" : "on, prices " + prices) + "]";
    }
}
