package dev.paymaster.payout.stripe;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which Stripe is called.
 *
 * @param secretKey of the platform's account
 * @param apiBase another Stripe, for example the sandbox; blank: the real one
 * @param readTimeout how long Stripe may take to answer. 10 s is far beyond what it takes for a transfer; what comes later is found
 *     by using the same key again
 */
@ConfigurationProperties("stripe")
record StripeSettings(
        @DefaultValue("") String secretKey,
        @DefaultValue("") String apiBase,
        @DefaultValue("10s") Duration readTimeout) {
    private static final Duration SHORTEST = Duration.ofMillis(1);

    /** Leases reckon with it. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    StripeSettings {
        if (readTimeout.compareTo(SHORTEST) < 0 || readTimeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("stripe.read-timeout must be between 1ms and 10s");
        }
    }

    /** Without the key: it must not get into a log. */
    @Override
    public String toString() {
        return "StripeSettings[apiBase=" + apiBase + "]";
    }
}
