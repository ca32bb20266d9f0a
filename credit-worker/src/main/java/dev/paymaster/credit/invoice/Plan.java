package dev.paymaster.credit.invoice;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a configured price buys.
 *
 * @param credits whole credits per paid period and unit
 * @param grantOnTrial whether a free trial period grants too
 * @param expiresAfter how long after a period's start, or its payment if that is later, its credits lapse; absent: never, they
 *     roll over
 */
public record Plan(
        String tier,
        long credits,
        boolean grantOnTrial,
        @Nullable Duration expiresAfter) {
    public Plan {
        Objects.requireNonNull(tier, "tier");
        if (credits <= 0 || (expiresAfter != null && !expiresAfter.isPositive())) {
            throw new IllegalArgumentException(
                    "tier " + tier + " needs positive credits and a positive time to expire");
        }
    }

    @Nullable
    Instant expiryOf(@Nullable Instant periodStart, @Nullable Instant paidAt) {
        if (expiresAfter == null || periodStart == null) {
            return null;
        }
        Instant from = paidAt != null && paidAt.isAfter(periodStart) ? paidAt : periodStart;
        return from.plus(expiresAfter);
    }
}
