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
 * @param prices the price ids of each tier that has any, by the tier's name: the first is sold, the others were before
 * @param foreignCurrency what becomes of what was paid in another currency than US dollars
 */
@ConfigurationProperties("stripe")
public record StripeSettings(
        @DefaultValue("") String secretKey,
        @DefaultValue List<String> webhookSecret,
        @DefaultValue("") String apiBase,
        @DefaultValue Map<String, List<String>> prices,
        @DefaultValue("refuse") ForeignCurrency foreignCurrency) {
    /** What becomes of what was paid in another currency than US dollars. */
    public enum ForeignCurrency {
        REFUSE,
        IGNORE
    }

    public StripeSettings {
        secretKey = secretKey.strip();
        apiBase = apiBase.strip();
        webhookSecret = present(webhookSecret);
        prices = prices.entrySet().stream()
                .map(tier -> Map.entry(tier.getKey(), present(tier.getValue())))
                .filter(tier -> !tier.getValue().isEmpty())
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static List<String> present(List<String> values) {
        return values.stream()
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .distinct()
                .toList();
    }

    /** The tier that each price buys. */
    public Map<String, String> tierByPrice() {
        return prices.entrySet().stream()
                .flatMap(tier -> tier.getValue().stream().map(price -> Map.entry(price, tier.getKey())))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue, (tier, _) -> tier));
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
