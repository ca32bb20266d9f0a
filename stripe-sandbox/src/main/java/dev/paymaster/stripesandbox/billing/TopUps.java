package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.Store;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What Checkout does in mode {@code payment}: one payment intent for all lines, no invoice. With a slow payment method
 * the session is complete while its {@code payment_status} is still {@code unpaid}
 * (<a href="https://docs.stripe.com/checkout/fulfillment#delayed-notification">delayed notification</a>).
 */
final class TopUps {
    private final Store store;
    private final PaymentMethods paymentMethods;
    private final Payments payments;

    TopUps(Store store, PaymentMethods paymentMethods, Payments payments) {
        this.store = store;
        this.paymentMethods = paymentMethods;
        this.payments = payments;
    }

    /** Pays a draft of a completed session; refuses a card that is declined. */
    Card.@Nullable Declined pay(ObjectNode draft, ObjectNode order, Buyer.Means means, @Nullable String customer) {
        ObjectNode method = paymentMethods.attach(customer, means);
        long cents = draft.required("amount_total").longValue();
        if (cents == 0) {
            draft.put("payment_status", "no_payment_required");
            return null;
        }
        JsonNode data = order.path("payment_intent_data");
        ObjectNode intent = payments.create(new Payments.Purpose(
                customer,
                cents,
                Json.require(draft, "currency"),
                Json.text(data, "description"),
                data.path("metadata"),
                data.has("setup_future_usage")));
        draft.put("payment_intent", Json.require(intent, "id"));
        return switch (means) {
            case Buyer.Means.ByBank _ -> {
                payments.process(intent, method);
                yield null;
            }
            case Buyer.Means.ByCard _ -> byCard(draft, payments.confirm(intent, method));
        };
    }

    /** The outcome of a session whose payment was slow. */
    void settle(ObjectNode session, boolean succeeded) {
        payments.settle(store.get(Kind.PAYMENT_INTENT, Json.require(session, "payment_intent")), succeeded);
    }

    /** Whether the outcome of a session's payment is still open. */
    boolean isProcessing(ObjectNode session) {
        String intent = Json.text(session, "payment_intent");
        return intent != null && Payments.isProcessing(store.get(Kind.PAYMENT_INTENT, intent));
    }

    private static Card.@Nullable Declined byCard(ObjectNode draft, Payments.Attempt attempt) {
        return switch (attempt) {
            case Payments.Attempt.Succeeded _ -> {
                draft.put("payment_status", "paid");
                yield null;
            }
            case Payments.Attempt.Failed(ObjectNode _, Card.Declined why) -> why;
        };
    }
}
