package dev.paymaster.credit;

import dev.paymaster.credit.billing.Terms.ForeignCurrency;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is known of Stripe, under {@code stripe}. This service reads what Stripe has sent, and looks up
 * what is missing.
 *
 * @param secretKey blank when Stripe is off
 * @param prices the price id of each tier, by the tier's name
 * @param foreignCurrency what becomes of what was paid in another currency than US dollars
 * @param apiBase another Stripe, for example the sandbox; blank: the real one
 */
@ConfigurationProperties("stripe")
record StripeSettings(
        @DefaultValue("") String secretKey,
        @DefaultValue Map<String, String> prices,
        @DefaultValue("refuse") ForeignCurrency foreignCurrency,
        @DefaultValue("") String apiBase) {
    StripeSettings {
        prices = Map.copyOf(prices);
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
