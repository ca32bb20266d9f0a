package dev.paymaster.credit.payment;

import dev.paymaster.messaging.AfterCommit;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls people for what no rule decides: in the log, and as {@code paymaster.billing.alarms} by reason. What is told again calls
 * again. Thread-safe.
 */
public final class Alarms {
    private static final Logger LOG = LoggerFactory.getLogger(Alarms.class);

    private final MeterRegistry meters;

    public Alarms(MeterRegistry meters) {
        this.meters = meters;
    }

    /** Stripe owes a customer what nobody has paid, and it may buy credits. */
    void balanceWithoutMoney(String subscriptionId, Instant periodEnd, long cents) {
        call(
                "balance_without_money",
                () -> LOG.warn(
                        "of subscription {} until {}, {} cents more came back than were paid by now: unless an invoice for it is"
                                + " yet to be paid, take them off the customer's balance at Stripe, and what they have bought"
                                + " with POST /api/credits/grants",
                        subscriptionId,
                        periodEnd,
                        cents));
    }

    /** What comes back of it is taken from what it was linked to first. */
    void paymentOfSeveral(String paymentId, String first, String other) {
        call(
                "payment_of_several",
                () -> LOG.warn(
                        "payment {} paid for {}, and for {}, too: what comes back of it takes credits of the first alone; take"
                                + " those of the other with POST /api/credits/grants",
                        paymentId,
                        first,
                        other));
    }

    /** Its invoices go to the one, and nobody else would notice: they don't name their users. */
    public void customerOfAnother(String customerId, UUID userId, UUID named) {
        call(
                "customer_of_another",
                () -> LOG.warn(
                        "customer {} is user {}'s here, and names user {} at Stripe: see docs/operating.md",
                        customerId,
                        userId,
                        named));
    }

    private void call(String reason, Runnable log) {
        AfterCommit.run(() -> {
            log.run();
            meters.counter("paymaster.billing.alarms", "reason", reason).increment();
        });
    }
}
