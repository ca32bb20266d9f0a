package dev.paymaster.gateway.http;

import java.time.Duration;
import java.util.function.Supplier;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.reactive.TransactionalOperator;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import reactor.core.publisher.Mono;

/** Reports over many rows: all of one moment, however long each statement takes, up to a limit. Thread-safe. */
@Component
public final class LongReads {
    private final DatabaseClient database;
    private final TransactionalOperator snapshot;

    LongReads(DatabaseClient database, ReactiveTransactionManager transactions) {
        DefaultTransactionDefinition definition = new DefaultTransactionDefinition();
        definition.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        definition.setReadOnly(true);
        this.database = database;
        this.snapshot = TransactionalOperator.create(transactions, definition);
    }

    /**
     * Reads in one transaction, which sees the database as it was at its beginning.
     *
     * @param limit of each statement, in place of the usual one
     */
    public <T> Mono<T> of(Duration limit, Supplier<Mono<T>> reads) {
        return database.sql("SET LOCAL statement_timeout = " + limit.toMillis())
                .then()
                .then(Mono.defer(reads))
                .as(snapshot::transactional);
    }
}
