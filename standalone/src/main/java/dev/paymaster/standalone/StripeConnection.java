package dev.paymaster.standalone;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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

    private record Form(Pattern pattern, String said) {
        static Form of(String pattern, String said) {
            return new Form(Pattern.compile(pattern), said);
        }

        /** Each of them, if there are several. */
        boolean fits(String values) {
            return Stream.of(values.split(","))
                    .allMatch(value -> pattern.matcher(value.strip()).lookingAt());
        }
    }

    private static final Form PRICE = Form.of("(?!prod_)", "the id of a price, price_…; a product's, prod_…, is none");

    private static final Map<String, Form> VARIABLES = new TreeMap<>(Map.of(
            "STRIPE_SECRET_KEY", Form.of("[sr]k_", "a secret key, sk_…, or a restricted one, rk_…"),
            "STRIPE_WEBHOOK_SECRET", Form.of("whsec_", "the signing secret that `stripe listen` prints, whsec_…"),
            "STRIPE_PRICE_STARTER", PRICE,
            "STRIPE_PRICE_PRO", PRICE,
            "STRIPE_PRICE_TEAM", PRICE));

    static StripeConnection off() {
        return new StripeConnection("", "", "", "", "", "");
    }

    /**
     * Looks at the whole environment before anything is started.
     *
     * @throws StartRefused naming every variable that is missing or can't be right, and why
     */
    static void require(Map<String, String> environment) {
        List<String> wrong = new ArrayList<>();
        VARIABLES.forEach((variable, form) -> {
            String value = environment.getOrDefault(variable, "").strip();
            if (value.isEmpty()) {
                wrong.add(variable + " is missing: " + form.said());
            } else if (value.contains("...") || !form.fits(value)) {
                wrong.add(variable + " is not what it should be: " + form.said());
            }
        });
        if (!wrong.isEmpty()) {
            throw new StartRefused("--stripe env, but\n  " + String.join("\n  ", wrong));
        }
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
