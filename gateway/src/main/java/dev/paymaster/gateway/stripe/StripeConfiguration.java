package dev.paymaster.gateway.stripe;

import com.stripe.StripeClient;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The one client, with bounded waits and without retries: who calls may call again. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(StripeSettings.class)
class StripeConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(StripeConfiguration.class);

    /** Stripe's edge is near; what isn't connected by then is down. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    /** A person waits for the answer. */
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);

    @Bean
    StripeCalls stripeCalls(StripeSettings settings) {
        if (!settings.isOn()) {
            LOG.info("Stripe is off: no STRIPE_SECRET_KEY");
            return new StripeCalls(null);
        }
        if (settings.webhookSecret().isEmpty()) {
            throw new IllegalStateException(
                    "STRIPE_WEBHOOK_SECRET is missing: with a Stripe key, the webhook needs its signing secret");
        }
        StripeClient.StripeClientBuilder client = StripeClient.builder()
                .setApiKey(settings.secretKey())
                .setConnectTimeout((int) CONNECT_TIMEOUT.toMillis())
                .setReadTimeout((int) READ_TIMEOUT.toMillis())
                .setMaxNetworkRetries(0);
        if (!settings.apiBase().isEmpty()) {
            LOG.info("Stripe is called at {}", settings.apiBase());
            client.setApiBase(settings.apiBase());
        }
        return new StripeCalls(client.build());
    }
}
