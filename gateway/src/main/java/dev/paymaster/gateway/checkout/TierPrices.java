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
            tiers.forEach(tier -> prices.put(tier, priceOf(tier, stripe)));
            refuseOnePriceForTwo(tiers);
        }
    }

    private void refuseOnePriceForTwo(List<String> tiers) {
        Map<String, String> tierByPrice = new HashMap<>();
        for (String tier : tiers) {
            String other = tierByPrice.putIfAbsent(of(tier), tier);
            if (other != null) {
                throw new IllegalStateException(variable(other) + " and " + variable(tier)
                        + " are the same price: every tier needs one of its own");
            }
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

    private static String priceOf(String tier, StripeSettings stripe) {
        String price = stripe.prices().get(tier);
        if (price == null) {
            throw new IllegalStateException(variable(tier)
                    + " is missing: with a Stripe key, every tier needs the id of its price (setting stripe.prices)");
        }
        return price;
    }

    private static String variable(String tier) {
        return "STRIPE_PRICE_" + tier.toUpperCase(Locale.ROOT);
    }
}
