package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A subscription that ends before its period does, with or without a credit for the rest. */
final class SubscriptionEnds {
    private final Billing.Tools tools;
    private final Prorations prorations;
    private final InvoiceItems invoiceItems;
    private final InvoiceLines lines;
    private final Invoices invoices;
    private final Dunning dunning;
    private final SubscriptionStates states;

    SubscriptionEnds(
            Billing.Tools tools,
            Prorations prorations,
            InvoiceItems invoiceItems,
            InvoiceLines lines,
            Invoices invoices,
            Dunning dunning,
            SubscriptionStates states) {
        this.tools = tools;
        this.prorations = prorations;
        this.invoiceItems = invoiceItems;
        this.lines = lines;
        this.invoices = invoices;
        this.dunning = dunning;
        this.states = states;
    }

    /**
     * Ends a subscription.
     *
     * @param prorate whether what wasn't used is credited, with the next invoice
     * @param invoice whether there is that next invoice now
     */
    ObjectNode now(ObjectNode subscription, JsonNode details, boolean prorate, boolean invoice) {
        long now = tools.clock().now();
        if (prorate) {
            invoiceItems.defer(subscription, prorations.unused(subscription, now));
        }
        if (invoice) {
            bill(subscription, now);
        }
        String id = Json.require(subscription, "id");
        return states.end(tools.store().get(Kind.SUBSCRIPTION, id), details);
    }

    private void bill(ObjectNode subscription, long now) {
        String customer = Json.require(subscription, "customer");
        String currency = Json.require(subscription, "currency");
        List<ObjectNode> pending = invoiceItems.pending(customer, Json.require(subscription, "id"), currency);
        List<ObjectNode> billed = new ArrayList<>();
        pending.forEach(item -> billed.add(lines.ofInvoiceItem(item)));
        ObjectNode draft = invoices.draft(new Invoices.Bill(
                customer, subscription, "subscription_update", new Period(now, now), currency, billed));
        invoiceItems.bill(pending, Json.require(draft, "id"));
        dunning.advance(draft);
    }
}
