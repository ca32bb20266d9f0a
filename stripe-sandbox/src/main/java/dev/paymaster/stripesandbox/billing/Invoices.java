package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.events.EventLog;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.SandboxClock;
import dev.paymaster.stripesandbox.state.Shapes;
import dev.paymaster.stripesandbox.state.Store;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The life of an invoice: drafted, finalised, then paid, voided or written off. Called inside {@link Store#transact}. */
final class Invoices {
    /** How many lines an invoice shows by itself; the rest is at {@code /v1/invoices/{id}/lines}. */
    private static final int LINES_SHOWN = 10;

    private static final long DAY_SECONDS = 24 * 60 * 60;

    private final Billing.Tools tools;
    private final Store store;
    private final SandboxClock clock;
    private final EventLog events;
    private final Discounts discounts;
    private final InvoicePayments payments;

    Invoices(Billing.Tools tools, Discounts discounts, InvoicePayments payments) {
        this.tools = tools;
        this.store = tools.store();
        this.clock = tools.clock();
        this.events = tools.events();
        this.discounts = discounts;
        this.payments = payments;
    }

    /**
     * What an invoice is drafted from.
     *
     * @param subscription null for an invoice of none
     * @param reason Stripe's {@code billing_reason}
     * @param period the invoice's own: the one that has just ended, while the lines carry the one to come
     * @param lines as {@link InvoiceLines} made them
     */
    record Bill(
            String customer,
            @Nullable ObjectNode subscription,
            String reason,
            Period period,
            String currency,
            List<ObjectNode> lines) {}

    /** Drafts an invoice. */
    ObjectNode draft(Bill bill) {
        String id = tools.ids().next(Kind.INVOICE);
        ObjectNode invoice = Shapes.of(Kind.INVOICE, id, clock.now())
                .put("billing_reason", bill.reason())
                .put("currency", bill.currency())
                .put("period_start", bill.period().start())
                .put("period_end", bill.period().end());
        InvoiceShapes.copyCustomer(invoice, store.get(Kind.CUSTOMER, bill.customer()));
        if (bill.subscription() != null) {
            invoice.put("auto_advance", true);
            InvoiceShapes.copySubscription(invoice, bill.subscription());
        }
        write(invoice, bill);
        store.put(Kind.INVOICE, invoice);
        events.emit("invoice.created", invoice);
        return invoice;
    }

    private void write(ObjectNode invoice, Bill bill) {
        String id = Json.require(invoice, "id");
        List<ObjectNode> lines = bill.lines();
        long subtotal = lines.stream()
                .mapToLong(line -> line.required("amount").longValue())
                .sum();
        invoice.put("subtotal", subtotal).put("total", subtotal).put("subtotal_excluding_tax", subtotal);
        if (bill.subscription() != null) {
            discounts.apply(invoice, lines, bill.subscription().required("discounts"));
        }
        long total = invoice.required("total").longValue();
        invoice.put("total_excluding_tax", total)
                .put("amount_due", Math.max(total, 0))
                .put("amount_remaining", Math.max(total, 0));
        ObjectNode list = invoice.withObjectProperty("lines").put("url", "/v1/invoices/" + id + "/lines");
        list.put("has_more", lines.size() > LINES_SHOWN);
        lines.forEach(line -> line.put("invoice", id));
        ArrayNode shown = list.putArray("data");
        lines.stream().limit(LINES_SHOWN).forEach(shown::add);
        // Newest first is how lists are read back, and the first line should be read first.
        lines.reversed().forEach(line -> store.put(Kind.INVOICE_LINE, line));
    }

    /** Puts one more line on a draft. */
    void add(ObjectNode draft, ObjectNode line) {
        ObjectNode invoice = draft.deepCopy();
        line.put("invoice", Json.require(draft, "id"));
        store.put(Kind.INVOICE_LINE, line);
        ObjectNode list = invoice.withObjectProperty("lines");
        ArrayNode shown = Json.data(invoice, "lines");
        if (shown.size() < LINES_SHOWN) {
            shown.add(line);
        } else {
            list.put("has_more", true);
        }
        long cents = line.required("amount").longValue();
        for (String sum : new String[] {"subtotal", "subtotal_excluding_tax", "total", "total_excluding_tax"}) {
            invoice.put(sum, invoice.required(sum).longValue() + cents);
        }
        long total = Math.max(invoice.required("total").longValue(), 0);
        change(draft, invoice.put("amount_due", total).put("amount_remaining", total));
    }

    /** Gives the invoice its number; from now on it is owed, less what the customer has in credit. */
    ObjectNode finalise(ObjectNode draft) {
        ObjectNode customer =
                store.get(Kind.CUSTOMER, Json.require(draft, "customer")).deepCopy();
        int sequence = customer.required("next_invoice_sequence").intValue();
        long credit = customer.required("balance").longValue();
        long due = draft.required("total").longValue() + credit;
        customer.put("next_invoice_sequence", sequence + 1)
                .put("currency", Json.require(draft, "currency"))
                .put("balance", Math.min(due, 0));
        store.put(Kind.CUSTOMER, customer);
        ObjectNode invoice = draft.deepCopy()
                .put("status", "open")
                .put("effective_at", clock.now())
                .put("starting_balance", credit)
                .put("ending_balance", Math.min(due, 0))
                .put("amount_due", Math.max(due, 0))
                .put("amount_remaining", Math.max(due, 0))
                .putNull("automatically_finalizes_at")
                .put(
                        "number",
                        String.format(Locale.ROOT, "%s-%04d", Json.require(customer, "invoice_prefix"), sequence));
        invoice.withObjectProperty("status_transitions").put("finalized_at", clock.now());
        if ("send_invoice".equals(Json.text(invoice, "collection_method"))
                && invoice.required("due_date").isNull()) {
            invoice.put("due_date", clock.now() + 30 * DAY_SECONDS);
        }
        store.put(Kind.INVOICE, invoice);
        events.emit("invoice.finalized", invoice);
        if (due > 0) {
            payments.open(invoice);
        }
        return invoice;
    }

    /** The invoice is paid, by the platform's payment or by other means. */
    ObjectNode paid(ObjectNode open, boolean outOfBand) {
        long due = open.required("amount_due").longValue();
        int attempts = open.required("attempt_count").intValue();
        ObjectNode invoice = open.deepCopy()
                .put("attempted", true)
                .put("attempt_count", due > 0 && !outOfBand ? attempts + 1 : attempts)
                .put("auto_advance", false)
                .put("amount_paid", due)
                .put("amount_remaining", 0)
                .putNull("next_payment_attempt")
                .put("status", "paid");
        invoice.withObjectProperty("status_transitions").put("paid_at", clock.now());
        store.put(Kind.INVOICE, invoice);
        events.emit("invoice.paid", invoice);
        if (outOfBand) {
            payments.cancel(invoice);
        } else {
            events.emit("invoice.payment_succeeded", invoice);
            payments.paid(invoice);
        }
        return invoice;
    }

    /** The invoice was a mistake, and isn't owed any more. */
    ObjectNode voided(ObjectNode open) {
        ObjectNode invoice = close(open, "void", "voided_at");
        payments.cancel(invoice);
        events.emit("invoice.voided", invoice);
        return invoice;
    }

    /** Nobody expects the invoice to be paid; it still can be. */
    ObjectNode uncollectible(ObjectNode open) {
        ObjectNode invoice = close(open, "uncollectible", "marked_uncollectible_at");
        events.emit("invoice.marked_uncollectible", invoice);
        return invoice;
    }

    /** Saves a changed invoice and tells so. */
    ObjectNode change(ObjectNode before, ObjectNode after) {
        store.put(Kind.INVOICE, after);
        events.emitChange("invoice.updated", before, after);
        return after;
    }

    private ObjectNode close(ObjectNode open, String status, String transition) {
        ObjectNode invoice =
                open.deepCopy().put("status", status).put("auto_advance", false).putNull("next_payment_attempt");
        invoice.withObjectProperty("status_transitions").put(transition, clock.now());
        store.put(Kind.INVOICE, invoice);
        return invoice;
    }
}
