package dev.paymaster.gateway.deadletter;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** How many letters wait for somebody, every half minute. Every gateway tells the same. */
@Component
class DeadLetterMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterMetrics.class);

    private final DeadLetterStore store;
    private final MultiGauge open;

    DeadLetterMetrics(DeadLetterStore store, MeterRegistry meters) {
        this.store = store;
        this.open = MultiGauge.builder("paymaster.dead.letters.open")
                .description("Dead letters that nobody has replayed or discarded")
                .register(meters);
    }

    @Scheduled(fixedDelay = 30_000)
    Mono<Void> count() {
        return store.waiting()
                .map(waiting -> MultiGauge.Row.of(
                        Tags.of("topic", waiting.topic(), "consumer", waiting.consumer()), waiting.open()))
                .collectList()
                .doOnNext(rows -> open.register(rows, true))
                .then()
                .onErrorResume(failure -> {
                    LOG.warn("dead letters could not be counted: {}", failure.toString());
                    return Mono.empty();
                });
    }
}
