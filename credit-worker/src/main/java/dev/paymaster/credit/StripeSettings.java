package dev.paymaster.credit;

import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is known of Stripe, under {@code stripe}. This service never calls it; it reads what Stripe has sent.
 *
 * @param secretKey blank when Stripe is off
 * @param prices the price id of each tier, by the tier's name
 */
@ConfigurationProperties("stripe")
record StripeSettings(
        @DefaultValue("") String secretKey, @DefaultValue Map<String, String> prices) {
    StripeSettings {
        prices = Map.copyOf(prices);
    }

    boolean isOff() {
        return secretKey.isBlank();
    }

    /** Without the key: it must not get into a log. */
    @Override
    public String toString() {
        return "StripeSettings[" + (isOff() ? "off" : "on, prices " + prices) + "]";
    }
}
