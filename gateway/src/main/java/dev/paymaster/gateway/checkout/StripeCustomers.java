package dev.paymaster.gateway.checkout;

import dev.paymaster.gateway.stripe.StripeLinks;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;

/** Which customer of Stripe's a user is. Thread-safe. */
@Repository
class StripeCustomers extends StripeLinks {
    StripeCustomers(DatabaseClient database) {
        super(database, "identity.stripe_customer", "customer_id");
    }
}
