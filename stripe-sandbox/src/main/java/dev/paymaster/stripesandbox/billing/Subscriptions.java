package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.state.Ids;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.SandboxClock;
import dev.paymaster.stripesandbox.state.Shapes;
import dev.paymaster.stripesandbox.state.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The life of a subscription: started, renewed by time, ended. Called inside {@link Store#transact}. */
final class Subscriptions implements Timeline.Scheduled {
    /** How long Stripe waits for the first payment. */
    private static final long INCOMPLETE_SECONDS = 23 * 60 * 60;

    private final Store store;
    private final Ids ids;
    private final SandboxClock clock;
    private final Discounts discounts;
    private final SubscriptionBills bills;
    private final SubscriptionStates states;
    private final Trials trials;

    Subscriptions(Billing.Tools tools, Discounts discounts, SubscriptionBills bills, SubscriptionStates states) {
        this.store = tools.store();
        this.ids = tools.ids();
        this.clock = tools.clock();
        this.discounts = discounts;
        this.bills = bills;
        this.states = states;
        this.trials = new Trials(tools);
    }

    /** A price, by id, and how many of it. */
    record Line(String price, long quantity) {}

    /**
     * What a subscription is started with.
     *
     * @param trialEnd null or in the past for none
     * @param more fields of the subscription that are taken over as they are
     */
    record Order(
            String customer, List<Line> lines, @Nullable Long trialEnd, List<ObjectNode> coupons, ObjectNode more) {
        Order {
            lines = List.copyOf(lines);
            coupons = List.copyOf(coupons);
        }
    }

    /** Starts a subscription and collects its first invoice; returns it as it is then. */
    ObjectNode start(Order order) {
        long now = clock.now();
        Long trialEnd = order.trialEnd() != null && order.trialEnd() > now ? order.trialEnd() : null;
        ObjectNode subscription = Shapes.of(Kind.SUBSCRIPTION, ids.next(Kind.SUBSCRIPTION), now)
                .put("billing_cycle_anchor", trialEnd == null ? now : trialEnd)
                .put("start_date", now)
                .put("customer", order.customer());
        subscription.setAll(order.more());
        subscription.set(
                "test_clock", store.get(Kind.CUSTOMER, order.customer()).required("test_clock"));
        if (trialEnd != null) {
            subscription.put("status", "trialing").put("trial_start", now).put("trial_end", trialEnd);
        }
        String id = Json.require(subscription, "id");
        ObjectNode items =
                subscription.withObjectProperty("items").put("url", "/v1/subscription_items?subscription=" + id);
        for (Line line : order.lines()) {
            ObjectNode item = SubscriptionItems.of(
                    ids.next("si_"), id, store.get(Kind.PRICE, line.price()), line.quantity(), now);
            if (trialEnd != null) {
                item.put("current_period_end", trialEnd);
            }
            items.withArrayProperty("data").add(item);
        }
        subscription.put("currency", SubscriptionItems.currency(subscription));
        discounts.put(subscription, order.coupons());
        bills.bill(null, subscription, "subscription_create", new Period(now, now));
        return store.get(Kind.SUBSCRIPTION, id);
    }

    @Override
    public Kind kind() {
        return Kind.SUBSCRIPTION;
    }

    @Override
    public Stream<ObjectNode> candidates() {
        return store.oldestFirst(Kind.SUBSCRIPTION);
    }

    /** When the subscription's period ends and something is to be done; null if it has ended. */
    @Override
    public @Nullable Long dueAt(ObjectNode subscription) {
        if (SubscriptionStates.ended(subscription)) {
            return null;
        }
        if ("incomplete".equals(Json.text(subscription, "status"))) {
            ObjectNode first = store.get(Kind.INVOICE, Json.require(subscription, "latest_invoice"));
            boolean awaited = !first.required("attempted").booleanValue(); // a bank takes days
            return awaited
                    ? null
                    : Long.valueOf(subscription.required("created").longValue() + INCOMPLETE_SECONDS);
        }
        long due = SubscriptionItems.periodEnd(subscription);
        due = Math.min(due, subscription.required("cancel_at").asLong(Long.MAX_VALUE));
        due = Math.min(due, trials.announcedAt(subscription));
        return Math.min(due, resumesAt(subscription));
    }

    /** Ends, renews or resumes a subscription whose time has come. */
    @Override
    public void happen(ObjectNode subscription) {
        long now = clock.now();
        if ("incomplete".equals(Json.text(subscription, "status"))) {
            states.expire(subscription);
        } else if (subscription.required("cancel_at").asLong(Long.MAX_VALUE) <= now) {
            states.end(subscription, subscription.required("cancellation_details"));
        } else if (trials.announcedAt(subscription) <= now) {
            trials.announce(subscription);
        } else if (resumesAt(subscription) <= now) {
            states.change(subscription, subscription.deepCopy().putNull("pause_collection"));
        } else {
            renew(subscription);
        }
    }

    /** Plans a subscription's end, or takes it back. */
    void cancelAtPeriodEnd(ObjectNode draft, boolean cancel) {
        draft.put("cancel_at_period_end", cancel);
        if (cancel) {
            draft.put("canceled_at", clock.now()).put("cancel_at", SubscriptionItems.periodEnd(draft));
            SubscriptionStates.mergeDetails(draft, Json.object());
        } else {
            draft.putNull("canceled_at").putNull("cancel_at");
            draft.withObjectProperty("cancellation_details").putNull("reason");
        }
    }

    /** Plans another price from the next period on. */
    ObjectNode plan(ObjectNode before, String price, long quantity) {
        String id = Json.require(before, "id");
        store.put(
                Kind.PLANNED_CHANGE,
                Json.object().put("id", id).put("price", price).put("quantity", quantity));
        return states.change(before, before.deepCopy().put("schedule", ids.next("sub_sched_")));
    }

    private void renew(ObjectNode subscription) {
        ObjectNode renewed = subscription.deepCopy();
        Period ended =
                new Period(SubscriptionItems.periodStart(subscription), SubscriptionItems.periodEnd(subscription));
        if ("trialing".equals(Json.text(subscription, "status"))) {
            renewed.put("status", "active");
        }
        String id = Json.require(subscription, "id");
        ObjectNode planned = store.find(Kind.PLANNED_CHANGE, id);
        if (planned != null) {
            ObjectNode price = store.get(Kind.PRICE, Json.require(planned, "price"));
            ObjectNode item = (ObjectNode) Json.data(renewed, "items").required(0);
            SubscriptionItems.reprice(item, price, planned.required("quantity").longValue());
            renewed.putNull("schedule");
            store.remove(Kind.PLANNED_CHANGE, id);
        }
        List<JsonNode> due = new ArrayList<>();
        for (JsonNode item : Json.data(renewed, "items")) {
            if (item.required("current_period_end").longValue() <= ended.end()) {
                SubscriptionItems.renew((ObjectNode) item, renewed);
                due.add(item);
            }
        }
        bills.bill(subscription, renewed, "subscription_cycle", ended, due);
    }

    private static long resumesAt(ObjectNode subscription) {
        return subscription.required("pause_collection").path("resumes_at").asLong(Long.MAX_VALUE);
    }
}
