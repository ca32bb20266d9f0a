package dev.paymaster.gateway.users;

import dev.paymaster.gateway.http.Rows;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;

/** The users and their keys. Thread-safe. */
@Repository
public class Users {
    private final DatabaseClient database;

    Users(DatabaseClient database) {
        this.database = database;
    }

    /** A user and its first key, in one statement: there is never one without the other. */
    Mono<Void> add(User user, UUID keyId, byte[] keyHash) {
        DatabaseClient.GenericExecuteSpec statement = database.sql("""
                        WITH added AS (
                            INSERT INTO identity.app_user (id, name, email, created_at)
                            VALUES (:id, :name, :email, :now) RETURNING id)
                        INSERT INTO identity.api_key (id, user_id, hash, created_at)
                        SELECT :key, id, :hash, :now FROM added""")
                .bind("id", user.id())
                .bind("name", user.name())
                .bind("key", keyId)
                .bind("hash", keyHash)
                .bind("now", user.createdAt());
        String email = user.email();
        return (email == null ? statement.bindNull("email", String.class) : statement.bind("email", email)).then();
    }

    /** Another key; empty when there is no such user. */
    Mono<UUID> addKey(UUID userId, UUID keyId, byte[] keyHash, Instant now) {
        return database.sql("""
                        INSERT INTO identity.api_key (id, user_id, hash, created_at)
                        SELECT :key, id, :hash, :now FROM identity.app_user WHERE id = :user RETURNING id""")
                .bind("key", keyId)
                .bind("user", userId)
                .bind("hash", keyHash)
                .bind("now", now)
                .map(row -> Rows.required(row, "id", UUID.class))
                .one();
    }

    Mono<User> find(UUID id) {
        return database.sql("SELECT id, name, email, created_at FROM identity.app_user WHERE id = :id")
                .bind("id", id)
                .map(row -> new User(
                        Rows.required(row, "id", UUID.class),
                        Rows.text(row, "name"),
                        row.get("email", String.class),
                        Rows.required(row, "created_at", Instant.class)))
                .one();
    }

    /** The user as one who calls; empty when there is none of this id. */
    public Mono<Caller> caller(UUID id) {
        return find(id).map(user -> new Caller(user.id(), user.name(), user.email(), false));
    }

    /** Whose key it is, as long as it isn't revoked. */
    Mono<Caller> ownerOf(byte[] keyHash) {
        return database.sql("""
                        SELECT u.id, u.name, u.email FROM identity.api_key k JOIN identity.app_user u ON u.id = k.user_id
                        WHERE k.hash = :hash AND k.revoked_at IS NULL""")
                .bind("hash", keyHash)
                .map(row -> new Caller(
                        Rows.required(row, "id", UUID.class),
                        Rows.text(row, "name"),
                        row.get("email", String.class),
                        false))
                .one();
    }

    /** Revokes a key, of that user only unless {@code owner} is null; says whether there is such a key. */
    Mono<Boolean> revoke(UUID keyId, @Nullable UUID owner, Instant now) {
        DatabaseClient.GenericExecuteSpec statement =
                database.sql("""
                        UPDATE identity.api_key SET revoked_at = coalesce(revoked_at, :now)
                        WHERE id = :key AND (:owner::uuid IS NULL OR user_id = :owner)""").bind("now", now).bind("key", keyId);
        return (owner == null ? statement.bindNull("owner", UUID.class) : statement.bind("owner", owner))
                .fetch()
                .rowsUpdated()
                .map(rows -> rows > 0);
    }

    /** The credits that a user can spend at a time: what has lapsed by then can't be. */
    Mono<Long> creditsOf(UUID userId, Instant now) {
        return database.sql("""
                        SELECT b.available - (SELECT coalesce(sum(l.remaining), 0)::bigint FROM api.lot l
                                              WHERE l.user_id = b.user_id AND l.expires_at <= :now)
                               AS credits
                        FROM api.balance b WHERE b.user_id = :user""")
                .bind("user", userId)
                .bind("now", now)
                .map(row -> Rows.number(row, "credits"))
                .one()
                .defaultIfEmpty(0L);
    }
}
