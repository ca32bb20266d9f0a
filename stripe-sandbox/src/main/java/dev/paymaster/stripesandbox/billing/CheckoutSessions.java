package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.events.EventLog;
import dev.paymaster.stripesandbox.state.Filter;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.SandboxClock;
import dev.paymaster.stripesandbox.state.Store;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What happens to a Checkout session after it was created, whether a person uses the page or a script the control
 * endpoint: it is paid, or it expires. Called inside {@link Store#transact}.
 */
public final class CheckoutSessions implements Timeline.Scheduled {
    private static final long DAY_SECONDS = 24 * 60 * 60;

    private final Store store;
    private final SandboxClock clock;
    private final EventLog events;
    private final Buyers buyers;
    private final PaymentMethods paymentMethods;
    private final Subscriptions subscriptions;
    private final TopUps topUps;
    private final Dunning dunning;
    private final Discounts discounts;

    CheckoutSessions(
            Billing.Tools tools,
            Buyers buyers,
            PaymentMethods paymentMethods,
            Subscriptions subscriptions,
            TopUps topUps,
            Dunning dunning,
            Discounts discounts) {
        this.store = tools.store();
        this.clock = tools.clock();
        this.events = tools.events();
        this.buyers = buyers;
        this.paymentMethods = paymentMethods;
        this.subscriptions = subscriptions;
        this.topUps = topUps;
        this.dunning = dunning;
        this.discounts = discounts;
    }

    /** What came of an attempt to pay. */
    public sealed interface Outcome {
        /** Paid; the buyer goes to this URL, null if the session has none. */
        record Paid(ObjectNode session, @Nullable String redirect) implements Outcome {}

        /** The card was refused; the session is still open. */
        record Declined(String code, String message) implements Outcome {}

        /** The session is complete or has expired. */
        record NotOpen(ObjectNode session) implements Outcome {}
    }

    public @Nullable ObjectNode find(String id) {
        return store.find(Kind.CHECKOUT_SESSION, id);
    }

    /** The lines of a session as the buyer sees them. */
    public ObjectNode lines(String id) {
        return (ObjectNode) store.get(Kind.CHECKOUT_ORDER, id).required("line_items");
    }

    /** Pays an open session. */
    public Outcome pay(ObjectNode session, Buyer buyer) {
        if (!isOpen(session)) {
            return new Outcome.NotOpen(session);
        }
        return buyer.means() instanceof Buyer.Means.ByCard(Card card)
                ? payByCard(session, card, buyer)
                : complete(session, buyer);
    }

    private Outcome payByCard(ObjectNode session, Card card, Buyer buyer) {
        return switch (card) {
            case Card.Accepted accepted ->
                Card.attached(accepted.last4()) instanceof Card.Declined later
                        ? new Outcome.Declined(later.code(), later.message())
                        : complete(session, buyer);
            case Card.Declined declined -> new Outcome.Declined(declined.code(), declined.message());
            case Card.Unknown unknown ->
                new Outcome.Declined(
                        "test_mode_live_card", "The card ending in " + unknown.last4() + " is not a test card.");
        };
    }

    /** The bank's answer to a payment that was slow; refused if none is awaited. */
    ObjectNode settle(ObjectNode session, boolean succeeded) {
        String invoice = Json.text(session, "invoice");
        ObjectNode open = invoice == null ? null : store.get(Kind.INVOICE, invoice);
        if (open == null ? !topUps.isProcessing(session) : !dunning.isProcessing(open)) {
            throw StripeRefusal.invalid(null, "The session has no payment whose outcome is open.", null);
        }
        ObjectNode settled = session.deepCopy();
        if (open == null) {
            topUps.settle(settled, succeeded);
        } else {
            dunning.settle(open, succeeded);
        }
        settled.put("payment_status", succeeded ? "paid" : "unpaid");
        store.put(Kind.CHECKOUT_SESSION, settled);
        events.emit("checkout.session.async_payment_" + (succeeded ? "succeeded" : "failed"), settled);
        return settled;
    }

    boolean isOpen(ObjectNode session) {
        return "open".equals(Json.text(session, "status"));
    }

    /** When an open session expires; null for all others. */
    @Override
    public @Nullable Long dueAt(ObjectNode session) {
        return isOpen(session) ? session.required("expires_at").longValue() : null;
    }

    @Override
    public Kind kind() {
        return Kind.CHECKOUT_SESSION;
    }

    @Override
    public Stream<ObjectNode> candidates() {
        return store.newestFirst(Kind.CHECKOUT_SESSION, Filter.field("/status", "open"));
    }

    @Override
    public void happen(ObjectNode session) {
        expire(session);
    }

    ObjectNode expire(ObjectNode session) {
        ObjectNode expired = session.deepCopy().put("status", "expired").putNull("url");
        store.put(Kind.CHECKOUT_SESSION, expired);
        events.emit("checkout.session.expired", expired);
        return expired;
    }

    private Outcome complete(ObjectNode session, Buyer buyer) {
        String id = Json.require(session, "id");
        ObjectNode order = store.get(Kind.CHECKOUT_ORDER, id);
        boolean subscribes = "subscription".equals(Json.text(session, "mode"));
        ObjectNode customer = buyers.customer(session, buyer.email(), subscribes);
        String customerId = customer == null ? null : Json.require(customer, "id");
        ObjectNode paid = session.deepCopy()
                .put("status", "complete")
                .put("customer", customerId)
                .putNull("url");
        paid.set(
                "customer_details", Buyers.details(customer == null ? Buyers.guest(session, buyer.email()) : customer));
        if (customerId != null && subscribes) {
            subscribe(paid, order, buyer.means(), customerId);
        } else {
            Card.Declined declined = topUps.pay(paid, order, buyer.means(), customerId);
            if (declined != null) {
                return new Outcome.Declined(declined.code(), declined.message());
            }
        }
        store.put(Kind.CHECKOUT_SESSION, paid);
        events.emit("checkout.session.completed", paid);
        String success = Json.text(paid, "success_url");
        return new Outcome.Paid(paid, success == null ? null : success.replace("{CHECKOUT_SESSION_ID}", id));
    }

    private void subscribe(ObjectNode draft, ObjectNode order, Buyer.Means means, String customer) {
        String paymentMethod = Json.require(paymentMethods.attach(customer, means), "id");
        JsonNode data = order.path("subscription_data");
        ObjectNode more = Json.object().put("default_payment_method", paymentMethod);
        data.forEachEntry((field, value) -> {
            if (field.equals("metadata") || field.equals("description")) {
                more.set(field, value);
            }
        });
        Long trialEnd =
                data.has("trial_end") ? Long.valueOf(data.required("trial_end").longValue()) : null;
        if (data.has("trial_period_days")) {
            trialEnd = clock.now() + data.required("trial_period_days").longValue() * DAY_SECONDS;
        }
        ObjectNode subscription = subscriptions.start(new Subscriptions.Order(
                customer, orderLines(order), trialEnd, discounts.coupons(order.path("discounts")), more));
        boolean free = draft.required("amount_total").longValue() == 0;
        boolean later = means instanceof Buyer.Means.ByBank;
        draft.put("payment_status", free ? "no_payment_required" : later ? "unpaid" : "paid");
        draft.set("subscription", subscription.required("id"));
        draft.set("invoice", subscription.required("latest_invoice"));
    }

    private static List<Subscriptions.Line> orderLines(ObjectNode order) {
        return Json.data(order, "line_items")
                .valueStream()
                .map(line -> new Subscriptions.Line(
                        Json.require(line.required("price"), "id"),
                        line.required("quantity").longValue()))
                .toList();
    }
}
