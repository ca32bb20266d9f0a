package dev.paymaster.events.payout;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A whole payout as it is after an event.
 *
 * @param amountCents cents of a US dollar
 * @param reason why it waits or failed: {@code account_not_active}, {@code insufficient_funds},
 *     {@code new_receiver}, {@code revenue_cap}, {@code refused}; of one
 *     that was paid, {@code reversal_requested} or {@code reversal_refused}; absent when nothing is in its way
 * @param detail the same for people, with what Stripe said
 * @param attempt the number in the current idempotency key, from 1
 * @param nextAttemptAt when Stripe is called next; absent when it isn't going to be
 * @param reversedCents how much of the transfer has been taken back; absent: nothing
 * @param releaseAt when a payout that is held as {@code new_receiver} is to be made; absent for all others
 * @param batchId the payout that this one is made with, when several jobs are paid by one transfer; absent otherwise
 * @param jobs of how many jobs this is the one transfer; its {@code jobId} is its own id then; absent otherwise
 */
public record PayoutSnapshot(
        UUID id,
        UUID jobId,
        UUID receiver,
        long amountCents,
        PayoutStatus status,
        @Nullable String reason,
        @Nullable String detail,
        int attempt,
        @Nullable Instant nextAttemptAt,
        @Nullable String accountId,
        @Nullable String transferId,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Long reversedCents,
        @Nullable Instant releaseAt,
        @Nullable UUID batchId,
        @Nullable Integer jobs) {}
