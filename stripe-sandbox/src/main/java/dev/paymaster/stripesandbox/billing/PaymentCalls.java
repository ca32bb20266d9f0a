package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.api.Call;
import dev.paymaster.stripesandbox.api.Endpoint;
import dev.paymaster.stripesandbox.api.Lists;
import dev.paymaster.stripesandbox.api.ParameterType;
import dev.paymaster.stripesandbox.api.Parameters;
import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.state.Filter;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.Store;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/payment_intents}, {@code /v1/charges}: how something was paid. They are made by paying, not by calls. */
final class PaymentCalls implements Endpoint.Group {
    private static final Parameters LIST_INTENTS =
            Parameters.list().optional("customer", ParameterType.text()).optional("created", ParameterType.timeRange());

    private static final Parameters LIST_CHARGES = LIST_INTENTS.optional("payment_intent", ParameterType.text());

    private final Store store;
    private final Lists lists;

    PaymentCalls(Store store, Lists lists) {
        this.store = store;
        this.lists = lists;
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/v1/payment_intents/{id}", Kind.PAYMENT_INTENT, this::intent),
                Endpoint.list("/v1/payment_intents", Kind.PAYMENT_INTENT, LIST_INTENTS, this::intents),
                Endpoint.get("/v1/charges/{id}", Kind.CHARGE, this::charge),
                Endpoint.list("/v1/charges", Kind.CHARGE, LIST_CHARGES, this::charges));
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
