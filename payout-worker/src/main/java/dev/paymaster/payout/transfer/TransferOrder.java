package dev.paymaster.payout.transfer;

import java.util.UUID;

/**
 * A transfer to be made. Everything in it is fixed for its key.
 *
 * @param key the idempotency key
 * @param amountCents cents of a US dollar
 * @param destination the receiver's connected account
 * @param description what the receiver reads
 */
public record TransferOrder(
        String key, UUID payoutId, UUID jobId, UUID receiver, long amountCents, String destination, String description)
        implements Order {}
