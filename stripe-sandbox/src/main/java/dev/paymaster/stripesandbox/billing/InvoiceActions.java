package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.api.Call;
import dev.paymaster.stripesandbox.api.Endpoint;
import dev.paymaster.stripesandbox.api.Parameters;
import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.Store;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a platform does to invoices by hand: draft, finalise, pay, void, write off
 * (<a href="https://docs.stripe.com/invoicing/overview#invoice-statuses">which state allows what</a>).
 */
final class InvoiceActions implements Endpoint.Group {
    private static final String URL = "/v1/invoices";
    private static final long HOUR_SECONDS = 60 * 60;

    private final Billing.Tools tools;
    private final Store store;
    private final Customers customers;
    private final PaymentMethods paymentMethods;
    private final InvoiceItems items;
    private final InvoiceLines lines;
    private final Invoices invoices;
    private final Dunning dunning;

    InvoiceActions(
            Billing.Tools tools,
            Customers customers,
            PaymentMethods paymentMethods,
            InvoiceItems items,
            InvoiceLines lines,
            Invoices invoices,
            Dunning dunning) {
        this.tools = tools;
        this.store = tools.store();
        this.customers = customers;
        this.paymentMethods = paymentMethods;
        this.items = items;
        this.lines = lines;
        this.invoices = invoices;
        this.dunning = dunning;
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post(URL, Kind.INVOICE, InvoiceParameters.CREATE, this::create),
                Endpoint.post(URL + "/{id}", Kind.INVOICE, InvoiceParameters.UPDATE, this::update),
                Endpoint.delete(URL + "/{id}", Kind.INVOICE, Parameters.NONE, this::delete),
                Endpoint.post(URL + "/{id}/finalize", Kind.INVOICE, InvoiceParameters.FINALIZE, this::finalise),
                Endpoint.post(URL + "/{id}/pay", Kind.INVOICE, InvoiceParameters.PAY, this::pay),
                Endpoint.post(URL + "/{id}/send", Kind.INVOICE, Parameters.NONE, this::send),
                Endpoint.post(
                        URL + "/{id}/void",
                        Kind.INVOICE,
                        Parameters.NONE,
                        call -> invoices.voided(in(call, "open", "uncollectible"))),
                Endpoint.post(
                        URL + "/{id}/mark_uncollectible",
                        Kind.INVOICE,
                        Parameters.NONE,
                        call -> invoices.uncollectible(in(call, "open"))));
    }

    private ObjectNode create(Call call) {
        String customer = Json.require(customers.named(call.require("customer"), "customer"), "id");
        String subscriptionId = call.text("subscription");
        ObjectNode subscription = subscriptionId == null ? null : store.find(Kind.SUBSCRIPTION, subscriptionId);
        if (subscriptionId != null && subscription == null) {
            throw StripeRefusal.missing("subscription", subscriptionId, "subscription");
        }
        String currency = call.has("currency") ? call.require("currency") : "usd";
        boolean include = subscription != null || "include".equals(call.text("pending_invoice_items_behavior"));
        List<ObjectNode> pending = include ? items.pending(customer, subscriptionId, currency) : List.of();
        long now = tools.clock().now();
        ObjectNode draft = invoices.draft(
                new Invoices.Bill(customer, subscription, "manual", new Period(now, now), currency, billed(pending)));
        items.bill(pending, Json.require(draft, "id"));
        ObjectNode invoice = draft.deepCopy().put("auto_advance", false);
        fields(call, invoice);
        store.put(Kind.INVOICE, invoice);
        return invoice;
    }

    private ObjectNode update(Call call) {
        ObjectNode before = find(call);
        ObjectNode after = before.deepCopy();
        fields(call, after);
        return invoices.change(before, after);
    }

    private void fields(Call call, ObjectNode invoice) {
        call.copyTo(invoice, "auto_advance", "collection_method", "description", "footer");
        call.mergeMetadata(invoice);
        String method = call.text("default_payment_method");
        if (method != null) {
            String customer = Json.require(invoice, "customer");
            invoice.put("default_payment_method", paymentMethods.named(method, customer, "default_payment_method"));
        }
        if (call.has("days_until_due")) {
            invoice.put("due_date", tools.clock().now() + call.integer("days_until_due") * 24 * HOUR_SECONDS);
        }
        boolean advances = invoice.required("auto_advance").booleanValue() && isDraft(invoice);
        invoice.put("automatically_finalizes_at", advances ? tools.clock().now() + HOUR_SECONDS : null);
    }

    private ObjectNode delete(Call call) {
        ObjectNode invoice = in(call, "draft");
        store.remove(Kind.INVOICE, call.id());
        tools.events().emit("invoice.deleted", invoice);
        return Json.object().put("id", call.id()).put("object", "invoice").put("deleted", true);
    }

    private ObjectNode finalise(Call call) {
        ObjectNode complete = in(call, "draft");
        if (call.has("auto_advance")) {
            complete = complete.deepCopy().put("auto_advance", call.flag("auto_advance"));
        }
        ObjectNode open = invoices.finalise(complete);
        boolean collects = open.required("auto_advance").booleanValue()
                || open.required("amount_due").longValue() == 0;
        return collects ? dunning.collect(open, null) : open;
    }

    private ObjectNode pay(Call call) {
        ObjectNode invoice = in(call, "draft", "open", "uncollectible");
        ObjectNode open = isDraft(invoice) ? invoices.finalise(invoice) : invoice;
        if (call.flag("paid_out_of_band")) {
            return dunning.paid(open, true);
        }
        String given = call.text("payment_method");
        String method = given == null
                ? dunning.method(open)
                : paymentMethods.named(given, Json.require(open, "customer"), "payment_method");
        if (method == null) {
            throw StripeRefusal.invalid(
                    "invoice_payment_intent_requires_action",
                    "There is no `default_payment_method` set on this Customer or Invoice.",
                    null);
        }
        ObjectNode after = dunning.collect(open, method);
        if (!"paid".equals(Json.text(after, "status"))) {
            throw new StripeRefusal(402, "card_error", "card_declined", "Your card was declined.", null);
        }
        return after;
    }

    private ObjectNode send(Call call) {
        ObjectNode invoice = in(call, "draft", "open");
        ObjectNode open = isDraft(invoice) ? invoices.finalise(invoice) : invoice;
        tools.events().emit("invoice.sent", open);
        return open;
    }

    private List<ObjectNode> billed(List<ObjectNode> pending) {
        List<ObjectNode> billed = new ArrayList<>();
        pending.forEach(item -> billed.add(lines.ofInvoiceItem(item)));
        return billed;
    }

    /** The invoice, if its status is one of these. */
    private ObjectNode in(Call call, String... statuses) {
        ObjectNode invoice = find(call);
        String status = Json.require(invoice, "status");
        if (!List.of(statuses).contains(status)) {
            throw StripeRefusal.invalid(
                    status.equals("paid") ? "invoice_already_paid" : "invoice_not_editable",
                    "This is not possible with an invoice that is " + status + "; it must be one of "
                            + List.of(statuses) + ".",
                    null);
        }
        return invoice;
    }

    private ObjectNode find(Call call) {
        ObjectNode invoice = store.find(Kind.INVOICE, call.id());
        if (invoice == null) {
            throw StripeRefusal.notFound("invoice", call.id());
        }
        return invoice;
    }

    private static boolean isDraft(ObjectNode invoice) {
        return "draft".equals(Json.text(invoice, "status"));
    }
}
