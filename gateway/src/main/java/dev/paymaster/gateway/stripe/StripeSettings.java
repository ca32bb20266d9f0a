package dev.paymaster.gateway.stripe;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which Stripe there is, under {@code stripe}.
 *
 * @param secretKey of the platform's account; blank: Stripe is off
 * @param webhookSecret the signing secrets of the webhook's endpoints; several while one replaces another, and one for
 *     the endpoint of connected accounts
 * @param apiBase another Stripe, for example the sandbox; blank: the real one
 * @param prices the price id of each tier that has one, by the tier's name
 * @param foreignCurrency what becomes of what was paid in another currency than US dollars
 */
@ConfigurationProperties("stripe")
public record StripeSettings(
        @DefaultValue("") String secretKey,
        @DefaultValue List<String> webhookSecret,
        @DefaultValue("") String apiBase,
        @DefaultValue Map<String, String> prices,
        @DefaultValue("refuse") ForeignCurrency foreignCurrency) {
    /** What becomes of what was paid in another currency than US dollars. */
    public enum ForeignCurrency {
        REFUSE,
        IGNORE
    }

    public StripeSettings {
        secretKey = secretKey.strip();
        apiBase = apiBase.strip();
        webhookSecret = webhookSecret.stream()
                .map(String::strip)
                .filter(secret -> !secret.isEmpty())
                .toList();
        prices = prices.entrySet().stream()
                .filter(price -> !price.getValue().isBlank())
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, price -> price.getValue().strip()));
    }

    public boolean isOn() {
        return !secretKey.isEmpty();
    }

    /** Whether what was paid in this currency is nobody's concern here. */
    public boolean passesOver(String currency) {
        return foreignCurrency == ForeignCurrency.IGNORE && !currency.equals("usd");
    }

    /** Without the secrets: they must not get into a log. */
    @Override
    public String toString() {
        return "StripeSettings[" + (isOn() ? "on, prices " + prices : "off") + "]";
    }
}
