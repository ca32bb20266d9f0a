package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.api.Call;
import dev.paymaster.stripesandbox.api.Endpoint;
import dev.paymaster.stripesandbox.api.Lists;
import dev.paymaster.stripesandbox.api.Parameters;
import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.state.Filter;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.Shapes;
import dev.paymaster.stripesandbox.state.Store;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /v1/credit_notes}: an open invoice is owed less; of a paid one money goes back to the card, to the customer's
 * balance, or outside of Stripe (<a href="https://docs.stripe.com/invoicing/integration/programmatic-credit-notes">credit
 * notes</a>). One line, over the whole amount.
 */
final class CreditNotes implements Endpoint.Group {
    private static final String URL = "/v1/credit_notes";
    private final Billing.Tools tools;
    private final Store store;
    private final Invoices invoices;
    private final InvoicePayments payments;
    private final Dunning dunning;
    private final Charges charges;
    private final Refunds refunds;

    CreditNotes(
            Billing.Tools tools,
            Invoices invoices,
            InvoicePayments payments,
            Dunning dunning,
            Charges charges,
            Refunds refunds) {
        this.tools = tools;
        this.store = tools.store();
        this.invoices = invoices;
        this.payments = payments;
        this.dunning = dunning;
        this.charges = charges;
        this.refunds = refunds;
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post(URL, Kind.CREDIT_NOTE, CreditNoteParameters.CREATE, this::create),
                Endpoint.get(URL + "/{id}", Kind.CREDIT_NOTE, call -> find(call.id())),
                Endpoint.post(URL + "/{id}", Kind.CREDIT_NOTE, CreditNoteParameters.UPDATE, this::update),
                Endpoint.post(URL + "/{id}/void", Kind.CREDIT_NOTE, Parameters.NONE, this::withdraw),
                Endpoint.list(URL, Kind.CREDIT_NOTE, CreditNoteParameters.LIST, this::list));
    }

    private ObjectNode create(Call call) {
        String id = call.require("invoice");
        ObjectNode invoice = store.find(Kind.INVOICE, id);
        if (invoice == null) {
            throw StripeRefusal.missing("invoice", id, "invoice");
        }
        String status = Json.require(invoice, "status");
        long parts = call.integer("credit_amount", 0)
                + call.integer("refund_amount", 0)
                + call.integer("out_of_band_amount", 0);
        long cents = call.integer("amount", parts);
        long left = (status.equals("open") ? cents(invoice, "amount_remaining") : settled(invoice))
                - cents(invoice, "post_payment_credit_notes_amount");
        if (!status.equals("open") && !status.equals("paid")) {
            throw StripeRefusal.invalid(null, "The invoice is " + status + ".", "invoice");
        }
        if (cents <= 0 || cents > left) {
            throw StripeRefusal.invalid(
                    null, "The credit note must be over 1 to " + left + " cents of this invoice.", "amount");
        }
        if (status.equals("paid") && parts != cents) {
            throw StripeRefusal.invalid(
                    null,
                    "The sum of credit amount, refund amount and out of band amount must equal the post payment amount"
                            + " (" + cents + ").",
                    null);
        }
        return issue(call, invoice, cents, status.equals("open"));
    }

    /** What paid for it: money, and what the customer had in credit. */
    private static long settled(ObjectNode invoice) {
        return cents(invoice, "amount_paid") + cents(invoice, "ending_balance") - cents(invoice, "starting_balance");
    }

    private static long cents(ObjectNode invoice, String field) {
        return invoice.path(field).asLong(0);
    }

    private ObjectNode issue(Call call, ObjectNode invoice, long cents, boolean open) {
        String id = tools.ids().next(Kind.CREDIT_NOTE);
        long now = tools.clock().now();
        ObjectNode note = Shapes.of(Kind.CREDIT_NOTE, id, now)
                .put("amount", cents)
                .put("effective_at", now)
                .put("invoice", Json.require(invoice, "id"))
                .put("number", Json.require(invoice, "number") + "-CN-" + id.substring(id.length() - 4))
                .put(
                        "pdf",
                        tools.pages().resolve("/credit_notes/" + id + "/pdf").toString())
                .put("subtotal", cents)
                .put("total", cents)
                .put("type", open ? "pre_payment" : "post_payment")
                .put(open ? "pre_payment_amount" : "post_payment_amount", cents);
        note.set("currency", invoice.required("currency"));
        note.set("customer", invoice.required("customer"));
        call.copyTo(note, "memo", "reason", "out_of_band_amount");
        call.mergeMetadata(note);
        ObjectNode lines = note.withObjectProperty("lines").put("url", URL + "/" + id + "/lines");
        lines.withArrayProperty("data")
                .add(Shapes.of("credit_note_line_item")
                        .put("id", tools.ids().next("cnli_"))
                        .put("amount", cents)
                        .put("quantity", 1)
                        .put("type", "custom_line_item")
                        .put("unit_amount", cents)
                        .put("unit_amount_decimal", String.valueOf(cents)));
        if (open) {
            reduce(invoice, cents);
        } else {
            giveBack(call, note, invoice, cents);
        }
        store.put(Kind.CREDIT_NOTE, note);
        tools.events().emit("credit_note.created", note);
        return note;
    }

    /** @param cents below zero when a credit note is taken back */
    private void reduce(ObjectNode before, long cents) {
        long left = before.required("amount_remaining").longValue() - cents;
        ObjectNode after = before.deepCopy()
                .put("amount_due", left)
                .put("amount_remaining", left)
                .put(
                        "pre_payment_credit_notes_amount",
                        before.required("pre_payment_credit_notes_amount").longValue() + cents);
        invoices.change(before, after);
        if (left == 0) {
            dunning.paid(after, true);
        } else {
            payments.reduce(after);
        }
    }

    private void giveBack(Call call, ObjectNode note, ObjectNode invoice, long cents) {
        long toCard = call.integer("refund_amount", 0);
        if (toCard > 0) {
            ObjectNode charge = charges.named(null, null, Json.require(invoice, "id"));
            if (toCard > charges.refundable(charge)) {
                throw StripeRefusal.invalid(null, "The charge has less than that left to refund.", "refund_amount");
            }
            ObjectNode refund = refunds.refund(charge, toCard, Json.object());
            note.withArrayProperty("refunds")
                    .addObject()
                    .put("amount_refunded", toCard)
                    .putNull("payment_record_refund")
                    .put("refund", Json.require(refund, "id"))
                    .put("type", "refund");
        }
        ObjectNode customer = store.get(Kind.CUSTOMER, Json.require(invoice, "customer"));
        long credit = call.integer("credit_amount", 0);
        store.put(
                Kind.CUSTOMER,
                customer.deepCopy().put("balance", customer.required("balance").longValue() - credit));
        ObjectNode after = invoice.deepCopy()
                .put(
                        "post_payment_credit_notes_amount",
                        invoice.required("post_payment_credit_notes_amount").longValue() + cents);
        invoices.change(invoice, after);
    }

    private ObjectNode update(Call call) {
        ObjectNode before = find(call.id());
        ObjectNode after = before.deepCopy();
        call.copyTo(after, "memo");
        call.mergeMetadata(after);
        store.put(Kind.CREDIT_NOTE, after);
        tools.events().emitChange("credit_note.updated", before, after);
        return after;
    }

    /** An open invoice is owed as before; what was given back of a paid one stays given. */
    private ObjectNode withdraw(Call call) {
        ObjectNode before = find(call.id());
        ObjectNode invoice = store.get(Kind.INVOICE, Json.require(before, "invoice"));
        String status = Json.require(invoice, "status");
        if (!"issued".equals(Json.text(before, "status")) || !status.equals("open")) {
            throw StripeRefusal.invalid(
                    null, "Only an issued credit note of an open invoice can be voided; it is " + status + ".", null);
        }
        reduce(invoice, -cents(before, "amount"));
        ObjectNode after = before.deepCopy()
                .put("status", "void")
                .put("voided_at", tools.clock().now());
        store.put(Kind.CREDIT_NOTE, after);
        tools.events().emit("credit_note.voided", after);
        return after;
    }

    private ObjectNode find(String id) {
        ObjectNode note = store.find(Kind.CREDIT_NOTE, id);
        if (note == null) {
            throw StripeRefusal.notFound("credit_note", id);
        }
        return note;
    }

    private ObjectNode list(Call call) {
        String invoice = call.text("invoice");
        String customer = call.text("customer");
        return tools.lists()
                .page(
                        call,
                        URL,
                        Kind.CREDIT_NOTE,
                        invoice == null ? Filter.ALL : Filter.field("/invoice", invoice),
                        note -> Lists.created(call, note)
                                && (customer == null || customer.equals(Json.text(note, "customer"))));
    }
}
