package dev.paymaster.payout.transfer;

import java.util.UUID;

/** What is asked of Stripe for one payout. Everything in it is fixed for its key. */
public sealed interface Order permits TransferOrder, ReversalOrder {
    /** The idempotency key. */
    String key();

    UUID payoutId();

    UUID receiver();
}
