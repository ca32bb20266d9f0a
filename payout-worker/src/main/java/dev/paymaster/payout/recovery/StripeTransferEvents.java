package dev.paymaster.payout.recovery;

import dev.paymaster.messaging.Codec;
import dev.paymaster.messaging.UnreadableRecordException;
import dev.paymaster.payout.recovery.TransferReport.Target;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Reads what Stripe tells of transfers, as it was signed. Only what is needed is looked at, so another version of Stripe's
 * API changes nothing.
 */
public final class StripeTransferEvents {
    private static final String REVERSED = "stripe.transfer.reversed";

    private StripeTransferEvents() {}

    /**
     * The report in an event, or null when its type says nothing of reversals. A transfer that was made is no news: the
     * answer to the call, or a lookup, tells of it.
     *
     * @throws UnreadableRecordException when an event of the known type is no JSON or lacks what it is about
     */
    public static @Nullable TransferReport read(String type, byte[] body) {
        return type.equals(REVERSED) ? reversed(parse(body)) : null;
    }

    private static TransferReport reversed(JsonNode event) {
        JsonNode transfer = event.path("data").path("object");
        JsonNode reversed = transfer.path("amount_reversed");
        JsonNode created = event.path("created");
        String id = text(transfer.path("id"));
        if (id == null || !reversed.isIntegralNumber() || reversed.longValue() <= 0 || !created.isIntegralNumber()) {
            throw new UnreadableRecordException(
                    "the event doesn't say what was taken back of which transfer, and when");
        }
        return new TransferReport(
                id, named(transfer.path("metadata")), reversed.longValue(), Instant.ofEpochSecond(created.longValue()));
    }

    private static @Nullable Target named(JsonNode metadata) {
        String receiver = text(metadata.path("receiver"));
        String payoutId = text(metadata.path("payout_id"));
        try {
            return receiver == null || payoutId == null
                    ? null
                    : new Target(UUID.fromString(receiver), UUID.fromString(payoutId));
        } catch (IllegalArgumentException e) {
            return null; // a transfer of somebody else's making: its metadata means something else
        }
    }

    private static JsonNode parse(byte[] body) {
        try {
            return Codec.json().readTree(body);
        } catch (JacksonException e) {
            throw new UnreadableRecordException("not a valid " + REVERSED + ": " + e.getOriginalMessage(), e);
        }
    }

    private static @Nullable String text(JsonNode node) {
        return node.isString() ? node.stringValue() : null;
    }
}
