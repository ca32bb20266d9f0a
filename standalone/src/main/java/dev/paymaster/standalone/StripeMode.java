package dev.paymaster.standalone;

import java.util.Locale;

/** Which Stripe the services talk to. */
public enum StripeMode {
    /** A local one that is started with them. */
    SANDBOX,
    /** None: credits are not enforced and nobody is paid, as without a {@code STRIPE_SECRET_KEY}. */
    OFF,
    /** The real one, by the {@code STRIPE_*} variables of the environment. */
    ENV;

    /** As it is written on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
