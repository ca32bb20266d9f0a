package dev.paymaster.payout.obligation;

import java.time.Instant;
import java.util.UUID;

/**
 * What is owed, to whom and for what. It never changes, so that one idempotency key always goes with one body.
 *
 * @param id the payout's
 * @param amountCents cents of a US dollar
 * @param description what the receiver reads at Stripe
 */
public record Owed(
        UUID id, UUID jobId, UUID sender, UUID receiver, long amountCents, String description, Instant createdAt) {
    public Owed {
        if (amountCents <= 0) {
            throw new IllegalArgumentException("a payout is of a positive amount, not " + amountCents);
        }
    }

    /** Whether it is what several jobs pay together. */
    public boolean isBatch() {
        return id.equals(jobId);
    }
}
