package dev.paymaster.payout;

import dev.paymaster.events.payout.PayoutStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * What people should be alerted by, counted when the transaction that is under way is committed: so each fact is counted
 * once, however often a batch is tried. Thread-safe.
 */
final class PayoutMetrics {
    private final MeterRegistry registry;
    private final Counter paidTwice;

    PayoutMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.paidTwice = Counter.builder("paymaster.payouts.paid.twice")
                .description("Payouts with a second transfer, which must be taken back by hand")
                .register(registry);
    }

    /** Counts a change that was told to the world; an alert belongs on {@code status="failed"}. */
    void changed(PayoutStatus status) {
        Counter counter = Counter.builder("paymaster.payouts")
                .description("Changes of payouts by the status they led to")
                .tag("status", status.json())
                .register(registry);
        AfterCommit.run(counter::increment);
    }

    void paidTwice() {
        AfterCommit.run(paidTwice::increment);
    }
}
