package dev.paymaster.gateway.reconcile;

import dev.paymaster.gateway.stripe.ListPage.Item;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The {@code invoice.paid} event of an invoice whose own event nobody has any more. Its id follows from the invoice's, and all of
 * it is a function of the invoice, which stands in it byte for byte.
 */
final class InvoicePaidEvent {
    /** No id of Stripe's begins like this. */
    private static final String PREFIX = "evt_paymaster_paid_";

    private InvoicePaidEvent() {}

    static String idOf(String invoiceId) {
        return PREFIX + invoiceId;
    }

    /** Whether the invoice could entitle to anything: only those of subscriptions do. */
    static boolean matters(Item invoice) {
        JsonNode json = JsonMapper.shared().readTree(invoice.json());
        return !json.path("parent")
                        .path("subscription_details")
                        .path("subscription")
                        .isMissingNode()
                || json.path("subscription").isString();
    }

    static byte[] of(Item invoice) {
        JsonNode json = JsonMapper.shared().readTree(invoice.json());
        JsonNode paidAt = json.path("status_transitions").path("paid_at");
        ByteArrayOutputStream event = new ByteArrayOutputStream(invoice.json().length + 256);
        write(
                event,
                "{\"id\":\"" + idOf(invoice.id()) + "\",\"object\":\"event\",\"created\":"
                        + (paidAt.isIntegralNumber() ? paidAt.longValue() : invoice.created())
                        + ",\"data\":{\"object\":");
        event.writeBytes(invoice.json());
        write(
                event,
                "},\"livemode\":" + json.path("livemode").asBoolean(false)
                        + ",\"pending_webhooks\":0,\"request\":{\"id\":null,\"idempotency_key\":null},\"type\":\"invoice.paid\"}");
        return event.toByteArray();
    }

    private static void write(ByteArrayOutputStream event, String text) {
        event.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
