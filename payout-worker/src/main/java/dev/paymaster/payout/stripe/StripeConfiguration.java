package dev.paymaster.payout.stripe;

import com.stripe.StripeClient;
import dev.paymaster.payout.transfer.ConnectedAccounts;
import dev.paymaster.payout.transfer.Tokens;
import dev.paymaster.payout.transfer.Transfers;
import dev.paymaster.payout.transfer.WhenStripeIs;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Stripe's client with bounded waits, and without retries: those have one owner, and it isn't the client. */
@Configuration(proxyBeanMethods = false)
@WhenStripeIs(on = true)
@EnableConfigurationProperties(StripeSettings.class)
class StripeConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(StripeConfiguration.class);

    /** Stripe's edge is near; what isn't connected by then is down. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    @Bean
    StripeClient stripeClient(StripeSettings settings) {
        StripeClient.StripeClientBuilder client = StripeClient.builder()
                .setApiKey(settings.secretKey().strip())
                .setConnectTimeout((int) CONNECT_TIMEOUT.toMillis())
                .setReadTimeout((int) settings.readTimeout().toMillis())
                .setMaxNetworkRetries(0);
        if (!settings.apiBase().isBlank()) {
            LOG.info("transfers are made at {}", settings.apiBase());
            client.setApiBase(settings.apiBase().strip());
        }
        return client.build();
    }

    @Bean
    Transfers transfers(StripeClient client, Tokens tokens) {
        return new StripeTransfers(client, tokens);
    }

    @Bean
    ConnectedAccounts connectedAccounts(StripeClient client) {
        return new StripeAccounts(client);
    }
}
