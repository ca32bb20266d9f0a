package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.api.Call;
import dev.paymaster.stripesandbox.api.Endpoint;
import dev.paymaster.stripesandbox.api.Lists;
import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.state.Filter;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.Store;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/subscriptions}. */
final class SubscriptionCalls implements Endpoint.Group {
    private static final String URL = "/v1/subscriptions";
    private static final long DAY_SECONDS = 24 * 60 * 60;

    private final Billing.Tools tools;
    private final Store store;
    private final Customers customers;
    private final PaymentMethods paymentMethods;
    private final Discounts discounts;
    private final Subscriptions subscriptions;
    private final SubscriptionChanges changes;
    private final SubscriptionEnds ends;

    SubscriptionCalls(
            Billing.Tools tools,
            Customers customers,
            PaymentMethods paymentMethods,
            Discounts discounts,
            Subscriptions subscriptions,
            SubscriptionChanges changes,
            SubscriptionEnds ends) {
        this.tools = tools;
        this.store = tools.store();
        this.customers = customers;
        this.paymentMethods = paymentMethods;
        this.discounts = discounts;
        this.subscriptions = subscriptions;
        this.changes = changes;
        this.ends = ends;
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post(URL, Kind.SUBSCRIPTION, SubscriptionParameters.CREATE, this::create),
                Endpoint.get(URL + "/{id}", Kind.SUBSCRIPTION, this::retrieve),
                Endpoint.post(URL + "/{id}", Kind.SUBSCRIPTION, SubscriptionParameters.UPDATE, this::update),
                Endpoint.delete(URL + "/{id}", Kind.SUBSCRIPTION, SubscriptionParameters.CANCEL, this::cancel),
                Endpoint.list(URL, Kind.SUBSCRIPTION, SubscriptionParameters.LIST, this::list));
    }

    private ObjectNode create(Call call) {
        String customer = Json.require(customers.named(call.require("customer"), "customer"), "id");
        ObjectNode more = Json.object();
        // Read as items of a draft first, so that unknown prices are refused before anything happens.
        ObjectNode draft = Json.object().put("id", "");
        draft.putObject("items").putArray("data");
        changes.items(draft, call.get("items"));
        List<Subscriptions.Line> lines = Json.data(draft, "items")
                .valueStream()
                .map(item -> new Subscriptions.Line(
                        Json.require(item.required("price"), "id"),
                        item.required("quantity").longValue()))
                .toList();
        List<ObjectNode> coupons = discounts.coupons(call.get("discounts"));
        fields(call, more, customer);
        call.copyTo(more, "cancel_at");
        Long trialEnd = null;
        if (call.has("trial_end") || call.has("trial_period_days")) {
            long days = call.integer("trial_period_days", 0);
            trialEnd = call.integer("trial_end", tools.clock().now() + days * DAY_SECONDS);
        }
        refuseDeclined(call, more, customer, trialEnd);
        ObjectNode started = subscriptions.start(new Subscriptions.Order(customer, lines, trialEnd, coupons, more));
        return call.flag("cancel_at_period_end") ? planEnd(started) : started;
    }

    private ObjectNode planEnd(ObjectNode started) {
        ObjectNode planned = started.deepCopy();
        subscriptions.cancelAtPeriodEnd(planned, true);
        store.put(Kind.SUBSCRIPTION, planned);
        return planned;
    }

    /** What a call sets that has no effect until the next invoice. */
    private void fields(Call call, ObjectNode draft, String customer) {
        call.copyTo(draft, "description", "collection_method", "days_until_due");
        call.mergeMetadata(draft);
        String method = call.text("default_payment_method");
        if (method != null) {
            draft.put("default_payment_method", paymentMethods.named(method, customer, "default_payment_method"));
        }
    }

    /** With {@code error_if_incomplete}, a card that would be declined is refused before anything has changed. */
    private void refuseDeclined(Call call, ObjectNode draft, String customer, @Nullable Long trialEnd) {
        if ("error_if_incomplete".equals(call.text("payment_behavior")) && trialEnd == null) {
            String method = Json.text(draft, "default_payment_method");
            paymentMethods.refuseDeclined(method == null ? customers.defaultMethod(customer) : method);
        }
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
        ObjectNode after = before.deepCopy();
        fields(call, after, Json.require(before, "customer"));
        refuseDeclined(call, after, Json.require(before, "customer"), null);
        if (call.has("cancel_at_period_end")) {
            subscriptions.cancelAtPeriodEnd(after, call.flag("cancel_at_period_end"));
        }
        call.copyTo(after, "cancel_at", "pause_collection");
        if (after.required("pause_collection") instanceof ObjectNode pause && !pause.has("resumes_at")) {
            pause.putNull("resumes_at");
        }
        call.get("cancellation_details").forEachEntry(after.withObjectProperty("cancellation_details")::set);
        if (call.has("discounts")) {
            discounts.put(after, discounts.coupons(call.get("discounts")));
        }
        if (call.has("items")) {
            changes.items(after, call.get("items"));
        }
        String behavior = call.text("proration_behavior");
        return changes.apply(
                before,
                after,
                behavior == null ? "create_prorations" : behavior,
                call.integer("proration_date", tools.clock().now()),
                "now".equals(call.text("billing_cycle_anchor")));
    }

    private ObjectNode cancel(Call call) {
        return ends.now(live(call), call.get("cancellation_details"), call.flag("prorate"), call.flag("invoice_now"));
    }

    private ObjectNode live(Call call) {
        ObjectNode subscription = retrieve(call);
        if (SubscriptionStates.ended(subscription)) {
            throw StripeRefusal.notFound("subscription", call.id());
        }
        return subscription;
    }

    private ObjectNode list(Call call) {
        String customer = call.text("customer");
        String price = call.text("price");
        return tools.lists()
                .page(
                        call,
                        URL,
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
