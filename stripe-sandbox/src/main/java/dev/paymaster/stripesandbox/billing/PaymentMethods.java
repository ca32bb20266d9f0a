package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.api.Call;
import dev.paymaster.stripesandbox.api.Endpoint;
import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.events.EventLog;
import dev.paymaster.stripesandbox.state.Ids;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.SandboxClock;
import dev.paymaster.stripesandbox.state.Shapes;
import dev.paymaster.stripesandbox.state.Store;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/payment_methods}: the cards that customers paid with. */
final class PaymentMethods implements Endpoint.Group {
    private final Store store;
    private final Ids ids;
    private final SandboxClock clock;
    private final EventLog events;

    PaymentMethods(Store store, Ids ids, SandboxClock clock, EventLog events) {
        this.store = store;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(Endpoint.get("/v1/payment_methods/{id}", Kind.PAYMENT_METHOD, this::retrieve));
    }

    /** A card that was just used, attached to its customer. One card number has one fingerprint, whoever uses it. */
    ObjectNode attach(String customer, Card.Accepted card) {
        ObjectNode method = Shapes.of(Kind.PAYMENT_METHOD, ids.next(Kind.PAYMENT_METHOD), clock.now())
                .put("customer", customer);
        method.withObjectProperty("card").put("last4", card.last4()).put("fingerprint", "sandboxcard" + card.last4());
        store.put(Kind.PAYMENT_METHOD, method);
        events.emit("payment_method.attached", method);
        return method;
    }

    private ObjectNode retrieve(Call call) {
        ObjectNode method = store.find(Kind.PAYMENT_METHOD, call.id());
        if (method == null) {
            throw StripeRefusal.notFound("payment_method", call.id());
        }
        return method;
    }
}
