package dev.paymaster.payout.stripe;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which Stripe is called.
 *
 * @param secretKey of the platform's account
 * @param apiBase another Stripe, for example the sandbox; blank: the real one
 */
@ConfigurationProperties("stripe")
record StripeSettings(
        @DefaultValue("") String secretKey,
        @DefaultValue("") String apiBase) {

    /** Without the key: it must not get into a log. */
    @Override
    public String toString() {
        return "StripeSettings[apiBase=" + apiBase + "]";
    }
}
