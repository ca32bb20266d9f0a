package dev.paymaster.system.bench;

import dev.paymaster.events.job.JobCommand.CreateJob;
import dev.paymaster.events.job.JobSnapshot;
import dev.paymaster.events.job.JobStatus;
import dev.paymaster.messaging.Ids;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.R2dbcType;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;

/** Holds the credits and writes the job, in one transaction. Thread-safe. */
final class PlainHolds {
    private static final long COST = 2;
    private static final long PAYOUT_CENTS = 100;

    /** Takes the credits and locks the account, or hits no row. */
    private static final String TAKE = """
            UPDATE ledger.account SET available = available - $2, held = held + $2, sequence = sequence + 1
            WHERE user_id = $1 AND available >= $2 AND debt = 0
            RETURNING available, held, sequence""";

    /** The lot that lapses soonest, then the oldest; one that can't pay the whole job isn't tried here. */
    private static final String DRAW = """
            UPDATE ledger.lot SET remaining = remaining - $2
            WHERE user_id = $1 AND id = (
                SELECT id FROM ledger.lot
                WHERE user_id = $1 AND remaining >= $2 AND (expires_at IS NULL OR expires_at > $3)
                ORDER BY expires_at, opened LIMIT 1)
            RETURNING id""";

    private static final String INSERT_TRANSFER = """
            INSERT INTO ledger.transfer (user_id, sequence, kind, amount, lot_id, job_id, ref, available_after, held_after,
                                         debt_after, recorded_at)
            VALUES ($1, $2, 'hold', $3, $4, $5, $6, $7, $8, 0, $9)""";

    private static final String INSERT_JOB = """
            INSERT INTO jobs.job (id, sender, status, skill, credit_cost, payout_cents, shadow, prompt, title, criteria,
                                  sequence, created_at, updated_at)
            VALUES ($1, $2, 'queued', $3, $4, $5, false, $6, $7, $8, 1, $9, $9)""";

    private final Ids ids = Ids.timeOrdered();
    private final DatabaseClient database;
    private final TransactionalOperator transactions;

    PlainHolds(ConnectionFactory connections) {
        this.database = DatabaseClient.create(connections);
        this.transactions = TransactionalOperator.create(new R2dbcTransactionManager(connections));
    }

    private record Balance(long available, long held, long sequence) {}

    /** The job; empty, and nothing has changed, when the credits don't suffice. An error changes nothing either. */
    Mono<JobSnapshot> create(CreateJob wanted) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        JobSnapshot job = job(wanted, now);
        return take(job)
                .flatMap(balance -> draw(job)
                        .switchIfEmpty(Mono.error(() -> new IllegalStateException("no lot can pay the whole job")))
                        .flatMap(lot -> insertTransfer(job, lot, balance)))
                .flatMap(_ -> insertJob(job))
                .map(_ -> job)
                .as(transactions::transactional);
    }

    private Mono<Balance> take(JobSnapshot job) {
        return database.sql(TAKE)
                .bind(0, job.sender())
                .bind(1, COST)
                .map(row -> new Balance(number(row, 0), number(row, 1), number(row, 2)))
                .one();
    }

    private Mono<UUID> draw(JobSnapshot job) {
        return database.sql(DRAW)
                .bind(0, job.sender())
                .bind(1, COST)
                .bind(2, job.createdAt())
                .map(row -> Objects.requireNonNull(row.get(0, UUID.class)))
                .one();
    }

    private Mono<Long> insertTransfer(JobSnapshot job, UUID lot, Balance after) {
        return database.sql(INSERT_TRANSFER)
                .bind(0, job.sender())
                .bind(1, after.sequence())
                .bind(2, COST)
                .bind(3, lot)
                .bind(4, job.id())
                .bind(5, "job:" + job.id())
                .bind(6, after.available())
                .bind(7, after.held())
                .bind(8, job.createdAt())
                .fetch()
                .rowsUpdated();
    }

    private Mono<Long> insertJob(JobSnapshot job) {
        return database.sql(INSERT_JOB)
                .bind(0, job.id())
                .bind(1, job.sender())
                .bind(2, job.skill())
                .bind(3, COST)
                .bind(4, PAYOUT_CENTS)
                .bind(5, job.prompt())
                .bind(6, Parameters.in(R2dbcType.VARCHAR, job.title()))
                .bind(7, Parameters.in(R2dbcType.VARCHAR, job.criteria()))
                .bind(8, job.createdAt())
                .fetch()
                .rowsUpdated();
    }

    private JobSnapshot job(CreateJob wanted, Instant now) {
        return new JobSnapshot(
                ids.next(),
                JobStatus.QUEUED,
                wanted.skill(),
                COST,
                PAYOUT_CENTS,
                false,
                wanted.prompt(),
                wanted.title(),
                wanted.criteria(),
                wanted.sender(),
                null,
                null,
                null,
                now,
                now);
    }

    private static long number(Readable row, int column) {
        return Objects.requireNonNull(row.get(column, Long.class));
    }
}
