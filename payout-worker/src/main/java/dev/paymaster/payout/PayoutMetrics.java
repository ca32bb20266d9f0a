package dev.paymaster.payout;

import static java.util.Objects.requireNonNull;

import dev.paymaster.events.payout.PayoutStatus;
import dev.paymaster.messaging.AfterCommit;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/**
 * What people should be alerted by, counted when the transaction that is under way is committed: so each fact is counted
 * once, however often a batch is tried. Thread-safe.
 */
final class PayoutMetrics {
    private final Map<PayoutStatus, Counter> changes = new EnumMap<>(PayoutStatus.class);
    private final Counter paidTwice;

    PayoutMetrics(MeterRegistry registry) {
        // All at 0 from the start: of a series that begins at 1, no alert sees the rise.
        for (PayoutStatus status : PayoutStatus.values()) {
            changes.put(
                    status,
                    Counter.builder("paymaster.payouts")
                            .description("Changes of payouts by the status they led to")
                            .tag("status", status.json())
                            .register(registry));
        }
        this.paidTwice = Counter.builder("paymaster.payouts.paid.twice")
                .description("Payouts with a second transfer, which must be taken back by hand")
                .register(registry);
    }

    /** Counts a change that was told to the world; an alert belongs on {@code status="failed"}. */
    void changed(PayoutStatus status) {
        AfterCommit.run(requireNonNull(changes.get(status), "every status has one")::increment);
    }

    void paidTwice() {
        AfterCommit.run(paidTwice::increment);
    }
}
