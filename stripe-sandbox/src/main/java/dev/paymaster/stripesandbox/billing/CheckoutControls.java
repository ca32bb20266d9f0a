package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.control.Control;
import dev.paymaster.stripesandbox.control.Input;
import dev.paymaster.stripesandbox.state.Json;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** What a script does in place of a buyer on the Checkout page. */
final class CheckoutControls implements Control.Group {
    private final CheckoutSessions sessions;

    CheckoutControls(CheckoutSessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public List<Control> controls() {
        return List.of(
                Control.post("checkout/sessions/{id}/complete", this::complete, "card", "email", "payment_method"),
                Control.post("checkout/sessions/{id}/settle", this::settle, "outcome"));
    }

    private ObjectNode settle(Input input) {
        return sessions.settle(
                find(input), input.choice("outcome", "succeeded", "failed").equals("succeeded"));
    }

    private ObjectNode find(Input input) {
        ObjectNode session = sessions.find(input.id());
        if (session == null) {
            throw StripeRefusal.notFound("checkout.session", input.id());
        }
        return session;
    }

    private ObjectNode complete(Input input) {
        String card = input.text("card", Card.PAYS);
        boolean byCard =
                input.choice("payment_method", "card", "us_bank_account").equals("card");
        String email = input.text("email");
        ObjectNode session = find(input);
        return switch (sessions.pay(session, byCard ? Buyer.byCard(card, email) : Buyer.byBank(email))) {
            case CheckoutSessions.Outcome.Paid paid -> {
                ObjectNode answer = Json.object().put("redirect", paid.redirect());
                answer.set("session", paid.session());
                yield answer;
            }
            case CheckoutSessions.Outcome.Declined declined ->
                throw new StripeRefusal(402, "card_error", declined.code(), declined.message(), "card");
            case CheckoutSessions.Outcome.NotOpen notOpen ->
                throw StripeRefusal.invalid(
                        null, "The session is " + Json.require(notOpen.session(), "status") + ".", null);
        };
    }
}
