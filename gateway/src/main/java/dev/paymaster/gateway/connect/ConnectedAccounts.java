package dev.paymaster.gateway.connect;

import dev.paymaster.gateway.http.Rows;
import dev.paymaster.gateway.stripe.StripeLinks;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;

/** Which account of Stripe's a user has, and what payout-worker knows of it. Thread-safe. */
@Repository
class ConnectedAccounts extends StripeLinks {
    private final DatabaseClient database;

    ConnectedAccounts(DatabaseClient database) {
        super(database, "identity.connected_account", "account_id");
        this.database = database;
    }

    /** Puts another account into the place of one that is gone, and returns the one that stands there now. */
    Mono<String> replace(UUID userId, String gone, String accountId, Instant now) {
        return database.sql("""
                        UPDATE identity.connected_account SET account_id = :account, created_at = :now
                        WHERE user_id = :user AND account_id = :gone""")
                .bind("account", accountId)
                .bind("now", now)
                .bind("user", userId)
                .bind("gone", gone)
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
                        Rows.text(row, "status"),
                        row.get("account_id", String.class),
                        Rows.required(row, "details_submitted", Boolean.class),
                        row.get("transfers", String.class),
                        Rows.required(row, "payouts_enabled", Boolean.class),
                        List.of(Rows.required(row, "requirements", String[].class)),
                        row.get("as_of", Instant.class)))
                .one();
    }
}
