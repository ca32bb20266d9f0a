package dev.paymaster.gateway.reconcile;

import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.http.Rows;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;

/** Which instance catches up, and how far that has come. Whoever has lost the lease stores nothing more. Thread-safe. */
@Repository
class Lease {
    /** Beyond what one page takes: a call to Stripe, and a hundred records to Kafka. Renewed with every page. */
    private static final String LENGTH = "interval '60 seconds'";

    private final DatabaseClient database;

    Lease(DatabaseClient database) {
        this.database = database;
    }

    /** Takes it; false while somebody has it, or when the last run is less than {@code rest} ago. */
    Mono<Boolean> take(UUID holder, Duration rest) {
        return database.sql("UPDATE identity.reconcile_lease SET holder = :holder, lease_until = now() + " + LENGTH
                        + " WHERE lease_until < now() AND finished_at <= now() - make_interval(secs => :rest)")
                .bind("holder", holder)
                .bind("rest", (double) rest.toSeconds())
                .fetch()
                .rowsUpdated()
                .map(rows -> rows > 0);
    }

    /** Gives it back. {@code finished}: whether the next run may wait its time. */
    Mono<Void> give(UUID holder, boolean finished) {
        return database.sql("""
                        UPDATE identity.reconcile_lease SET holder = NULL, lease_until = '-infinity',
                               finished_at = CASE WHEN :finished THEN now() ELSE finished_at END
                        WHERE holder = :holder""")
                .bind("holder", holder)
                .bind("finished", finished)
                .then();
    }

    Mono<Cursor> cursor(Catalog list) {
        return database.sql("SELECT since, newest, resume_after FROM identity.reconcile_cursor WHERE list = :list")
                .bind("list", list.column())
                .map(row -> new Cursor(
                        row.get("since", Long.class),
                        row.get("newest", Long.class),
                        row.get("resume_after", String.class)))
                .one()
                .defaultIfEmpty(Cursor.START);
    }

    /** Stores how far a list has been read, and keeps the lease; ends with 409 when it is somebody else's by now. */
    Mono<Void> advance(UUID holder, Catalog list, Cursor cursor) {
        DatabaseClient.GenericExecuteSpec statement = database.sql("WITH mine AS ("
                        + "UPDATE identity.reconcile_lease SET lease_until = now() + " + LENGTH
                        + " WHERE holder = :holder RETURNING 1)"
                        + """
                         INSERT INTO identity.reconcile_cursor (list, since, newest, resume_after)
                        SELECT :list, :since::bigint, :newest::bigint, :after::text FROM mine
                        ON CONFLICT (list) DO UPDATE SET since = excluded.since, newest = excluded.newest,
                            resume_after = excluded.resume_after
                        RETURNING list""")
                .bind("holder", holder)
                .bind("list", list.column());
        statement = bound(statement, "since", cursor.since(), Long.class);
        statement = bound(statement, "newest", cursor.newest(), Long.class);
        return bound(statement, "after", cursor.resumeAfter(), String.class)
                .map(row -> Rows.text(row, "list"))
                .one()
                .switchIfEmpty(Mono.error(Lease::underWay))
                .then();
    }

    /** 409, for a run that can't begin, or can't go on: it was frozen for longer than its lease. */
    static Problem underWay() {
        return Problem.conflict("reconcile_under_way", "another run is under way; it does what this one would")
                .retryAfter(Duration.ofSeconds(5));
    }

    private static <T> DatabaseClient.GenericExecuteSpec bound(
            DatabaseClient.GenericExecuteSpec statement, String name, @Nullable T value, Class<T> type) {
        return value == null ? statement.bindNull(name, type) : statement.bind(name, value);
    }
}
