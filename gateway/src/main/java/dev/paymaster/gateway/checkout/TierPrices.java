package dev.paymaster.gateway.checkout;

import dev.paymaster.events.credit.Tier;
import dev.paymaster.gateway.catalogue.CatalogueSettings;
import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.stripe.StripeSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The price at Stripe of each tier that is sold. */
@Component
final class TierPrices {
    private final Map<String, String> prices = new TreeMap<>();

    /**
     * @throws IllegalStateException while Stripe is on, naming the variable of a price that is missing, or both variables
     *     of a price that two tiers have: an invoice couldn't tell which of them was paid for
     */
    TierPrices(CatalogueSettings catalogue, StripeSettings stripe) {
        if (stripe.isOn()) {
            List<String> tiers =
                    catalogue.tierList().stream().map(Tier::name).distinct().toList();
            Map<String, String> tierByPrice = new HashMap<>();
            for (String tier : tiers) {
                List<String> own = pricesOf(tier, stripe);
                prices.put(tier, own.getFirst());
                own.forEach(price -> refuseOnePriceForTwo(tier, tierByPrice.putIfAbsent(price, tier)));
            }
        }
    }

    private static void refuseOnePriceForTwo(String tier, @Nullable String other) {
        if (other != null) {
            throw new IllegalStateException(variable(other) + " and " + variable(tier)
                    + " have the same price: every tier needs one of its own");
        }
    }

    /** @throws Problem 400 naming the tiers that there are */
    String of(String tier) {
        String price = prices.get(tier);
        if (price == null) {
            throw Problem.badRequest(
                            "unknown_tier", "there is no such tier; there are " + String.join(", ", prices.keySet()))
                    .with("field", "tier");
        }
        return price;
    }

    private static List<String> pricesOf(String tier, StripeSettings stripe) {
        List<String> prices = stripe.prices().get(tier);
        if (prices == null) {
            throw new IllegalStateException(variable(tier)
                    + " is missing: with a Stripe key, every tier needs the id of its price (setting stripe.prices)");
        }
        return prices;
    }

    private static String variable(String tier) {
        return "STRIPE_PRICE_" + tier.toUpperCase(Locale.ROOT);
    }
}
