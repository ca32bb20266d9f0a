package dev.paymaster.payout;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.scheduling.annotation.Scheduled;

/** How much waits for the platform's balance, and for how long, every half minute. Every instance tells the same. Thread-safe. */
class WaitingForFunds {
    private static final Logger LOG = LoggerFactory.getLogger(WaitingForFunds.class);

    /** They are few: the line forms behind the first. */
    private static final String WAITING = """
            SELECT coalesce(sum(p.amount_cents), 0)::bigint, coalesce(extract(epoch FROM now() - min(first.at)), 0)::bigint
            FROM payouts.payout p
            LEFT JOIN LATERAL (
                SELECT min(at) AS at FROM payouts.attempt
                WHERE payout_id = p.id AND outcome = 'insufficient_funds') first ON true
            WHERE p.status = 'held' AND p.reason = 'insufficient_funds'""";

    private final JdbcOperations jdbc;
    private final AtomicLong cents = new AtomicLong();
    private final AtomicLong seconds = new AtomicLong();

    WaitingForFunds(JdbcOperations jdbc, MeterRegistry meters) {
        this.jdbc = jdbc;
        Gauge.builder("paymaster.payouts.unfunded.cents", cents, AtomicLong::get)
                .description("What is held because the platform's balance is short")
                .register(meters);
        Gauge.builder("paymaster.payouts.unfunded.seconds", seconds, AtomicLong::get)
                .description("How long ago the balance was first too short for one of these")
                .register(meters);
    }

    @Scheduled(fixedDelay = 30_000)
    void look() {
        try {
            jdbc.query(WAITING, row -> {
                cents.set(row.getLong(1));
                seconds.set(row.getLong(2));
            });
        } catch (RuntimeException e) {
            LOG.warn("what waits for funds could not be counted: {}", e.toString());
        }
    }
}
