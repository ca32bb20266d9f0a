package dev.paymaster.system.bench;

import dev.paymaster.embedded.Database;
import dev.paymaster.events.job.JobCommand.CreateJob;
import dev.paymaster.events.job.JobSnapshot;
import dev.paymaster.gateway.users.Caller;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.RequestBody;
import reactor.core.publisher.Mono;

/** The reference of jobs: a controller that writes to its own database before it answers. */
final class PlainJobs implements AutoCloseable {
    /** As many as the gateway has for its own. */
    private static final int CONNECTIONS = 16;

    private final ConnectionPool pool;
    private final PlainHolds holds;

    private PlainJobs(ConnectionPool pool) {
        this.pool = pool;
        this.holds = new PlainHolds(pool);
    }

    record NewJob(
            @Nullable String prompt,
            @Nullable String skill,
            @Nullable String title,
            @Nullable String criteria) {}

    static PlainJobs on(Database database) {
        PostgresqlConnectionFactory connections =
                new PostgresqlConnectionFactory(PostgresqlConnectionConfiguration.builder()
                        .host(database.host())
                        .port(database.port())
                        .database(database.database())
                        .username(database.ownerUser())
                        .password(database.ownerPassword())
                        .build());
        return new PlainJobs(new ConnectionPool(ConnectionPoolConfiguration.builder(connections)
                .initialSize(CONNECTIONS)
                .maxSize(CONNECTIONS)
                .build()));
    }

    public Mono<ResponseEntity<JobSnapshot>> create(
            @AuthenticationPrincipal Caller caller, @RequestBody NewJob wanted) {
        CreateJob job = new CreateJob(
                caller.id(),
                Objects.requireNonNullElse(wanted.skill(), "research"),
                Objects.requireNonNullElse(wanted.prompt(), ""),
                wanted.title(),
                wanted.criteria());
        return holds.create(job)
                .map(created -> ResponseEntity.status(HttpStatus.CREATED).body(created))
                .defaultIfEmpty(
                        ResponseEntity.status(HttpStatus.PAYMENT_REQUIRED).build());
    }

    @Override
    public void close() {
        pool.close();
    }
}
