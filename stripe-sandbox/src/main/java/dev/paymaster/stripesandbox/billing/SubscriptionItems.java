package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Shapes;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The items of a subscription: a price, a quantity and the period they are in. Changes drafts in place. */
final class SubscriptionItems {
    private SubscriptionItems() {}

    static ObjectNode of(String id, String subscription, ObjectNode price, long quantity, long now) {
        ObjectNode item = Shapes.of("subscription_item")
                .put("id", id)
                .put("created", now)
                .put("current_period_start", now)
                .put(
                        "current_period_end",
                        Period.of(price.required("recurring"), now, now).end())
                .put("subscription", subscription);
        reprice(item, price, quantity);
        return item;
    }

    static void reprice(ObjectNode item, ObjectNode price, long quantity) {
        item.put("quantity", quantity);
        item.set("price", price);
        item.set("plan", plan(price));
    }

    /** The next period of an item, counted from its subscription's anchor. */
    static void renew(ObjectNode item, ObjectNode subscription) {
        long start = item.required("current_period_end").longValue();
        long anchor = subscription.required("billing_cycle_anchor").longValue();
        item.put("current_period_start", start)
                .put(
                        "current_period_end",
                        Period.of(item.required("price").required("recurring"), anchor, start)
                                .end());
    }

    /** A new period of an item that starts now. */
    static void restart(ObjectNode item, long now) {
        item.put("current_period_start", now)
                .put(
                        "current_period_end",
                        Period.of(item.required("price").required("recurring"), now, now)
                                .end());
    }

    static String currency(ObjectNode subscription) {
        return Json.require(Json.data(subscription, "items").required(0).required("price"), "currency");
    }

    static long periodEnd(ObjectNode subscription) {
        return Json.data(subscription, "items")
                .valueStream()
                .mapToLong(item -> item.required("current_period_end").longValue())
                .min()
                .orElseThrow();
    }

    static long periodStart(ObjectNode subscription) {
        return Json.data(subscription, "items")
                .valueStream()
                .mapToLong(item -> item.required("current_period_start").longValue())
                .min()
                .orElseThrow();
    }

    /** The price in the words of an older API, which Stripe still puts beside it. */
    private static ObjectNode plan(JsonNode price) {
        ObjectNode plan = Shapes.of("plan");
        for (String same : List.of("id", "active", "created", "currency", "metadata", "nickname", "product")) {
            plan.set(same, price.required(same));
        }
        plan.set("amount", price.required("unit_amount"));
        plan.set("amount_decimal", price.required("unit_amount_decimal"));
        plan.set("interval", price.required("recurring").required("interval"));
        plan.set("interval_count", price.required("recurring").required("interval_count"));
        return plan;
    }
}
