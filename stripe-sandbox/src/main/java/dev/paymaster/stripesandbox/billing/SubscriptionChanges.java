package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.Store;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Changes of what is subscribed to. An upgrade takes effect and is invoiced at once, a downgrade waits for the end of the
 * period: so the billing portal is set up, and so the control door does it. Called inside {@link Store#transact}.
 */
final class SubscriptionChanges {
    private final Billing.Tools tools;
    private final Store store;
    private final Prices prices;
    private final Prorations prorations;
    private final InvoiceItems invoiceItems;
    private final SubscriptionBills bills;
    private final SubscriptionStates states;
    private final Subscriptions subscriptions;

    SubscriptionChanges(
            Billing.Tools tools,
            Prices prices,
            Prorations prorations,
            InvoiceItems invoiceItems,
            SubscriptionBills bills,
            SubscriptionStates states,
            Subscriptions subscriptions) {
        this.tools = tools;
        this.store = tools.store();
        this.prices = prices;
        this.prorations = prorations;
        this.invoiceItems = invoiceItems;
        this.bills = bills;
        this.states = states;
        this.subscriptions = subscriptions;
    }

    /** Another price for the first item: now and invoiced if it costs more, else from the next period on. */
    ObjectNode choose(ObjectNode before, String priceId, String when) {
        ObjectNode price = prices.named(priceId, "price");
        if (!price.required("recurring").isObject()
                || !Json.require(price, "currency").equals(SubscriptionItems.currency(before))) {
            throw StripeRefusal.invalid(
                    null, "The price doesn't recur, or is in another currency than the subscription.", "price");
        }
        ObjectNode item = (ObjectNode) Json.data(before, "items").required(0);
        long quantity = item.required("quantity").longValue();
        boolean dearer = price.required("unit_amount").longValue()
                > item.required("price").required("unit_amount").longValue();
        if (when.equals("period_end") || (when.equals("auto") && !dearer)) {
            return subscriptions.plan(before, priceId, quantity);
        }
        ObjectNode after = before.deepCopy().putNull("schedule");
        store.remove(Kind.PLANNED_CHANGE, Json.require(before, "id"));
        SubscriptionItems.reprice((ObjectNode) Json.data(after, "items").required(0), price, quantity);
        return apply(before, after, "always_invoice", tools.clock().now(), false);
    }

    /** Applies a call's {@code items} to a draft. */
    void items(ObjectNode draft, JsonNode given) {
        ArrayNode data = Json.data(draft, "items");
        int index = 0;
        for (JsonNode change : given) {
            String param = "items[" + index++ + "]";
            String id = Json.text(change, "id");
            if (id == null) {
                ObjectNode price = recurring(prices.given(change, param), param);
                long quantity = change.path("quantity").asLong(1);
                data.add(SubscriptionItems.of(
                        tools.ids().next("si_"),
                        Json.require(draft, "id"),
                        price,
                        quantity,
                        tools.clock().now()));
                continue;
            }
            int at = position(data, id, param);
            if (change.path("deleted").asBoolean(false)) {
                data.remove(at);
                continue;
            }
            ObjectNode item = (ObjectNode) data.required(at);
            ObjectNode price = change.has("price") || change.has("price_data")
                    ? recurring(prices.given(change, param), param)
                    : (ObjectNode) item.required("price");
            long quantity =
                    change.path("quantity").asLong(item.required("quantity").longValue());
            SubscriptionItems.reprice(item, price, quantity);
        }
        if (data.isEmpty()) {
            throw StripeRefusal.invalid(null, "A subscription must have at least one item.", "items");
        }
    }

    /**
     * Saves a changed subscription and bills the change as the proration behavior says.
     *
     * @param restart whether a new period starts now; so it does when the interval changes
     */
    ObjectNode apply(ObjectNode before, ObjectNode after, String behavior, long at, boolean restart) {
        boolean none = behavior.equals("none") || before.required("trial_end").asLong(0) > at;
        if (restart || !interval(before).equals(interval(after))) {
            List<Prorations.Part> unused = none ? List.of() : prorations.unused(before, at);
            long now = tools.clock().now();
            after.put("billing_cycle_anchor", now);
            Json.data(after, "items").forEach(item -> SubscriptionItems.restart((ObjectNode) item, now));
            bills.billParts(
                    before,
                    after,
                    unused,
                    Json.data(after, "items").valueStream().toList());
        } else {
            List<Prorations.Part> parts = none ? List.of() : prorations.of(before, after, at);
            if (!parts.isEmpty() && behavior.equals("always_invoice")) {
                bills.billParts(before, after, parts, List.of());
            } else {
                invoiceItems.defer(after, parts);
                states.change(before, after);
            }
        }
        return store.get(Kind.SUBSCRIPTION, Json.require(before, "id"));
    }

    private static ObjectNode recurring(ObjectNode price, String param) {
        if (!price.required("recurring").isObject()) {
            throw StripeRefusal.invalid(
                    null,
                    "The price specified is set to `type=one_time` but this field only accepts prices with"
                            + " `type=recurring`.",
                    param + "[price]");
        }
        return price;
    }

    private static int position(ArrayNode items, String id, String param) {
        for (int i = 0; i < items.size(); i++) {
            if (id.equals(Json.text(items.required(i), "id"))) {
                return i;
            }
        }
        throw StripeRefusal.missing("subscription item", id, param + "[id]");
    }

    private static JsonNode interval(ObjectNode subscription) {
        JsonNode recurring =
                Json.data(subscription, "items").required(0).required("price").required("recurring");
        return Json.object()
                .put("interval", Json.require(recurring, "interval"))
                .put("count", recurring.required("interval_count").longValue());
    }
}
