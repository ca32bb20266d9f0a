package dev.paymaster.system.house.planted;

import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;

/** Whoever hangs up cancels it. */
final class BeginsATransaction {
    private BeginsATransaction() {}

    static Mono<String> begin(TransactionalOperator transactions, Mono<String> work) {
        return work.as(transactions::transactional);
    }
}
