package dev.paymaster.gateway.database;

import org.springframework.stereotype.Component;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;

/**
 * Database transactions that come to their end also when nobody waits for it any more. One that is cancelled at its beginning,
 * because somebody has hung up, would leave a connection in the pool on which BEGIN is still to take effect: what others write
 * on it next would never be committed (https://github.com/spring-projects/spring-framework/issues/32115). Thread-safe.
 */
@Component
public final class Transactions {
    private final ReactiveTransactionManager manager;

    Transactions(ReactiveTransactionManager manager) {
        this.manager = manager;
    }

    /** The work in one transaction. */
    public <T> Mono<T> around(Mono<T> work) {
        return around(work, TransactionDefinition.withDefaults());
    }

    /** The work in one transaction of that kind. */
    <T> Mono<T> around(Mono<T> work, TransactionDefinition kind) {
        Mono<T> transaction = TransactionalOperator.create(manager, kind).transactional(work);
        return Mono.deferContextual(context ->
                Mono.fromFuture(() -> transaction.contextWrite(context).toFuture(), true));
    }
}
