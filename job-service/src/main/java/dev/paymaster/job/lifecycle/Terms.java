package dev.paymaster.job.lifecycle;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What was agreed when a job was created; it never changes.
 *
 * @param creditCost whole credits
 * @param payoutCents cents of a US dollar
 * @param shadow created with Stripe off: the job holds no credits and pays nothing, whatever comes
 */
public record Terms(
        UUID id,
        UUID sender,
        String skill,
        long creditCost,
        long payoutCents,
        boolean shadow,
        String prompt,
        @Nullable String title,
        @Nullable String criteria,
        Instant createdAt) {
    public Terms {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(sender, "sender");
        if (creditCost <= 0 || payoutCents < 0) {
            throw new IllegalArgumentException("job " + id + " needs a positive cost and no negative payout");
        }
    }
}
