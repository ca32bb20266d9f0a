package dev.paymaster.gateway.stripe;

import dev.paymaster.gateway.http.Rows;
import java.time.Instant;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/** A table of which object of Stripe's is a user's: one each, and the first that is remembered stands. Thread-safe. */
public abstract class StripeLinks {
    private final DatabaseClient database;
    private final String find;
    private final String link;

    /** @param idColumn where the object's id stands, beside {@code user_id} and {@code created_at} */
    protected StripeLinks(DatabaseClient database, String table, String idColumn) {
        this.database = database;
        this.find = "SELECT " + idColumn + " AS id FROM " + table + " WHERE user_id = :user";
        this.link = "INSERT INTO " + table + " (user_id, " + idColumn
                + ", created_at) VALUES (:user, :id, :now) ON CONFLICT DO NOTHING";
    }

    /** The user's object; empty as long as there is none. */
    public Mono<String> find(UUID userId) {
        return database.sql(find)
                .bind("user", userId)
                .map(row -> Rows.text(row, "id"))
                .one();
    }

    /** Remembers a user's object, and returns the one that was remembered first. */
    public Mono<String> link(UUID userId, String id, Instant now) {
        return database.sql(link)
                .bind("user", userId)
                .bind("id", id)
                .bind("now", now)
                .then()
                .then(Mono.defer(() -> find(userId)));
    }
}
