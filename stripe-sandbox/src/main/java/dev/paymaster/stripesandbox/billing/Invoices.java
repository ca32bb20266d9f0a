package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.events.EventLog;
import dev.paymaster.stripesandbox.state.Ids;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.SandboxClock;
import dev.paymaster.stripesandbox.state.Shapes;
import dev.paymaster.stripesandbox.state.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The life of an invoice: drafted, finalised, paid. Called inside {@link Store#transact}. */
final class Invoices {
    /** How many lines an invoice shows by itself; the rest is at {@code /v1/invoices/{id}/lines}. */
    private static final int LINES_SHOWN = 10;

    private final Store store;
    private final Ids ids;
    private final SandboxClock clock;
    private final EventLog events;
    private final Payments payments;

    Invoices(Store store, Ids ids, SandboxClock clock, EventLog events, Payments payments) {
        this.store = store;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
        this.payments = payments;
    }

    /**
     * Drafts an invoice for the current period of each of a subscription's items.
     *
     * @param reason Stripe's {@code billing_reason}
     * @param invoiced the invoice's own period: the one that has just ended, while the lines carry the one to come
     */
    ObjectNode draft(ObjectNode subscription, String reason, Period invoiced) {
        String id = ids.next(Kind.INVOICE);
        List<ObjectNode> lines = new ArrayList<>();
        for (JsonNode item : Json.data(subscription, "items")) {
            lines.add(line(id, subscription, item));
        }
        long total = lines.stream()
                .mapToLong(line -> line.required("amount").longValue())
                .sum();
        ObjectNode invoice = Shapes.of(Kind.INVOICE, id, clock.now())
                .put("auto_advance", true)
                .put("billing_reason", reason)
                .put("period_start", invoiced.start())
                .put("period_end", invoiced.end());
        for (String amount : List.of("amount_due", "amount_remaining", "subtotal", "total")) {
            invoice.put(amount, total);
        }
        invoice.put("subtotal_excluding_tax", total).put("total_excluding_tax", total);
        copyCustomer(invoice, store.get(Kind.CUSTOMER, Json.require(subscription, "customer")));
        ObjectNode parent = invoice.putObject("parent").putNull("quote_details");
        parent.putObject("subscription_details")
                .put("subscription", Json.require(subscription, "id"))
                .set("metadata", subscription.required("metadata"));
        parent.put("type", "subscription_details");
        ObjectNode list = invoice.withObjectProperty("lines").put("url", "/v1/invoices/" + id + "/lines");
        list.put("has_more", lines.size() > LINES_SHOWN);
        ((ArrayNode) list.required("data")).addAll(lines.subList(0, Math.min(lines.size(), LINES_SHOWN)));
        // Newest first is how lists are read back, and the first line should be read first.
        lines.reversed().forEach(line -> store.put(Kind.INVOICE_LINE, line));
        store.put(Kind.INVOICE, invoice);
        events.emit("invoice.created", invoice);
        return invoice;
    }

    /** Gives the invoice its number; from now on it is owed. */
    ObjectNode finalise(ObjectNode draft) {
        ObjectNode customer =
                store.get(Kind.CUSTOMER, Json.require(draft, "customer")).deepCopy();
        int sequence = customer.required("next_invoice_sequence").intValue();
        customer.put("next_invoice_sequence", sequence + 1).put("currency", "usd");
        store.put(Kind.CUSTOMER, customer);
        ObjectNode invoice = draft.deepCopy()
                .put("status", "open")
                .put("effective_at", clock.now())
                .put(
                        "number",
                        String.format(Locale.ROOT, "%s-%04d", Json.require(customer, "invoice_prefix"), sequence));
        invoice.withObjectProperty("status_transitions").put("finalized_at", clock.now());
        store.put(Kind.INVOICE, invoice);
        events.emit("invoice.finalized", invoice);
        return invoice;
    }

    /** Pays the invoice with a card; an invoice over nothing is paid without one. */
    ObjectNode pay(ObjectNode open, String paymentMethod) {
        long due = open.required("amount_due").longValue();
        ObjectNode invoice = open.deepCopy()
                .put("attempted", true)
                .put("attempt_count", due > 0 ? 1 : 0)
                .put("auto_advance", false)
                .put("amount_paid", due)
                .put("amount_remaining", 0)
                .put("ending_balance", 0)
                .put("status", "paid");
        invoice.withObjectProperty("status_transitions").put("paid_at", clock.now());
        ObjectNode payment = due > 0 ? payment(invoice, paymentMethod, due) : null;
        store.put(Kind.INVOICE, invoice);
        events.emit("invoice.paid", invoice);
        events.emit("invoice.payment_succeeded", invoice);
        if (payment != null) {
            events.emit("invoice_payment.paid", payment);
        }
        return invoice;
    }

    private ObjectNode payment(ObjectNode invoice, String paymentMethod, long cents) {
        boolean first = "subscription_create".equals(Json.text(invoice, "billing_reason"));
        ObjectNode intent = payments.create(new Payments.Purpose(
                Json.require(invoice, "customer"),
                cents,
                Json.require(invoice, "currency"),
                first ? "Subscription creation" : "Subscription update",
                Json.object(),
                true));
        payments.confirm(intent, store.get(Kind.PAYMENT_METHOD, paymentMethod));
        ObjectNode payment = Shapes.of(Kind.INVOICE_PAYMENT, ids.next(Kind.INVOICE_PAYMENT), clock.now())
                .put("amount_paid", cents)
                .put("amount_requested", cents)
                .put("invoice", Json.require(invoice, "id"))
                .put("status", "paid");
        payment.withObjectProperty("payment").put("payment_intent", Json.require(intent, "id"));
        payment.withObjectProperty("status_transitions").put("paid_at", clock.now());
        store.put(Kind.INVOICE_PAYMENT, payment);
        return payment;
    }

    private ObjectNode line(String invoice, ObjectNode subscription, JsonNode item) {
        JsonNode price = item.required("price");
        long quantity = item.required("quantity").longValue();
        long amount = price.required("unit_amount").longValue() * quantity;
        ObjectNode product = store.get(Kind.PRODUCT, Json.require(price, "product"));
        ObjectNode line = Shapes.of("line_item")
                .put("id", ids.next(Kind.INVOICE_LINE))
                .put("amount", amount)
                .put("subtotal", amount)
                .put("description", describe(quantity, Json.require(product, "name"), price))
                .put("invoice", invoice)
                .put("quantity", quantity)
                .put("quantity_decimal", String.valueOf(quantity))
                .put("subscription", Json.require(subscription, "id"));
        line.set("metadata", subscription.required("metadata"));
        line.set("period", currentPeriod(item).json());
        line.set("parent", lineParent(Json.require(subscription, "id"), Json.require(item, "id")));
        ObjectNode pricing = line.putObject("pricing");
        pricing.putObject("price_details")
                .put("price", Json.require(price, "id"))
                .put("product", Json.require(price, "product"));
        pricing.put("type", "price_details").set("unit_amount_decimal", price.required("unit_amount_decimal"));
        return line;
    }

    private static ObjectNode lineParent(String subscription, String item) {
        ObjectNode parent = Json.object().putNull("invoice_item_details");
        ObjectNode details = parent.putObject("subscription_item_details")
                .putNull("invoice_item")
                .put("proration", false);
        details.putObject("proration_details").putNull("credited_items");
        details.put("subscription", subscription).put("subscription_item", item);
        return parent.put("type", "subscription_item_details");
    }

    private static void copyCustomer(ObjectNode invoice, ObjectNode customer) {
        invoice.set("customer", customer.required("id"));
        invoice.set("customer_address", customer.required("address"));
        invoice.set("customer_email", customer.required("email"));
        invoice.set("customer_name", customer.required("name"));
        invoice.set("customer_phone", customer.required("phone"));
        invoice.set("customer_shipping", customer.required("shipping"));
    }

    private static Period currentPeriod(JsonNode item) {
        return new Period(
                item.required("current_period_start").longValue(),
                item.required("current_period_end").longValue());
    }

    private static String describe(long quantity, String product, JsonNode price) {
        long cents = price.required("unit_amount").longValue();
        return String.format(
                Locale.ROOT,
                "%d × %s (at $%d.%02d / %s)",
                quantity,
                product,
                cents / 100,
                cents % 100,
                price.required("recurring").required("interval").stringValue());
    }
}
