package dev.paymaster.payout.transfer;

import java.util.List;
import java.util.UUID;

/**
 * A transfer to be made. Everything in it is fixed for its key.
 *
 * @param key the idempotency key
 * @param amountCents cents of a US dollar
 * @param destination the receiver's connected account
 * @param description what the receiver reads
 * @param jobs all jobs that it pays, when it isn't one alone; then {@code jobId} is that of the batch
 */
public record TransferOrder(
        String key,
        UUID payoutId,
        UUID jobId,
        UUID receiver,
        long amountCents,
        String destination,
        String description,
        List<UUID> jobs)
        implements Order {

    /** A transfer for one job. */
    public TransferOrder(
            String key,
            UUID payoutId,
            UUID jobId,
            UUID receiver,
            long amountCents,
            String destination,
            String description) {
        this(key, payoutId, jobId, receiver, amountCents, destination, description, List.of());
    }
}
