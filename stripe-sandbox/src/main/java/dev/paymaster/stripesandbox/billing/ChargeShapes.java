package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.Shapes;
import tools.jackson.databind.node.ObjectNode;

/** Charges as drafts: what Stripe writes on one that is paid, pending or failed. */
final class ChargeShapes {
    private ChargeShapes() {}

    /** A paid charge of an intent's amount to a payment method. */
    static ObjectNode of(String id, long now, ObjectNode intent, ObjectNode method) {
        ObjectNode charge = Shapes.of(Kind.CHARGE, id, now)
                .put("calculated_statement_descriptor", "SANDBOX")
                .put("payment_intent", Json.require(intent, "id"))
                .put("payment_method", Json.require(method, "id"));
        for (String same : new String[] {"amount", "currency", "customer", "description", "metadata"}) {
            charge.set(same, intent.required(same));
        }
        String type = Json.require(method, "type");
        if (type.equals("card")) {
            card(charge, method);
        } else {
            ObjectNode details = Json.object().put("type", type);
            details.set(type, method.required(type));
            charge.set("payment_method_details", details);
        }
        return paid(charge);
    }

    static ObjectNode paid(ObjectNode draft) {
        draft.set("amount_captured", draft.required("amount"));
        return draft.put("captured", true).put("paid", true).put("status", "succeeded");
    }

    /** A charge to a bank account is captured at once and paid days later. */
    static ObjectNode pending(ObjectNode draft) {
        return draft.put("paid", false).put("status", "pending");
    }

    static void failed(ObjectNode draft, Card.Declined why) {
        draft.put("amount_captured", 0)
                .put("captured", false)
                .put("paid", false)
                .put("status", "failed")
                .put("failure_code", "card_declined")
                .put("failure_message", why.message())
                .withObjectProperty("outcome")
                .put("network_status", "declined_by_network")
                .put("reason", why.code())
                .put("seller_message", "The bank did not return any further details with this decline.")
                .put("type", "issuer_declined");
    }

    private static void card(ObjectNode charge, ObjectNode method) {
        long cents = charge.required("amount").longValue();
        ObjectNode card = charge.withObjectProperty("payment_method_details").withObjectProperty("card");
        card.put("amount_authorized", cents);
        card.withObjectProperty("overcapture").put("maximum_amount_capturable", cents);
        card.set("last4", method.required("card").required("last4"));
        card.set("fingerprint", method.required("card").required("fingerprint"));
    }
}
