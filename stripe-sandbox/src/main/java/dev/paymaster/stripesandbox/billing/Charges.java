package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.state.Filter;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.Store;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What refunds and disputes need of a charge: to find it and to take money back from it. */
final class Charges {
    private final Store store;

    Charges(Store store) {
        this.store = store;
    }

    /** The charge that a refund names, directly or by its payment intent. */
    ObjectNode toRefund(@Nullable String chargeId, @Nullable String intentId) {
        if ((chargeId == null) == (intentId == null)) {
            throw StripeRefusal.invalid(
                    "parameter_missing",
                    "One of the following params should be provided: payment_intent, charge.",
                    null);
        }
        ObjectNode charge = named(chargeId, intentId, null);
        if (!charge.required("paid").booleanValue()) {
            throw StripeRefusal.invalid(null, "This charge did not succeed; there is nothing to refund.", "charge");
        }
        if (lostMoneyToADispute(charge)) {
            throw StripeRefusal.invalid(
                    "charge_disputed",
                    "Charge " + Json.require(charge, "id") + " has been charged back; cannot issue a refund.",
                    null);
        }
        return charge;
    }

    /** The charge of this id, or the latest one of this intent or of this invoice. */
    ObjectNode named(@Nullable String chargeId, @Nullable String intentId, @Nullable String invoiceId) {
        if (chargeId != null) {
            ObjectNode charge = store.find(Kind.CHARGE, chargeId);
            if (charge == null) {
                throw StripeRefusal.missing("charge", chargeId, "charge");
            }
            return charge;
        }
        String wanted = intentId != null ? intentId : intentOf(invoiceId);
        ObjectNode intent = store.find(Kind.PAYMENT_INTENT, wanted);
        if (intent == null) {
            throw StripeRefusal.missing("payment_intent", wanted, "payment_intent");
        }
        String latest = Json.text(intent, "latest_charge");
        if (latest == null) {
            throw StripeRefusal.invalid(
                    "payment_intent_unexpected_state",
                    "This PaymentIntent (" + wanted + ") does not have a successful charge to refund.",
                    "payment_intent");
        }
        return store.get(Kind.CHARGE, latest);
    }

    long refundable(ObjectNode charge) {
        return charge.required("amount").longValue()
                - charge.required("amount_refunded").longValue();
    }

    /** Changes what was refunded of a charge in all; a negative amount takes a refund back. */
    ObjectNode addRefunded(ObjectNode charge, long cents) {
        long refunded = charge.required("amount_refunded").longValue() + cents;
        ObjectNode after = charge.deepCopy()
                .put("amount_refunded", refunded)
                .put("refunded", refunded == charge.required("amount").longValue());
        store.put(Kind.CHARGE, after);
        return after;
    }

    /** The last digits of the card that was charged: they tell Stripe's test cards apart. */
    String last4(ObjectNode charge) {
        JsonNode card = charge.required("payment_method_details").path("card");
        String last4 = Json.text(card, "last4");
        return last4 == null ? "" : last4;
    }

    private boolean lostMoneyToADispute(ObjectNode charge) {
        return store.newestFirst(Kind.DISPUTE, Filter.field("/charge", Json.require(charge, "id")))
                .anyMatch(dispute -> !dispute.required("is_charge_refundable").booleanValue());
    }

    private String intentOf(@Nullable String invoiceId) {
        return store.newestFirst(Kind.INVOICE_PAYMENT, Filter.field("/invoice", String.valueOf(invoiceId)))
                .map(payment -> Json.text(payment.required("payment"), "payment_intent"))
                .filter(intent -> intent != null)
                .findFirst()
                .orElseThrow(() -> StripeRefusal.invalid(
                        null, "Name a charge, a payment_intent or an invoice that was paid by one.", "charge"));
    }
}
