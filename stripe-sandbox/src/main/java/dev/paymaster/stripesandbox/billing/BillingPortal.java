package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.api.Call;
import dev.paymaster.stripesandbox.api.Endpoint;
import dev.paymaster.stripesandbox.api.ParameterType;
import dev.paymaster.stripesandbox.api.Parameters;
import dev.paymaster.stripesandbox.events.EventLog;
import dev.paymaster.stripesandbox.state.Filter;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.Shapes;
import dev.paymaster.stripesandbox.state.Store;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/billing_portal/sessions} and what a customer does there: end a subscription at its period's end, or not. */
public final class BillingPortal implements Endpoint.Group {
    private static final int MAX_KEPT = 10_000;

    private static final Parameters CREATE = Parameters.NONE
            .required("customer", ParameterType.text())
            .optional("return_url", ParameterType.url())
            .optional("locale", ParameterType.text())
            .ignoring("configuration", "flow_data", "on_behalf_of");

    private final Billing.Tools tools;
    private final Store store;
    private final EventLog events;
    private final Customers customers;
    private final Subscriptions subscriptions;
    private final SubscriptionChanges changes;

    BillingPortal(Billing.Tools tools, Customers customers, Subscriptions subscriptions, SubscriptionChanges changes) {
        this.changes = changes;
        this.tools = tools;
        this.store = tools.store();
        this.events = tools.events();
        this.customers = customers;
        this.subscriptions = subscriptions;
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(Endpoint.post("/v1/billing_portal/sessions", Kind.PORTAL_SESSION, CREATE, this::create));
    }

    public @Nullable ObjectNode find(String id) {
        return store.find(Kind.PORTAL_SESSION, id);
    }

    /** The subscriptions of the session's customer that haven't ended. */
    public List<ObjectNode> subscriptions(ObjectNode session) {
        return store.newestFirst(Kind.SUBSCRIPTION, Filter.field("/customer", Json.require(session, "customer")))
                .filter(subscription -> !SubscriptionStates.ended(subscription))
                .toList();
    }

    /** Plans the end of a subscription of the session's customer, or takes it back; ignores anybody else's. */
    public void cancelAtPeriodEnd(ObjectNode session, String subscriptionId, boolean cancel) {
        for (ObjectNode subscription : subscriptions(session)) {
            if (subscriptionId.equals(Json.text(subscription, "id"))) {
                ObjectNode changed = subscription.deepCopy();
                subscriptions.cancelAtPeriodEnd(changed, cancel);
                store.put(Kind.SUBSCRIPTION, changed);
                events.emitChange("customer.subscription.updated", subscription, changed);
            }
        }
    }

    /** The prices that a subscription can be changed to: for sale, as often, in its currency. */
    public List<ObjectNode> choices(ObjectNode subscription) {
        JsonNode price = Json.data(subscription, "items").required(0).required("price");
        return store.newestFirst(Kind.PRICE)
                .filter(other -> other.required("active").booleanValue())
                .filter(other -> !other.required("id").equals(price.required("id")))
                .filter(other -> other.required("recurring").equals(price.required("recurring")))
                .filter(other -> other.required("currency").equals(price.required("currency")))
                .toList();
    }

    public ObjectNode product(ObjectNode price) {
        return store.get(Kind.PRODUCT, Json.require(price, "product"));
    }

    /** Changes a subscription of the session's customer: dearer at once, cheaper when the period ends. */
    public void change(ObjectNode session, String subscriptionId, String price) {
        for (ObjectNode subscription : subscriptions(session)) {
            if (subscriptionId.equals(Json.text(subscription, "id"))) {
                changes.choose(subscription, price, "auto");
            }
        }
    }

    private ObjectNode create(Call call) {
        customers.named(call.require("customer"), "customer");
        String id = tools.ids().next(Kind.PORTAL_SESSION);
        ObjectNode session = Shapes.of(Kind.PORTAL_SESSION, id, tools.clock().now())
                .put("configuration", "bpc_sandbox")
                .put("url", tools.pages().resolve("/p/session/" + id).toString());
        call.copyTo(session, "customer", "return_url", "locale");
        store.put(Kind.PORTAL_SESSION, session);
        store.trim(Kind.PORTAL_SESSION, MAX_KEPT);
        events.emit("billing_portal.session.created", session);
        return session;
    }
}
