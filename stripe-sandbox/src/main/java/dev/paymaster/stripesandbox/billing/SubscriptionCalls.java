package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.api.Call;
import dev.paymaster.stripesandbox.api.Endpoint;
import dev.paymaster.stripesandbox.api.Lists;
import dev.paymaster.stripesandbox.api.ParameterType;
import dev.paymaster.stripesandbox.api.Parameters;
import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.events.EventLog;
import dev.paymaster.stripesandbox.state.Filter;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.Store;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/subscriptions}: read, cancel now or at the period's end, metadata. Checkout creates them. */
final class SubscriptionCalls implements Endpoint.Group {
    private static final ParameterType DETAILS = ParameterType.object(Parameters.NONE
            .optional("comment", ParameterType.unsettable(ParameterType.text()))
            .optional("feedback", ParameterType.unsettable(ParameterType.text())));

    private static final Parameters UPDATE = Parameters.NONE
            .optional("cancel_at_period_end", ParameterType.bool())
            .optional("cancellation_details", DETAILS)
            .optional("description", ParameterType.unsettable(ParameterType.text()))
            .optional("default_payment_method", ParameterType.text())
            .optional("metadata", ParameterType.metadata());

    private static final Parameters CANCEL = Parameters.NONE
            .optional("cancellation_details", DETAILS)
            .optional("invoice_now", ParameterType.choice("false"))
            .optional("prorate", ParameterType.choice("false"));

    private static final Parameters LIST = Parameters.list()
            .optional("customer", ParameterType.text())
            .optional("price", ParameterType.text())
            .optional(
                    "status",
                    ParameterType.choice(
                            "active",
                            "all",
                            "canceled",
                            "ended",
                            "incomplete",
                            "incomplete_expired",
                            "past_due",
                            "paused",
                            "trialing",
                            "unpaid"))
            .optional("created", ParameterType.timeRange());

    private final Store store;
    private final EventLog events;
    private final Lists lists;
    private final Subscriptions subscriptions;

    SubscriptionCalls(Store store, EventLog events, Lists lists, Subscriptions subscriptions) {
        this.store = store;
        this.events = events;
        this.lists = lists;
        this.subscriptions = subscriptions;
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/v1/subscriptions/{id}", Kind.SUBSCRIPTION, this::retrieve),
                Endpoint.post("/v1/subscriptions/{id}", Kind.SUBSCRIPTION, UPDATE, this::update),
                Endpoint.delete("/v1/subscriptions/{id}", Kind.SUBSCRIPTION, CANCEL, this::cancel),
                Endpoint.list("/v1/subscriptions", Kind.SUBSCRIPTION, LIST, this::list));
    }

    private ObjectNode retrieve(Call call) {
        ObjectNode subscription = store.find(Kind.SUBSCRIPTION, call.id());
        if (subscription == null) {
            throw StripeRefusal.notFound("subscription", call.id());
        }
        return subscription;
    }

    private ObjectNode update(Call call) {
        ObjectNode before = live(call);
        String method = call.text("default_payment_method");
        if (method != null && store.find(Kind.PAYMENT_METHOD, method) == null) {
            throw StripeRefusal.missing("payment_method", method, "default_payment_method");
        }
        ObjectNode after = before.deepCopy();
        call.copyTo(after, "description", "default_payment_method");
        call.mergeMetadata(after);
        if (call.has("cancel_at_period_end")) {
            subscriptions.cancelAtPeriodEnd(after, call.flag("cancel_at_period_end"));
        }
        call.get("cancellation_details").forEachEntry(after.withObjectProperty("cancellation_details")::set);
        store.put(Kind.SUBSCRIPTION, after);
        events.emitChange("customer.subscription.updated", before, after);
        return after;
    }

    private ObjectNode cancel(Call call) {
        return subscriptions.cancel(live(call), call.get("cancellation_details"));
    }

    private ObjectNode live(Call call) {
        ObjectNode subscription = retrieve(call);
        if ("canceled".equals(Json.text(subscription, "status"))) {
            throw StripeRefusal.notFound("subscription", call.id());
        }
        return subscription;
    }

    private ObjectNode list(Call call) {
        String customer = call.text("customer");
        String price = call.text("price");
        return lists.page(
                call,
                "/v1/subscriptions",
                Kind.SUBSCRIPTION,
                customer == null ? Filter.ALL : Filter.field("/customer", customer),
                subscription -> Lists.created(call, subscription)
                        && hasStatus(subscription, call.text("status"))
                        && (price == null || hasPrice(subscription, price)));
    }

    private static boolean hasStatus(ObjectNode subscription, @Nullable String wanted) {
        String status = Json.require(subscription, "status");
        return switch (wanted) {
            case null -> !status.equals("canceled") && !status.equals("incomplete_expired");
            case "all" -> true;
            case "ended" -> status.equals("canceled") || status.equals("incomplete_expired");
            case String exactly -> exactly.equals(status);
        };
    }

    private static boolean hasPrice(ObjectNode subscription, String price) {
        return Json.data(subscription, "items")
                .valueStream()
                .anyMatch(item -> price.equals(Json.text(item.required("price"), "id")));
    }
}
