package dev.paymaster.gateway.database;

import java.time.Duration;
import java.util.function.Supplier;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import reactor.core.publisher.Mono;

/** Reports over many rows: all of one moment, however long each statement takes, up to a limit. Thread-safe. */
@Component
public final class LongReads {
    private final DatabaseClient database;
    private final Transactions transactions;
    private final DefaultTransactionDefinition snapshot = new DefaultTransactionDefinition();

    LongReads(DatabaseClient database, Transactions transactions) {
        this.database = database;
        this.transactions = transactions;
        snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        snapshot.setReadOnly(true);
    }

    /**
     * Reads in one transaction, which sees the database as it was at its beginning.
     *
     * @param limit of each statement, in place of the usual one
     */
    public <T> Mono<T> of(Duration limit, Supplier<Mono<T>> reads) {
        Mono<T> all = database.sql("SET LOCAL statement_timeout = " + limit.toMillis())
                .then()
                .then(Mono.defer(reads));
        return transactions.around(all, snapshot);
    }
}
