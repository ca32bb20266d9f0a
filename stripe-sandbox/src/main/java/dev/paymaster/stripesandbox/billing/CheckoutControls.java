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
        return List.of(Control.post("checkout/sessions/{id}/complete", this::complete, "card", "email"));
    }

    private ObjectNode complete(Input input) {
        Card card = Card.of(input.text("card", Card.PAYS));
        ObjectNode session = sessions.find(input.id());
        if (session == null) {
            throw StripeRefusal.notFound("checkout.session", input.id());
        }
        return switch (sessions.pay(session, card, input.text("email"))) {
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
