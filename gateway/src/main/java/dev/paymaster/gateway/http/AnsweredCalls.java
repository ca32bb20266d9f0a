package dev.paymaster.gateway.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;

/**
 * The calls that were made with an Idempotency-Key, and their answers. The database's clock tells whose time is up: instances
 * share the claims, and one of them may have a clock that is wrong. Thread-safe.
 */
@Repository
class AnsweredCalls {
    private static final Logger LOG = LoggerFactory.getLogger(AnsweredCalls.class);

    /** Longer than any client repeats a request. */
    static final Duration MEMORY = Duration.ofDays(7);

    private final DatabaseClient database;

    AnsweredCalls(DatabaseClient database) {
        this.database = database;
    }

    /** @param answer null while the call is under way */
    record Call(byte[] requestHash, byte @Nullable [] answer) {}

    /** Takes a call for this request, for some time; false when it is answered, under way, or another request's. */
    Mono<Boolean> claim(byte[] id, byte[] requestHash, Duration lease) {
        return database.sql("""
                        INSERT INTO identity.repeatable_call AS c (id, request_hash, lease_until, created_at)
                        VALUES (:id, :hash, now() + make_interval(secs => :seconds), now())
                        ON CONFLICT (id) DO UPDATE SET lease_until = excluded.lease_until
                        WHERE c.answer IS NULL AND c.lease_until < now() AND c.request_hash = excluded.request_hash""")
                .bind("id", id)
                .bind("hash", requestHash)
                .bind("seconds", lease.toSeconds())
                .fetch()
                .rowsUpdated()
                .map(rows -> rows > 0);
    }

    Mono<Call> find(byte[] id) {
        return database.sql("SELECT request_hash, answer FROM identity.repeatable_call WHERE id = :id")
                .bind("id", id)
                .map(row -> new Call(Rows.required(row, "request_hash", byte[].class), row.get("answer", byte[].class)))
                .one();
    }

    Mono<Void> keep(byte[] id, byte[] answer) {
        return database.sql("UPDATE identity.repeatable_call SET answer = :answer WHERE id = :id")
                .bind("id", id)
                .bind("answer", answer)
                .then();
    }

    /** A call that came to nothing may be made again. */
    Mono<Void> release(byte[] id) {
        return database.sql("DELETE FROM identity.repeatable_call WHERE id = :id AND answer IS NULL")
                .bind("id", id)
                .then();
    }

    @Scheduled(initialDelayString = "PT1M", fixedDelayString = "PT1H")
    Mono<Void> forgetOld() {
        return database.sql(
                        "DELETE FROM identity.repeatable_call WHERE created_at < now() - make_interval(days => :days)")
                .bind("days", (int) MEMORY.toDays())
                .then()
                .onErrorResume(failure -> {
                    LOG.warn("old answers could not be deleted, trying again in an hour: {}", failure.toString());
                    return Mono.empty();
                });
    }
}
