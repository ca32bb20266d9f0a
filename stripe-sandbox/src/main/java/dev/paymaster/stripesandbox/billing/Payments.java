package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.api.Call;
import dev.paymaster.stripesandbox.api.Endpoint;
import dev.paymaster.stripesandbox.api.Lists;
import dev.paymaster.stripesandbox.api.ParameterType;
import dev.paymaster.stripesandbox.api.Parameters;
import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.events.EventLog;
import dev.paymaster.stripesandbox.state.Filter;
import dev.paymaster.stripesandbox.state.Ids;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.SandboxClock;
import dev.paymaster.stripesandbox.state.Shapes;
import dev.paymaster.stripesandbox.state.Store;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/payment_intents}, {@code /v1/charges}: how an invoice was paid. They are made by paying, not by calls. */
final class Payments implements Endpoint.Group {
    private static final Parameters LIST_INTENTS =
            Parameters.list().optional("customer", ParameterType.text()).optional("created", ParameterType.timeRange());

    private static final Parameters LIST_CHARGES = LIST_INTENTS.optional("payment_intent", ParameterType.text());

    private final Store store;
    private final Ids ids;
    private final SandboxClock clock;
    private final EventLog events;
    private final Lists lists;
    private final PlatformBalance balance;

    Payments(Store store, Ids ids, SandboxClock clock, EventLog events, Lists lists, PlatformBalance balance) {
        this.store = store;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
        this.lists = lists;
        this.balance = balance;
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/v1/payment_intents/{id}", Kind.PAYMENT_INTENT, this::intent),
                Endpoint.list("/v1/payment_intents", Kind.PAYMENT_INTENT, LIST_INTENTS, this::intents),
                Endpoint.get("/v1/charges/{id}", Kind.CHARGE, this::charge),
                Endpoint.list("/v1/charges", Kind.CHARGE, LIST_CHARGES, this::charges));
    }

    /** Charges a card; the money is on the platform's balance. Returns the payment intent. */
    ObjectNode collect(String customer, String paymentMethod, long cents, String description) {
        String intentId = ids.next(Kind.PAYMENT_INTENT);
        String chargeId = ids.next(Kind.CHARGE);
        ObjectNode intent = Shapes.of(Kind.PAYMENT_INTENT, intentId, clock.now())
                .put("amount", cents)
                .put("amount_received", cents)
                .put("client_secret", ids.next(intentId + "_secret_"))
                .put("customer", customer)
                .put("description", description)
                .put("latest_charge", chargeId)
                .put("payment_method", paymentMethod)
                .put("setup_future_usage", "off_session")
                .put("status", "succeeded");
        ObjectNode charge = charge(chargeId, intent, store.get(Kind.PAYMENT_METHOD, paymentMethod))
                .put("balance_transaction", balance.book("charge", cents, chargeId));
        store.put(Kind.PAYMENT_INTENT, intent);
        store.put(Kind.CHARGE, charge);
        events.emit("payment_intent.created", created(intent));
        events.emit("charge.succeeded", charge);
        events.emit("payment_intent.succeeded", intent);
        return intent;
    }

    /** As the intent was before it was confirmed. */
    private static ObjectNode created(ObjectNode succeeded) {
        return succeeded
                .deepCopy()
                .put("amount_received", 0)
                .putNull("latest_charge")
                .putNull("payment_method")
                .put("status", "requires_payment_method");
    }

    private ObjectNode charge(String id, ObjectNode intent, ObjectNode method) {
        long cents = intent.required("amount").longValue();
        ObjectNode charge = Shapes.of(Kind.CHARGE, id, clock.now())
                .put("amount", cents)
                .put("amount_captured", cents)
                .put("calculated_statement_descriptor", "SANDBOX")
                .put("captured", true)
                .put("paid", true)
                .put("payment_intent", Json.require(intent, "id"))
                .put("payment_method", Json.require(method, "id"));
        charge.set("customer", intent.required("customer"));
        charge.set("description", intent.required("description"));
        ObjectNode card = charge.withObjectProperty("payment_method_details").withObjectProperty("card");
        card.put("amount_authorized", cents);
        card.withObjectProperty("overcapture").put("maximum_amount_capturable", cents);
        card.set("last4", method.required("card").required("last4"));
        card.set("fingerprint", method.required("card").required("fingerprint"));
        return charge;
    }

    private ObjectNode intent(Call call) {
        ObjectNode intent = store.find(Kind.PAYMENT_INTENT, call.id());
        if (intent == null) {
            throw StripeRefusal.notFound("payment_intent", call.id());
        }
        return intent;
    }

    private ObjectNode intents(Call call) {
        String customer = call.text("customer");
        Filter filter = customer == null ? Filter.ALL : Filter.field("/customer", customer);
        return lists.page(
                call, "/v1/payment_intents", Kind.PAYMENT_INTENT, filter, intent -> Lists.created(call, intent));
    }

    private ObjectNode charge(Call call) {
        ObjectNode charge = store.find(Kind.CHARGE, call.id());
        if (charge == null) {
            throw StripeRefusal.notFound("charge", call.id());
        }
        return charge;
    }

    private ObjectNode charges(Call call) {
        String customer = call.text("customer");
        String intent = call.text("payment_intent");
        Filter filter = intent == null ? Filter.ALL : Filter.field("/payment_intent", intent);
        return lists.page(
                call,
                "/v1/charges",
                Kind.CHARGE,
                filter,
                charge -> Lists.created(call, charge)
                        && (customer == null || customer.equals(Json.text(charge, "customer"))));
    }
}
