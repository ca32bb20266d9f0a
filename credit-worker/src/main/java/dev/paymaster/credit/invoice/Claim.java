package dev.paymaster.credit.invoice;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an invoice entitles to for one service period of one subscription.
 *
 * @param credits of the highest tier paid for, as far as that was not given up again before it was billed
 * @param revenueCents the cash that the invoice brought in for the period: what it billed, less what it gave back for unused time,
 *     as far as that was paid, and not taken over by the customer's balance
 * @param paidCents the same with what the balance took over: what comes back for the period is measured by it
 */
public record Claim(
        Period period,
        String tier,
        long credits,
        @Nullable Instant periodStart,
        @Nullable Instant expiresAt,
        long revenueCents,
        long paidCents) {

    /** A service period; an upgrade within it has its own start, but the same end. */
    public record Period(String subscriptionId, Instant end) {}
}
