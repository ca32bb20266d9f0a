package dev.paymaster.gateway.reconcile;

import dev.paymaster.gateway.http.Rows;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** For how long a paid invoice has waited for its user, looked at as often as Stripe's lists. Every gateway tells the same. */
@Component
class ParkedInvoices {
    private static final Logger LOG = LoggerFactory.getLogger(ParkedInvoices.class);

    private final DatabaseClient database;
    private final AtomicLong seconds = new AtomicLong();

    ParkedInvoices(DatabaseClient database, MeterRegistry meters) {
        this.database = database;
        Gauge.builder("paymaster.invoices.parked.seconds", seconds, AtomicLong::get)
                .description("How long the oldest paid invoice has waited for somebody to say whose it is")
                .register(meters);
    }

    @Scheduled(initialDelayString = "${reconcile.first-after:1m}", fixedDelayString = "${reconcile.every:10m}")
    Mono<Void> look() {
        return database.sql("SELECT coalesce(extract(epoch FROM now() - min(parked_at)), 0)::bigint AS seconds"
                        + " FROM api.parked_invoice")
                .map(row -> Rows.number(row, "seconds"))
                .one()
                .doOnNext(seconds::set)
                .then()
                .onErrorResume(failure -> {
                    LOG.warn("parked invoices could not be looked at: {}", failure.toString());
                    return Mono.empty();
                });
    }
}
