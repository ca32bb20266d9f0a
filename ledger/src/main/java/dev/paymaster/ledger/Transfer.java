package dev.paymaster.ledger;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One movement of credits and the balances after it. User and sequence identify it.
 *
 * @param sequence 1, 2, 3 … per account
 * @param amount whole credits, positive; the kind says from where to where
 * @param lotId the lot that was drawn or filled; absent when a revocation became debt, or a reinstatement forgave some
 * @param jobId the job, for holds, captures, releases, and what a release repaid
 * @param ref what caused it: {@code invoice:in_…}, {@code job:…}, {@code manual:…}
 */
public record Transfer(
        UUID userId,
        long sequence,
        TransferKind kind,
        long amount,
        @Nullable UUID lotId,
        @Nullable UUID jobId,
        String ref,
        long availableAfter,
        long heldAfter,
        long debtAfter,
        Instant recordedAt) {
    public Transfer {
        Objects.requireNonNull(userId, "userId");
        Objects.requireNonNull(ref, "ref");
        if (amount <= 0 || sequence <= 0) {
            throw new IllegalStateException("a transfer of " + userId + " needs a positive amount and sequence");
        }
    }
}
