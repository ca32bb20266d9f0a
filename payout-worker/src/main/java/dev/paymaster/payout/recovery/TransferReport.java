package dev.paymaster.payout.recovery;

import dev.paymaster.events.payout.PayoutCommand.ApplyReversal;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an event of Stripe says of a transfer.
 *
 * @param named the payout that the transfer names in its metadata; absent when it names none
 * @param reversedCents how much of it has been taken back
 */
public record TransferReport(String transferId, @Nullable Target named, long reversedCents, Instant at) {

    /** A payout and who is paid by it. */
    public record Target(UUID receiver, UUID payoutId) {}

    /** The command to the payout's receiver. */
    public ApplyReversal about(Target payout) {
        return new ApplyReversal(payout.receiver(), payout.payoutId(), transferId, reversedCents, at);
    }
}
