package dev.paymaster.gateway.reconcile;

import dev.paymaster.gateway.http.Rows;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;

/** What was published from here. Thread-safe. */
@Repository
class Published {
    /** Longer than Stripe keeps events. */
    static final Duration MEMORY = Duration.ofDays(35);

    private final DatabaseClient database;

    Published(DatabaseClient database) {
        this.database = database;
    }

    /**
     * Those of these events that were published from here, no longer ago than {@code memory}; or that no worker could apply: they
     * are dead letters, which people replay or discard. One that was replayed and fails again is a new letter.
     */
    Mono<Set<String>> events(Collection<String> ids, Duration memory) {
        return database.sql("""
                        SELECT event_id AS id FROM identity.reconciled_event
                        WHERE event_id = ANY (:ids) AND published_at > now() - make_interval(secs => :memory)
                        UNION SELECT event_id FROM identity.dead_letter
                        WHERE event_id = ANY (:ids) AND topic = 'stripe.events' AND status <> 'replayed'""")
                .bind("ids", ids.toArray(String[]::new))
                .bind("memory", (double) memory.toSeconds())
                .map(row -> Rows.text(row, "id"))
                .all()
                .collect(Collectors.toSet());
    }

    Mono<Void> remember(Collection<String> ids) {
        return database.sql("""
                        INSERT INTO identity.reconciled_event (event_id, published_at)
                        SELECT id, now() FROM unnest(:ids) AS published (id)
                        ON CONFLICT (event_id) DO UPDATE SET published_at = excluded.published_at""").bind("ids", ids.toArray(String[]::new)).then();
    }

    Mono<Void> forgetOld() {
        return database.sql("DELETE FROM identity.reconciled_event WHERE published_at < now() - make_interval(secs => "
                        + MEMORY.toSeconds() + ")")
                .then();
    }
}
