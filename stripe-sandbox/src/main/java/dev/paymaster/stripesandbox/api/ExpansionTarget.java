package dev.paymaster.stripesandbox.api;

import dev.paymaster.stripesandbox.state.Kind;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where an expansion path leads from an object's field. */
sealed interface ExpansionTarget {
    /** A field that holds the id of an object of one of these kinds, or null. */
    record Reference(List<Kind> kinds) implements ExpansionTarget {}

    /** A field that holds an object of this shape already. */
    record Inside(String shape) implements ExpansionTarget {}

    /** A field that holds a list, of which each element has this shape. */
    record Elements(String shape) implements ExpansionTarget {}

    /** A list that is left out unless asked for: documents of a kind by the object's id at a pointer. */
    record Included(Kind kind, String pointer) implements ExpansionTarget {}

    /** By shape, then by field. */
    Map<String, Map<String, ExpansionTarget>> ALL = Map.ofEntries(
            Map.entry("product", Map.of("default_price", to(Kind.PRICE))),
            Map.entry("price", Map.of("product", to(Kind.PRODUCT))),
            Map.entry("item", Map.of("price", inside("price"))),
            Map.entry(
                    "checkout.session",
                    Map.of(
                            "customer", to(Kind.CUSTOMER),
                            "subscription", to(Kind.SUBSCRIPTION),
                            "invoice", to(Kind.INVOICE),
                            "payment_intent", to(Kind.PAYMENT_INTENT),
                            "line_items", new Included(Kind.CHECKOUT_ORDER, ""))),
            Map.entry(
                    "subscription",
                    Map.of(
                            "customer", to(Kind.CUSTOMER),
                            "latest_invoice", to(Kind.INVOICE),
                            "default_payment_method", to(Kind.PAYMENT_METHOD),
                            "items", new Elements("subscription_item"))),
            Map.entry("subscription_item", Map.of("price", inside("price"))),
            Map.entry(
                    "invoice",
                    Map.of(
                            "customer", to(Kind.CUSTOMER),
                            "default_payment_method", to(Kind.PAYMENT_METHOD),
                            "parent", inside("invoice.parent"),
                            "lines", new Elements("line_item"),
                            "payments", new Included(Kind.INVOICE_PAYMENT, "/invoice"))),
            Map.entry("invoice.parent", Map.of("subscription_details", inside("invoice.subscription_details"))),
            Map.entry("invoice.subscription_details", Map.of("subscription", to(Kind.SUBSCRIPTION))),
            Map.entry(
                    "line_item", Map.of("subscription", to(Kind.SUBSCRIPTION), "pricing", inside("line_item.pricing"))),
            Map.entry("line_item.pricing", Map.of("price_details", inside("line_item.price_details"))),
            Map.entry("line_item.price_details", Map.of("price", to(Kind.PRICE))),
            Map.entry(
                    "invoice_payment",
                    Map.of("invoice", to(Kind.INVOICE), "payment", inside("invoice_payment.payment"))),
            Map.entry(
                    "invoice_payment.payment",
                    Map.of("payment_intent", to(Kind.PAYMENT_INTENT), "charge", to(Kind.CHARGE))),
            Map.entry(
                    "payment_intent",
                    Map.of(
                            "customer", to(Kind.CUSTOMER),
                            "latest_charge", to(Kind.CHARGE),
                            "payment_method", to(Kind.PAYMENT_METHOD))),
            Map.entry(
                    "charge",
                    Map.of(
                            "customer", to(Kind.CUSTOMER),
                            "balance_transaction", to(Kind.BALANCE_TRANSACTION),
                            "payment_intent", to(Kind.PAYMENT_INTENT),
                            "refunds", new Included(Kind.REFUND, "/charge"))),
            Map.entry(
                    "refund",
                    Map.of(
                            "balance_transaction", to(Kind.BALANCE_TRANSACTION),
                            "failure_balance_transaction", to(Kind.BALANCE_TRANSACTION),
                            "charge", to(Kind.CHARGE),
                            "payment_intent", to(Kind.PAYMENT_INTENT))),
            Map.entry("dispute", Map.of("charge", to(Kind.CHARGE), "payment_intent", to(Kind.PAYMENT_INTENT))),
            Map.entry("payment_method", Map.of("customer", to(Kind.CUSTOMER))),
            Map.entry(
                    "balance_transaction",
                    Map.of(
                            "source",
                            to(Kind.CHARGE, Kind.REFUND, Kind.DISPUTE, Kind.TRANSFER, Kind.TRANSFER_REVERSAL))),
            Map.entry(
                    "transfer",
                    Map.of(
                            "balance_transaction", to(Kind.BALANCE_TRANSACTION),
                            "destination", to(Kind.ACCOUNT),
                            "source_transaction", to(Kind.CHARGE))),
            Map.entry(
                    "transfer_reversal",
                    Map.of("balance_transaction", to(Kind.BALANCE_TRANSACTION), "transfer", to(Kind.TRANSFER))),
            Map.entry(
                    "customer",
                    Map.of(
                            "invoice_settings",
                            inside("customer.invoice_settings"),
                            "subscriptions",
                            new Included(Kind.SUBSCRIPTION, "/customer"))),
            Map.entry("customer.invoice_settings", Map.of("default_payment_method", to(Kind.PAYMENT_METHOD))),
            Map.entry("invoiceitem", Map.of("customer", to(Kind.CUSTOMER), "invoice", to(Kind.INVOICE))),
            Map.entry("credit_note", Map.of("customer", to(Kind.CUSTOMER), "invoice", to(Kind.INVOICE))),
            Map.entry("capability", Map.of("account", to(Kind.ACCOUNT))));

    /** What a field of an object of this shape leads to; null if it can't be expanded. */
    static @Nullable ExpansionTarget of(String shape, String field) {
        return ALL.getOrDefault(shape, Map.of()).get(field);
    }

    private static ExpansionTarget to(Kind... kinds) {
        return new Reference(List.of(kinds));
    }

    private static ExpansionTarget inside(String shape) {
        return new Inside(shape);
    }
}
