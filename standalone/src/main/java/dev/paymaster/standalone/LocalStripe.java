package dev.paymaster.standalone;

import dev.paymaster.stripesandbox.SandboxSettings;
import dev.paymaster.stripesandbox.StripeSandbox;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * The sandbox, with a standalone's webhook endpoints and prices in it.
 *
 * @param connection what the services are told
 */
record LocalStripe(StripeSandbox sandbox, StripeConnection connection) implements AutoCloseable {
    private static final String STARTER = "starter";
    private static final String PRO = "pro";
    private static final String TEAM = "team";
    /** Per month, in cents: what the tiers cost by default. */
    private static final Map<String, Integer> PRICES = Map.of(STARTER, 1_000, PRO, 2_500, TEAM, 7_500);

    /**
     * @param snapshot the file in which the sandbox's state survives
     * @param webhook where it sends its events
     */
    static LocalStripe start(int port, Path snapshot, URI webhook) {
        StripeSandbox sandbox =
                StripeSandbox.start(SandboxSettings.defaults().withPort(port).withSnapshot(snapshot));
        // Stripe has an endpoint for the platform's events and one for its connected accounts', each with its secret.
        String secrets = sandbox.addWebhook(webhook, false) + "," + sandbox.addWebhook(webhook, true);
        Map<String, String> prices = sandbox.prices(PRICES);
        StripeConnection connection = new StripeConnection(
                sandbox.secretKey(),
                secrets,
                Objects.requireNonNull(prices.get(STARTER)),
                Objects.requireNonNull(prices.get(PRO)),
                Objects.requireNonNull(prices.get(TEAM)),
                sandbox.baseUrl().toString());
        return new LocalStripe(sandbox, connection);
    }

    @Override
    public void close() {
        sandbox.close();
    }
}
