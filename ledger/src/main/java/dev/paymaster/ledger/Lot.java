package dev.paymaster.ledger;

import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One grant, and what is left of it.
 *
 * @param source what kind of thing granted it: {@code invoice}, {@code manual}
 * @param sourceRef what exactly granted it; unique over all lots, so that nothing grants twice
 * @param periodStart start of the service period it was bought for
 * @param expiresAt from when on it can't be spent; absent: never
 * @param revenueCents the cash that bought it, in cents of a US dollar
 * @param opened the sequence of its grant transfer: orders one user's lots by age
 */
public record Lot(
        UUID id,
        UUID userId,
        String source,
        String sourceRef,
        long granted,
        long remaining,
        @Nullable Instant periodStart,
        @Nullable Instant expiresAt,
        long revenueCents,
        long opened) {

    /** Soonest expiry first, never last; then oldest. */
    static final Comparator<Lot> SPENDING_ORDER = Comparator.comparing(
                    (Lot lot) -> lot.expiresAt == null ? Instant.MAX : lot.expiresAt)
            .thenComparingLong(Lot::opened);

    public Lot {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(userId, "userId");
        if (remaining < 0 || remaining > granted) {
            throw new IllegalStateException(
                    "lot " + id + " would have " + remaining + " left of " + granted + " granted");
        }
    }

    boolean isExpired(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }

    Lot until(Instant lapse) {
        return new Lot(id, userId, source, sourceRef, granted, remaining, periodStart, lapse, revenueCents, opened);
    }

    Lot plus(long amount) {
        return new Lot(
                id,
                userId,
                source,
                sourceRef,
                granted,
                Math.addExact(remaining, amount),
                periodStart,
                expiresAt,
                revenueCents,
                opened);
    }
}
