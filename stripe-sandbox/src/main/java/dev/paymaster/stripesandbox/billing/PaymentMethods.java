package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.api.Call;
import dev.paymaster.stripesandbox.api.Endpoint;
import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.events.EventLog;
import dev.paymaster.stripesandbox.state.Ids;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.SandboxClock;
import dev.paymaster.stripesandbox.state.Shapes;
import dev.paymaster.stripesandbox.state.Store;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
    ObjectNode attach(@Nullable String customer, String last4) {
        ObjectNode method = fresh(customer);
        method.withObjectProperty("card").put("last4", last4).put("fingerprint", "sandboxcard" + last4);
        return save(method);
    }

    /** A US bank account that was just used. */
    ObjectNode attachBank(@Nullable String customer) {
        ObjectNode method = fresh(customer).put("type", "us_bank_account");
        method.remove("card");
        method.putObject("us_bank_account")
                .put("account_holder_type", "individual")
                .put("account_type", "checking")
                .put("bank_name", "STRIPE TEST BANK")
                .put("fingerprint", "sandboxbank6789")
                .put("last4", "6789")
                .put("routing_number", "110000000");
        return save(method);
    }

    private ObjectNode fresh(@Nullable String customer) {
        return Shapes.of(Kind.PAYMENT_METHOD, ids.next(Kind.PAYMENT_METHOD), clock.now())
                .put("customer", customer);
    }

    /** A guest's payment method is attached to nobody. */
    private ObjectNode save(ObjectNode method) {
        store.put(Kind.PAYMENT_METHOD, method);
        if (Json.text(method, "customer") != null) {
            events.emit("payment_method.attached", method);
        }
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
