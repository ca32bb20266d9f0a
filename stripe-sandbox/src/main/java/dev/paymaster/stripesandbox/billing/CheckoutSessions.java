package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.events.EventLog;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.Shapes;
import dev.paymaster.stripesandbox.state.Store;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What happens to a Checkout session after it was created, whether a person uses the page or a script the control
 * endpoint: it is paid, or it expires. Called inside {@link Store#transact}.
 */
public final class CheckoutSessions {
    private final Store store;
    private final EventLog events;
    private final Customers customers;
    private final PaymentMethods paymentMethods;
    private final Subscriptions subscriptions;

    CheckoutSessions(
            Store store,
            EventLog events,
            Customers customers,
            PaymentMethods paymentMethods,
            Subscriptions subscriptions) {
        this.store = store;
        this.events = events;
        this.customers = customers;
        this.paymentMethods = paymentMethods;
        this.subscriptions = subscriptions;
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

    /**
     * Pays an open session.
     *
     * @param email of a buyer whom the session doesn't know yet
     */
    public Outcome pay(ObjectNode session, Card card, @Nullable String email) {
        if (!isOpen(session)) {
            return new Outcome.NotOpen(session);
        }
        return switch (card) {
            case Card.Accepted accepted -> complete(session, accepted, email);
            case Card.Declined declined -> new Outcome.Declined(declined.code(), declined.message());
            case Card.Unknown unknown ->
                new Outcome.Declined(
                        "test_mode_live_card", "The card ending in " + unknown.last4() + " is not a test card.");
        };
    }

    boolean isOpen(ObjectNode session) {
        return "open".equals(Json.text(session, "status"));
    }

    /** When an open session expires; null for all others. */
    @Nullable
    Long dueAt(ObjectNode session) {
        return isOpen(session) ? session.required("expires_at").longValue() : null;
    }

    ObjectNode expire(ObjectNode session) {
        ObjectNode expired = session.deepCopy().put("status", "expired").putNull("url");
        store.put(Kind.CHECKOUT_SESSION, expired);
        events.emit("checkout.session.expired", expired);
        return expired;
    }

    private Outcome complete(ObjectNode session, Card.Accepted card, @Nullable String email) {
        String id = Json.require(session, "id");
        ObjectNode order = store.get(Kind.CHECKOUT_ORDER, id);
        ObjectNode customer = customer(session, email);
        String customerId = Json.require(customer, "id");
        String paymentMethod = Json.require(paymentMethods.attach(customerId, card), "id");
        ObjectNode subscription = subscriptions.start(new Subscriptions.Order(
                customerId,
                orderLines(order),
                order.path("subscription_metadata"),
                Json.text(order, "subscription_description"),
                paymentMethod));
        ObjectNode paid = session.deepCopy()
                .put("status", "complete")
                .put("payment_status", "paid")
                .put("customer", customerId)
                .putNull("url");
        paid.set("subscription", subscription.required("id"));
        paid.set("invoice", subscription.required("latest_invoice"));
        paid.set("customer_details", details(customer));
        store.put(Kind.CHECKOUT_SESSION, paid);
        events.emit("checkout.session.completed", paid);
        String success = Json.text(paid, "success_url");
        return new Outcome.Paid(paid, success == null ? null : success.replace("{CHECKOUT_SESSION_ID}", id));
    }

    private ObjectNode customer(ObjectNode session, @Nullable String email) {
        String known = Json.text(session, "customer");
        if (known != null) {
            return store.get(Kind.CUSTOMER, known);
        }
        String prefilled = Json.text(session, "customer_email");
        return customers.create(prefilled == null ? email : prefilled);
    }

    private static List<Subscriptions.Line> orderLines(ObjectNode order) {
        return Json.data(order, "line_items")
                .valueStream()
                .map(line -> new Subscriptions.Line(
                        Json.require(line.required("price"), "id"),
                        line.required("quantity").longValue()))
                .toList();
    }

    private ObjectNode details(ObjectNode customer) {
        ObjectNode details = Json.object().putNull("business_name").putNull("individual_name");
        for (String field : List.of("address", "email", "name", "phone", "tax_exempt")) {
            details.set(field, customer.required(field));
        }
        details.putArray("tax_ids");
        return details;
    }

    /** A line as Checkout shows it. */
    static ObjectNode line(String id, ObjectNode price, long quantity, String description) {
        long amount = price.required("unit_amount").longValue() * quantity;
        ObjectNode line = Shapes.of("item")
                .put("id", id)
                .put("amount_subtotal", amount)
                .put("amount_total", amount)
                .put("description", description)
                .put("quantity", quantity);
        line.set("price", price);
        return line;
    }
}
