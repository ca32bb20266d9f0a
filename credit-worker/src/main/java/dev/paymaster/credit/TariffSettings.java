package dev.paymaster.credit;

import dev.paymaster.credit.invoice.Plan;
import dev.paymaster.credit.invoice.Tariff;
import dev.paymaster.events.credit.Tier;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The tiers in the settings, under {@code paymaster}.
 *
 * @param tiers replaces the default tiers, unless empty
 */
@ConfigurationProperties("paymaster")
@Validated
record TariffSettings(@DefaultValue @Valid List<TierSettings> tiers) {

    /**
     * One tier.
     *
     * @param creditsPerMonth what each paid period grants
     * @param grantOnTrial whether a free trial grants too
     * @param expiresAfter how long after a period's start, or its payment if that is later, its credits lapse; absent: never,
     *     they roll over
     */
    record TierSettings(
            @NotBlank String name,
            @Min(1) @Max(MAX_CREDITS) long creditsPerMonth,
            @DefaultValue("false") boolean grantOnTrial,
            @Nullable Duration expiresAfter) {
        /** A slip of the keyboard stops here, far below overflow. */
        private static final long MAX_CREDITS = 1_000_000_000;

        private Plan plan() {
            return new Plan(name, creditsPerMonth, grantOnTrial, expiresAfter);
        }
    }

    /**
     * The tariff, with each tier under each of its prices.
     *
     * @throws IllegalStateException naming the variable of a price that is missing while Stripe is on
     */
    Tariff tariff(StripeSettings stripe) {
        Map<String, Plan> plans = new HashMap<>();
        for (Plan plan : plans()) {
            Set<String> prices = stripe.prices().getOrDefault(plan.tier(), List.of()).stream()
                    .map(String::strip)
                    .filter(price -> !price.isEmpty())
                    .collect(Collectors.toUnmodifiableSet());
            prices.forEach(price -> requireOnce(price, plans.put(price, plan), plan));
            if (prices.isEmpty() && !stripe.isOff()) {
                throw new IllegalStateException(
                        "STRIPE_PRICE_" + plan.tier().toUpperCase(Locale.ROOT)
                                + " is missing: with a Stripe key, every tier needs the id of its price (setting stripe.prices)");
            }
        }
        return new Tariff(plans);
    }

    private static void requireOnce(String price, @Nullable Plan other, Plan plan) {
        if (other != null) {
            throw new IllegalStateException(
                    "price " + price + " is configured for two tiers, " + other.tier() + " and " + plan.tier());
        }
    }

    private List<Plan> plans() {
        return tiers.isEmpty()
                ? Tier.defaults().stream()
                        .map(tier -> new Plan(tier.name(), tier.creditsPerMonth(), false, null))
                        .toList()
                : tiers.stream().map(TierSettings::plan).toList();
    }
}
