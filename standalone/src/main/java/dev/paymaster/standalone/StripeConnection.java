package dev.paymaster.standalone;

import java.util.List;
import java.util.Map;

/**
 * What the services are told about Stripe. Blank values mean "none", and are passed on as such, so that nothing that
 * happens to be in the environment takes their place.
 */
record StripeConnection(
        String secretKey,
        String webhookSecret,
        String priceStarter,
        String pricePro,
        String priceTeam,
        String apiBase) {

    static StripeConnection off() {
        return new StripeConnection("", "", "", "", "", "");
    }

    /** @throws StartRefused naming the variable when there is no secret key */
    static StripeConnection of(Map<String, String> environment) {
        String secretKey = environment.getOrDefault("STRIPE_SECRET_KEY", "");
        if (secretKey.isBlank()) {
            throw new StartRefused("--stripe env needs STRIPE_SECRET_KEY in the environment");
        }
        // The services themselves refuse a missing one of these, naming it.
        return new StripeConnection(
                secretKey,
                environment.getOrDefault("STRIPE_WEBHOOK_SECRET", ""),
                environment.getOrDefault("STRIPE_PRICE_STARTER", ""),
                environment.getOrDefault("STRIPE_PRICE_PRO", ""),
                environment.getOrDefault("STRIPE_PRICE_TEAM", ""),
                environment.getOrDefault("STRIPE_API_BASE", ""));
    }

    /** As Spring's command-line properties, which win over the environment. */
    List<String> arguments() {
        return List.of(
                "--stripe.secret-key=" + secretKey,
                "--stripe.webhook-secret=" + webhookSecret,
                "--stripe.prices.starter=" + priceStarter,
                "--stripe.prices.pro=" + pricePro,
                "--stripe.prices.team=" + priceTeam,
                "--stripe.api-base=" + apiBase);
    }

    /** Keeps the secrets out of logs. */
    @Override
    public String toString() {
        return secretKey.isBlank() ? "Stripe off" : "Stripe at " + (apiBase.isBlank() ? "its own address" : apiBase);
    }
}
