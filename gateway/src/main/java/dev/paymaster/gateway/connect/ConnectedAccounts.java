package dev.paymaster.gateway.connect;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;

/** Which account of Stripe's a user has, and what payout-worker knows of it. Thread-safe. */
@Repository
class ConnectedAccounts {
    private final DatabaseClient database;

    ConnectedAccounts(DatabaseClient database) {
        this.database = database;
    }

    Mono<String> find(UUID userId) {
        return database.sql("SELECT account_id FROM identity.connected_account WHERE user_id = :user")
                .bind("user", userId)
                .map(row -> Objects.requireNonNull(row.get(0, String.class)))
                .one();
    }

    /** Remembers a user's account, and returns the one that was remembered first. */
    Mono<String> link(UUID userId, String accountId, Instant now) {
        return database.sql("""
                        INSERT INTO identity.connected_account (user_id, account_id, created_at)
                        VALUES (:user, :account, :now) ON CONFLICT DO NOTHING""")
                .bind("user", userId)
                .bind("account", accountId)
                .bind("now", now)
                .then()
                .then(Mono.defer(() -> find(userId)));
    }

    /** What payout-worker goes by; empty as long as it has heard nothing of this account. */
    Mono<AccountStatus> known(UUID userId, String accountId) {
        return database.sql("""
                        SELECT status, account_id, details_submitted, transfers, payouts_enabled, requirements, as_of
                        FROM api.receiver_account WHERE receiver = :user AND account_id = :account""")
                .bind("user", userId)
                .bind("account", accountId)
                .map(row -> new AccountStatus(
                        Objects.requireNonNull(row.get("status", String.class)),
                        row.get("account_id", String.class),
                        Objects.requireNonNull(row.get("details_submitted", Boolean.class)),
                        row.get("transfers", String.class),
                        Objects.requireNonNull(row.get("payouts_enabled", Boolean.class)),
                        List.of(Objects.requireNonNull(row.get("requirements", String[].class))),
                        row.get("as_of", Instant.class)))
                .one();
    }
}
