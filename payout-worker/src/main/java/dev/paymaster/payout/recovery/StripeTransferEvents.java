package dev.paymaster.payout.recovery;

import static dev.paymaster.payout.event.StripeEvent.text;
import static dev.paymaster.payout.event.StripeEvent.uuid;

import dev.paymaster.messaging.UnreadableRecordException;
import dev.paymaster.payout.event.StripeEvent;
import dev.paymaster.payout.recovery.TransferReport.Target;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads what Stripe tells of transfers, as it was signed. Only what is needed is looked at, so another version of Stripe's
 * API changes nothing.
 */
public final class StripeTransferEvents {
    private static final String REVERSED = "stripe.transfer.reversed";

    private StripeTransferEvents() {}

    /**
     * The report in an event, or null when its type says nothing of reversals, or it is of a connected account, whose transfers may
     * name payouts that aren't theirs. A transfer that was made is no news: the answer to the call, or a lookup, tells of it.
     *
     * @throws UnreadableRecordException when an event of the known type is no JSON or lacks what it is about
     */
    public static @Nullable TransferReport read(StripeEvent event) {
        return event.type().equals(REVERSED) && event.account() == null ? reversed(event) : null;
    }

    private static TransferReport reversed(StripeEvent event) {
        JsonNode transfer = event.object();
        JsonNode reversed = transfer.path("amount_reversed");
        String id = text(transfer.path("id"));
        if (id == null || !reversed.isIntegralNumber() || !reversed.canConvertToLong() || reversed.longValue() <= 0) {
            throw new UnreadableRecordException("the event doesn't say what was taken back of which transfer");
        }
        return new TransferReport(id, named(transfer.path("metadata")), reversed.longValue(), event.created());
    }

    private static @Nullable Target named(JsonNode metadata) {
        UUID receiver = uuid(metadata.path("receiver"));
        UUID payoutId = uuid(metadata.path("payout_id"));
        return receiver == null || payoutId == null ? null : new Target(receiver, payoutId);
    }
}
