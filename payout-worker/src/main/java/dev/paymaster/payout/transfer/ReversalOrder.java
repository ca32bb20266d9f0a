package dev.paymaster.payout.transfer;

import java.util.UUID;

/**
 * All that is left of a transfer is to be taken back.
 *
 * @param amountCents of the transfer, in cents of a US dollar
 */
public record ReversalOrder(String key, UUID payoutId, UUID receiver, String transferId, long amountCents)
        implements Order {}
