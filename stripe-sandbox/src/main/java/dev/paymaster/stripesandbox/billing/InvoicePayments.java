package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.state.Filter;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.Shapes;
import dev.paymaster.stripesandbox.state.Store;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The payment of an invoice: one payment intent, made when the invoice is finalised and confirmed as often as it takes.
 * Called inside {@link Store#transact}.
 */
final class InvoicePayments {
    private final Billing.Tools tools;
    private final Store store;
    private final Payments payments;

    InvoicePayments(Billing.Tools tools, Payments payments) {
        this.tools = tools;
        this.store = tools.store();
        this.payments = payments;
    }

    /** Makes the payment of an invoice that was just finalised and isn't over nothing. */
    void open(ObjectNode invoice) {
        long cents = invoice.required("amount_remaining").longValue();
        boolean first = "subscription_create".equals(Json.text(invoice, "billing_reason"));
        boolean subscription = invoice.required("parent").isObject();
        ObjectNode intent = payments.create(new Payments.Purpose(
                Json.require(invoice, "customer"),
                cents,
                Json.require(invoice, "currency"),
                first ? "Subscription creation" : subscription ? "Subscription update" : "Payment for Invoice",
                Json.object(),
                subscription));
        ObjectNode payment = Shapes.of(
                        Kind.INVOICE_PAYMENT,
                        tools.ids().next(Kind.INVOICE_PAYMENT),
                        tools.clock().now())
                .put("amount_requested", cents)
                .put("currency", Json.require(invoice, "currency"))
                .put("invoice", Json.require(invoice, "id"));
        payment.withObjectProperty("payment").put("payment_intent", Json.require(intent, "id"));
        store.put(Kind.INVOICE_PAYMENT, payment);
    }

    /** Charges a payment method for what is open; returns why not if it is declined. */
    Card.@Nullable Declined attempt(ObjectNode invoice, ObjectNode method) {
        return switch (payments.confirm(intent(invoice), method)) {
            case Payments.Attempt.Succeeded _ -> null;
            case Payments.Attempt.Failed(ObjectNode _, Card.Declined why) -> why;
        };
    }

    /** Starts a payment whose outcome is known days later. */
    void process(ObjectNode invoice, ObjectNode method) {
        payments.process(intent(invoice), method);
    }

    /** Whether the outcome of an invoice's payment is still open. */
    boolean isProcessing(ObjectNode invoice) {
        return find(invoice) != null && Payments.isProcessing(intent(invoice));
    }

    /** The outcome of a payment that was slow. */
    void settle(ObjectNode invoice, boolean succeeded) {
        payments.settle(intent(invoice), succeeded);
    }

    /** Concludes the payment of an invoice that was paid with it; tells nothing if there is none. */
    void paid(ObjectNode invoice) {
        ObjectNode open = find(invoice);
        if (open != null) {
            ObjectNode paid = open.deepCopy()
                    .put("amount_paid", open.required("amount_requested").longValue())
                    .put("status", "paid");
            paid.withObjectProperty("status_transitions")
                    .put("paid_at", tools.clock().now());
            store.put(Kind.INVOICE_PAYMENT, paid);
            tools.events().emit("invoice_payment.paid", paid);
        }
    }

    /** Gives up the payment of an invoice that isn't owed any more, or was paid elsewhere. */
    void cancel(ObjectNode invoice) {
        ObjectNode open = find(invoice);
        if (open != null) {
            payments.cancel(intent(invoice));
            ObjectNode canceled = open.deepCopy().put("status", "canceled");
            canceled.withObjectProperty("status_transitions")
                    .put("canceled_at", tools.clock().now());
            store.put(Kind.INVOICE_PAYMENT, canceled);
        }
    }

    /** The amount of an invoice has changed before it was paid. */
    void reduce(ObjectNode invoice) {
        ObjectNode open = find(invoice);
        if (open != null) {
            long cents = invoice.required("amount_remaining").longValue();
            store.put(Kind.INVOICE_PAYMENT, open.deepCopy().put("amount_requested", cents));
            store.put(Kind.PAYMENT_INTENT, intent(invoice).deepCopy().put("amount", cents));
        }
    }

    private ObjectNode intent(ObjectNode invoice) {
        ObjectNode open = find(invoice);
        if (open == null) {
            throw new IllegalStateException("No open payment of " + invoice.required("id"));
        }
        return store.get(Kind.PAYMENT_INTENT, Json.require(open.required("payment"), "payment_intent"));
    }

    private @Nullable ObjectNode find(ObjectNode invoice) {
        return store.newestFirst(Kind.INVOICE_PAYMENT, Filter.field("/invoice", Json.require(invoice, "id")))
                .filter(payment -> "open".equals(Json.text(payment, "status")))
                .findFirst()
                .orElse(null);
    }
}
