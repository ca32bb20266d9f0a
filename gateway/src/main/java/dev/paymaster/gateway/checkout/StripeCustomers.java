package dev.paymaster.gateway.checkout;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;

/** Which customer of Stripe's a user is. Thread-safe. */
@Repository
class StripeCustomers {
    private final DatabaseClient database;

    StripeCustomers(DatabaseClient database) {
        this.database = database;
    }

    Mono<String> find(UUID userId) {
        return database.sql("SELECT customer_id FROM identity.stripe_customer WHERE user_id = :user")
                .bind("user", userId)
                .map(row -> Objects.requireNonNull(row.get(0, String.class)))
                .one();
    }

    /** Remembers a user's customer, and returns the one that was remembered first. */
    Mono<String> link(UUID userId, String customerId, Instant now) {
        return database.sql("""
                        INSERT INTO identity.stripe_customer (user_id, customer_id, created_at)
                        VALUES (:user, :customer, :now) ON CONFLICT DO NOTHING""")
                .bind("user", userId)
                .bind("customer", customerId)
                .bind("now", now)
                .then()
                .then(Mono.defer(() -> find(userId)));
    }
}
