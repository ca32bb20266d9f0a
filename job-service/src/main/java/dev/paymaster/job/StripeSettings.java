package dev.paymaster.job;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whether there is a Stripe. This service never calls it; without it, jobs cost nothing.
 *
 * @param secretKey blank when Stripe is off
 */
@ConfigurationProperties("stripe")
record StripeSettings(@DefaultValue("") String secretKey) {

    boolean isOff() {
        return secretKey.isBlank();
    }

    /** Without the key: it must not get into a log. */
    @Override
    public String toString() {
        return "StripeSettings[" + (isOff() ? "off" : "on") + "]";
    }
}
