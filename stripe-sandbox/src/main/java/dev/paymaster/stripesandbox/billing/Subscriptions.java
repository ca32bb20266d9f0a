package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.events.EventLog;
import dev.paymaster.stripesandbox.state.Ids;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.SandboxClock;
import dev.paymaster.stripesandbox.state.Shapes;
import dev.paymaster.stripesandbox.state.Store;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The life of a subscription: started by Checkout, renewed by time, ended. Called inside {@link Store#transact}. */
final class Subscriptions {
    private final Store store;
    private final Ids ids;
    private final SandboxClock clock;
    private final EventLog events;
    private final Invoices invoices;

    Subscriptions(Store store, Ids ids, SandboxClock clock, EventLog events, Invoices invoices) {
        this.store = store;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
        this.invoices = invoices;
    }

    /** A price, by id, and how many of it. */
    record Line(String price, long quantity) {}

    /** What a subscription is started with. */
    record Order(
            String customer,
            List<Line> lines,
            JsonNode metadata,
            @Nullable String description,
            String paymentMethod) {
        Order {
            lines = List.copyOf(lines);
        }
    }

    /** Starts a subscription and collects its first invoice. */
    ObjectNode start(Order order) {
        long now = clock.now();
        ObjectNode subscription = Shapes.of(Kind.SUBSCRIPTION, ids.next(Kind.SUBSCRIPTION), now)
                .put("billing_cycle_anchor", now)
                .put("start_date", now)
                .put("customer", order.customer())
                .put("default_payment_method", order.paymentMethod())
                .put("description", order.description());
        if (order.metadata().isObject()) {
            subscription.set("metadata", order.metadata());
        }
        String id = Json.require(subscription, "id");
        ObjectNode items =
                subscription.withObjectProperty("items").put("url", "/v1/subscription_items?subscription=" + id);
        for (Line line : order.lines()) {
            items.withArrayProperty("data").add(item(id, line, now));
        }
        return bill(null, subscription, "subscription_create", new Period(now, now));
    }

    /** When the subscription's period ends and something is to be done; null if it has ended. */
    @Nullable
    Long dueAt(ObjectNode subscription) {
        return "active".equals(Json.text(subscription, "status")) ? periodEnd(subscription) : null;
    }

    /** Ends or renews a subscription whose period has ended. */
    void endPeriod(ObjectNode subscription) {
        if (subscription.required("cancel_at_period_end").booleanValue()) {
            cancel(subscription, subscription.required("cancellation_details"));
            return;
        }
        ObjectNode renewed = subscription.deepCopy();
        Period ended = new Period(periodStart(subscription), periodEnd(subscription));
        for (JsonNode item : Json.data(renewed, "items")) {
            long end = item.required("current_period_end").longValue();
            if (end <= ended.end()) {
                ((ObjectNode) item)
                        .put("current_period_start", end)
                        .put("current_period_end", next(renewed, item, end).end());
            }
        }
        bill(subscription, renewed, "subscription_cycle", ended);
    }

    /** Ends a subscription now, without a refund or a credit. */
    ObjectNode cancel(ObjectNode subscription, JsonNode details) {
        ObjectNode ended = subscription.deepCopy().put("status", "canceled").put("ended_at", clock.now());
        if (ended.required("canceled_at").isNull()) {
            ended.put("canceled_at", clock.now());
        }
        mergeDetails(ended, details);
        store.put(Kind.SUBSCRIPTION, ended);
        events.emit("customer.subscription.deleted", ended);
        return ended;
    }

    /** Plans a subscription's end, or takes it back. */
    void cancelAtPeriodEnd(ObjectNode draft, boolean cancel) {
        draft.put("cancel_at_period_end", cancel);
        if (cancel) {
            draft.put("canceled_at", clock.now()).put("cancel_at", periodEnd(draft));
            mergeDetails(draft, Json.object());
        } else {
            draft.putNull("canceled_at").putNull("cancel_at");
            draft.withObjectProperty("cancellation_details").putNull("reason");
        }
    }

    /** Bills the subscription's current period; {@code before} is null for a new subscription. */
    private ObjectNode bill(@Nullable ObjectNode before, ObjectNode subscription, String reason, Period invoiced) {
        ObjectNode draft = invoices.draft(subscription, reason, invoiced);
        subscription.put("latest_invoice", Json.require(draft, "id"));
        store.put(Kind.SUBSCRIPTION, subscription);
        if (before == null) {
            events.emit("customer.subscription.created", subscription);
        } else {
            events.emitChange("customer.subscription.updated", before, subscription);
        }
        invoices.pay(invoices.finalise(draft), Json.require(subscription, "default_payment_method"));
        return subscription;
    }

    private ObjectNode item(String subscription, Line line, long now) {
        ObjectNode price = store.get(Kind.PRICE, line.price());
        ObjectNode item = Shapes.of("subscription_item")
                .put("id", ids.next("si_"))
                .put("created", now)
                .put("current_period_start", now)
                .put(
                        "current_period_end",
                        Period.of(price.required("recurring"), now, now).end())
                .put("quantity", line.quantity())
                .put("subscription", subscription);
        item.set("price", price);
        item.set("plan", plan(price));
        return item;
    }

    /** The price in the words of an older API, which Stripe still puts beside it. */
    private static ObjectNode plan(ObjectNode price) {
        ObjectNode plan = Shapes.of("plan");
        for (String same : List.of("id", "active", "created", "metadata", "nickname", "product")) {
            plan.set(same, price.required(same));
        }
        plan.set("amount", price.required("unit_amount"));
        plan.set("amount_decimal", price.required("unit_amount_decimal"));
        plan.set("interval", price.required("recurring").required("interval"));
        plan.set("interval_count", price.required("recurring").required("interval_count"));
        return plan;
    }

    private static Period next(ObjectNode subscription, JsonNode item, long start) {
        long anchor = subscription.required("billing_cycle_anchor").longValue();
        return Period.of(item.required("price").required("recurring"), anchor, start);
    }

    private static long periodEnd(ObjectNode subscription) {
        return ((ArrayNode) subscription.required("items").required("data"))
                .valueStream()
                .mapToLong(item -> item.required("current_period_end").longValue())
                .min()
                .orElseThrow();
    }

    private static long periodStart(ObjectNode subscription) {
        return ((ArrayNode) subscription.required("items").required("data"))
                .valueStream()
                .mapToLong(item -> item.required("current_period_start").longValue())
                .min()
                .orElseThrow();
    }

    private static void mergeDetails(ObjectNode subscription, JsonNode given) {
        ObjectNode details = subscription.withObjectProperty("cancellation_details");
        details.put("reason", "cancellation_requested");
        given.forEachEntry(details::set);
    }
}
