package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.Store;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The invoices of subscriptions. Called inside {@link Store#transact}. */
final class SubscriptionBills {
    private final Billing.Tools tools;
    private final Store store;
    private final InvoiceLines lines;
    private final InvoiceItems invoiceItems;
    private final Invoices invoices;
    private final Discounts discounts;
    private final Dunning dunning;

    SubscriptionBills(
            Billing.Tools tools,
            InvoiceLines lines,
            InvoiceItems invoiceItems,
            Invoices invoices,
            Discounts discounts,
            Dunning dunning) {
        this.tools = tools;
        this.store = tools.store();
        this.lines = lines;
        this.invoiceItems = invoiceItems;
        this.invoices = invoices;
        this.discounts = discounts;
        this.dunning = dunning;
    }

    /** Bills all items' current period and what waits. */
    void bill(@Nullable ObjectNode before, ObjectNode subscription, String reason, Period invoiced) {
        bill(
                before,
                subscription,
                reason,
                invoiced,
                Json.data(subscription, "items").valueStream().toList());
    }

    /** Bills these items' current period and what waits; {@code before} is null for a new subscription. */
    void bill(
            @Nullable ObjectNode before,
            ObjectNode subscription,
            String reason,
            Period invoiced,
            List<JsonNode> items) {
        List<ObjectNode> billed = new ArrayList<>();
        items.forEach(item -> billed.add(lines.ofPeriod(subscription, item)));
        invoice(before, subscription, reason, invoiced, billed);
    }

    /** Bills parts of a change at once. */
    void billParts(ObjectNode before, ObjectNode subscription, List<Prorations.Part> parts, List<JsonNode> items) {
        List<ObjectNode> billed = new ArrayList<>();
        parts.forEach(part -> billed.add(lines.ofProration(subscription, part)));
        items.forEach(item -> billed.add(lines.ofPeriod(subscription, item)));
        long now = tools.clock().now();
        invoice(before, subscription, "subscription_update", new Period(now, now), billed);
    }

    private void invoice(
            @Nullable ObjectNode before,
            ObjectNode subscription,
            String reason,
            Period invoiced,
            List<ObjectNode> own) {
        String customer = Json.require(subscription, "customer");
        String currency = Json.require(subscription, "currency");
        List<ObjectNode> pending = invoiceItems.pending(customer, Json.require(subscription, "id"), currency);
        List<ObjectNode> all = new ArrayList<>();
        pending.forEach(item -> all.add(lines.ofInvoiceItem(item)));
        all.addAll(own);
        ObjectNode draft = invoices.draft(new Invoices.Bill(customer, subscription, reason, invoiced, currency, all));
        invoiceItems.bill(pending, Json.require(draft, "id"));
        subscription.put("latest_invoice", Json.require(draft, "id"));
        discounts.expire(subscription);
        store.put(Kind.SUBSCRIPTION, subscription);
        if (before == null) {
            tools.events().emit("customer.subscription.created", subscription);
        } else {
            tools.events().emitChange("customer.subscription.updated", before, subscription);
        }
        dunning.advance(draft);
    }
}
