package dev.paymaster.credit.invoice;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an invoice entitles to for one service period of one subscription.
 *
 * @param credits of the highest tier paid for
 * @param revenueCents what the invoice brought in for the period, less what it gave back for unused time
 */
public record Claim(
        Period period,
        String tier,
        long credits,
        @Nullable Instant periodStart,
        @Nullable Instant expiresAt,
        long revenueCents) {

    /** A service period; an upgrade within it has its own start, but the same end. */
    public record Period(String subscriptionId, Instant end) {}
}
