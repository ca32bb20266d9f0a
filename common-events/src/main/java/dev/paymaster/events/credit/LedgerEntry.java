package dev.paymaster.events.credit;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One entry of one account, with the balances after it.
 *
 * @param sequence 1, 2, 3 … per account
 * @param amount whole credits, always positive; what it does to the balances follows from the kind of event
 * @param lotId the grant that the credits come from; absent where only debt changes: a revocation that
 *     adds to it, a reinstatement that forgives it
 * @param jobId the job, for holds, captures and releases
 * @param ref what caused it: {@code invoice:in_…}, {@code session:cs_…}, {@code job:…}, {@code manual:…},
 *     {@code lot:…}, {@code reversal:invoice:in_…:n}, {@code reversal:session:cs_…:n}
 * @param available credits that can be spent, after this entry
 * @param held credits held for open jobs, after this entry
 * @param debt credits owed, after this entry
 */
public record LedgerEntry(
        UUID userId,
        long sequence,
        long amount,
        @Nullable UUID lotId,
        @Nullable UUID jobId,
        String ref,
        long available,
        long held,
        long debt,
        Instant recordedAt) {}
