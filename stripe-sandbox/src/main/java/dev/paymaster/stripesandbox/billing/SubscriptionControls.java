package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.control.Control;
import dev.paymaster.stripesandbox.control.Input;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.Store;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** What a script does in place of a customer in the billing portal. */
final class SubscriptionControls implements Control.Group {
    private final Store store;
    private final Customers customers;
    private final PaymentMethods paymentMethods;
    private final SubscriptionChanges changes;

    SubscriptionControls(Store store, Customers customers, PaymentMethods paymentMethods, SubscriptionChanges changes) {
        this.store = store;
        this.customers = customers;
        this.paymentMethods = paymentMethods;
        this.changes = changes;
    }

    @Override
    public List<Control> controls() {
        return List.of(
                Control.post("subscriptions/{id}/change", this::change, "price", "when"),
                Control.post("customers/{id}/card", this::card, "card"));
    }

    private ObjectNode change(Input input) {
        ObjectNode subscription = store.find(Kind.SUBSCRIPTION, input.id());
        if (subscription == null || SubscriptionStates.ended(subscription)) {
            throw StripeRefusal.notFound("subscription", input.id());
        }
        String when = input.choice("when", "auto", "now", "period_end");
        return changes.choose(subscription, input.text("price", ""), when);
    }

    /** A new card takes the place of the old one everywhere. */
    private ObjectNode card(Input input) {
        ObjectNode customer = customers.named(input.id(), "id");
        if (!(Card.of(input.text("card", Card.PAYS)) instanceof Card.Accepted card)) {
            throw new StripeRefusal(402, "card_error", "card_declined", "The card can't be attached.", "card");
        }
        ObjectNode method = paymentMethods.attach(input.id(), card.last4());
        customers.useMethod(customer, Json.require(method, "id"));
        return method;
    }
}
