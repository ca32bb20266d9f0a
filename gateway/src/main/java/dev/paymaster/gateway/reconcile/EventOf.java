package dev.paymaster.gateway.reconcile;

import dev.paymaster.gateway.stripe.ListPage.Item;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The event that tells of an object of Stripe's whose own events nobody has any more. All of it is a function of the object, which
 * stands in it byte for byte: the same object in the same state is the same event, in another state another one.
 *
 * @param id no id of Stripe's begins like this
 */
record EventOf(String id, byte[] json) {
    private static final String PREFIX = "evt_paymaster_";

    /** Longer than any id or state of Stripe's; what is kept of one that isn't is enough to tell it from others. */
    private static final int MAX_ID = 200;

    /** An event of Stripe's own. */
    static EventOf event(Item event) {
        return new EventOf(event.id(), event.json());
    }

    /** The event of this type that tells of the object. */
    static EventOf object(String type, Item object) {
        JsonNode json = JsonMapper.shared().readTree(object.json());
        String id = idOf(type, object.id(), state(json));
        ByteArrayOutputStream event = new ByteArrayOutputStream(object.json().length + 256);
        write(
                event,
                "{\"id\":\"" + id + "\",\"object\":\"event\",\"created\":" + changedAt(json, object.created())
                        + ",\"data\":{\"object\":");
        event.writeBytes(object.json());
        write(
                event,
                "}," + mode(json)
                        + "\"pending_webhooks\":0,\"request\":{\"id\":null,\"idempotency_key\":null},\"type\":\""
                        + type
                        + "\"}");
        return new EventOf(id, event.toByteArray());
    }

    /** Of a transfer, how much of it has been taken back. */
    private static String state(JsonNode object) {
        String back = object.path("amount_reversed").asString("");
        return text(object, "payment_status", text(object, "status", back));
    }

    /** When it was paid, or the last of it was taken back; else when it was made. */
    private static long changedAt(JsonNode object, long created) {
        JsonNode paidAt = object.path("status_transitions").path("paid_at");
        if (paidAt.isIntegralNumber()) {
            return paidAt.longValue();
        }
        return object.at("/reversals/data")
                .valueStream()
                .mapToLong(reversal -> reversal.path("created").asLong(created))
                .max()
                .orElse(created);
    }

    /** Refunds don't say of which mode they are. */
    private static String mode(JsonNode object) {
        JsonNode live = object.path("livemode");
        return live.isBoolean() ? "\"livemode\":" + live.booleanValue() + "," : "";
    }

    private static String idOf(String type, String objectId, String state) {
        String id = (PREFIX + type + "_" + objectId + (state.isEmpty() ? "" : "_" + state))
                .replaceAll("[^A-Za-z0-9_.-]", "-");
        return id.substring(0, Math.min(id.length(), MAX_ID));
    }

    private static String text(JsonNode json, String field, String otherwise) {
        JsonNode value = json.path(field);
        return value.isString() ? value.stringValue() : otherwise;
    }

    private static void write(ByteArrayOutputStream event, String text) {
        event.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
