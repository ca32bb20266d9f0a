package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.Store;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** How a subscription goes from one state to another, and tells so. Called inside {@link Store#transact}. */
final class SubscriptionStates {
    private final Billing.Tools tools;
    private final Store store;

    SubscriptionStates(Billing.Tools tools) {
        this.tools = tools;
        this.store = tools.store();
    }

    /** Another status; nothing happens if it is the same, or if the subscription has ended. */
    ObjectNode become(ObjectNode subscription, String status) {
        if (status.equals(Json.text(subscription, "status")) || ended(subscription)) {
            return subscription;
        }
        return change(subscription, subscription.deepCopy().put("status", status));
    }

    /** Saves a changed subscription and tells so. */
    ObjectNode change(ObjectNode before, ObjectNode after) {
        store.put(Kind.SUBSCRIPTION, after);
        tools.events().emitChange("customer.subscription.updated", before, after);
        return after;
    }

    /** Ends a subscription now, without a refund or a credit. */
    ObjectNode end(ObjectNode subscription, JsonNode details) {
        return end(subscription, details, "canceled");
    }

    /** A subscription whose first invoice wasn't paid within 23 hours was never one. */
    ObjectNode expire(ObjectNode subscription) {
        return end(subscription, Json.object(), "incomplete_expired");
    }

    static boolean ended(ObjectNode subscription) {
        String status = Json.require(subscription, "status");
        return status.equals("canceled") || status.equals("incomplete_expired");
    }

    static void mergeDetails(ObjectNode draft, JsonNode given) {
        ObjectNode details = draft.withObjectProperty("cancellation_details");
        details.put("reason", "cancellation_requested");
        given.forEachEntry(details::set);
    }

    private ObjectNode end(ObjectNode subscription, JsonNode details, String status) {
        if (ended(subscription)) {
            return subscription;
        }
        long now = tools.clock().now();
        ObjectNode ended = subscription.deepCopy().put("status", status).put("ended_at", now);
        if (ended.required("canceled_at").isNull()) {
            ended.put("canceled_at", now);
        }
        mergeDetails(ended, details);
        store.remove(Kind.PLANNED_CHANGE, Json.require(ended, "id"));
        store.put(Kind.SUBSCRIPTION, ended);
        if (status.equals("canceled")) {
            tools.events().emit("customer.subscription.deleted", ended);
        } else {
            tools.events().emitChange("customer.subscription.updated", subscription, ended);
        }
        return ended;
    }
}
