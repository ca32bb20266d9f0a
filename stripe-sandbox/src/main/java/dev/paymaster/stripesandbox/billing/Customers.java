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
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/customers}. */
public final class Customers implements Endpoint.Group {
    private static final String[] FIELDS = {
        "name", "email", "description", "phone", "address", "shipping", "preferred_locales", "tax_exempt", "balance"
    };

    private static final Parameters WRITE = Parameters.NONE
            .optional("name", ParameterType.unsettable(ParameterType.text()))
            .optional("email", ParameterType.unsettable(ParameterType.email()))
            .optional("description", ParameterType.unsettable(ParameterType.text()))
            .optional("phone", ParameterType.unsettable(ParameterType.text()))
            .optional("address", ParameterType.unsettable(ParameterType.anything()))
            .optional("shipping", ParameterType.unsettable(ParameterType.anything()))
            .optional("preferred_locales", ParameterType.list(ParameterType.text()))
            .optional("balance", ParameterType.integer(-PriceParameters.MAX_AMOUNT, PriceParameters.MAX_AMOUNT))
            .optional("tax_exempt", ParameterType.choice("none", "exempt", "reverse"))
            .optional(
                    "invoice_settings",
                    ParameterType.object(Parameters.NONE.optional(
                            "default_payment_method", ParameterType.unsettable(ParameterType.text()))))
            .optional("metadata", ParameterType.metadata());

    private static final Parameters CREATE = WRITE.optional("test_clock", ParameterType.text());

    private static final Parameters LIST =
            Parameters.list().optional("email", ParameterType.text()).optional("created", ParameterType.timeRange());

    private final Store store;
    private final Ids ids;
    private final SandboxClock clock;
    private final EventLog events;
    private final Lists lists;

    public Customers(Store store, Ids ids, SandboxClock clock, EventLog events, Lists lists) {
        this.store = store;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
        this.lists = lists;
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post("/v1/customers", Kind.CUSTOMER, CREATE, this::create),
                Endpoint.get("/v1/customers/{id}", Kind.CUSTOMER, this::retrieve),
                Endpoint.post("/v1/customers/{id}", Kind.CUSTOMER, WRITE, this::update),
                Endpoint.list("/v1/customers", Kind.CUSTOMER, LIST, this::list));
    }

    /** A customer whom Checkout makes because the session named none. */
    ObjectNode create(@Nullable String email) {
        return save(fresh().put("email", email));
    }

    /** The customer that a parameter names. */
    ObjectNode named(String id, String param) {
        ObjectNode customer = store.find(Kind.CUSTOMER, id);
        if (customer == null) {
            throw StripeRefusal.missing("customer", id, param);
        }
        return customer;
    }

    /** The payment method that a customer's invoices are charged to if nothing else is said. */
    @Nullable
    String defaultMethod(String customer) {
        return Json.text(store.get(Kind.CUSTOMER, customer).required("invoice_settings"), "default_payment_method");
    }

    /** A payment method becomes the one for all that a customer pays. */
    void useMethod(ObjectNode before, String method) {
        ObjectNode customer = before.deepCopy();
        customer.withObjectProperty("invoice_settings").put("default_payment_method", method);
        store.put(Kind.CUSTOMER, customer);
        events.emitChange("customer.updated", before, customer);
        for (ObjectNode subscription : store.newestFirst(
                        Kind.SUBSCRIPTION, Filter.field("/customer", Json.require(before, "id")))
                .toList()) {
            if (!SubscriptionStates.ended(subscription)) {
                ObjectNode after = subscription.deepCopy().put("default_payment_method", method);
                store.put(Kind.SUBSCRIPTION, after);
                events.emitChange("customer.subscription.updated", subscription, after);
            }
        }
    }

    private void settings(ObjectNode customer, Call call) {
        if (call.get("invoice_settings").has("default_payment_method")) {
            JsonNode method = call.get("invoice_settings").required("default_payment_method");
            if (method.isString() && store.find(Kind.PAYMENT_METHOD, method.stringValue()) == null) {
                throw StripeRefusal.missing(
                        "PaymentMethod", method.stringValue(), "invoice_settings[default_payment_method]");
            }
            customer.withObjectProperty("invoice_settings").set("default_payment_method", method);
        }
    }

    private ObjectNode create(Call call) {
        ObjectNode customer = fresh();
        String clock = call.text("test_clock");
        if (clock != null && store.find(Kind.TEST_CLOCK, clock) == null) {
            throw StripeRefusal.missing("billing_clock", clock, "test_clock");
        }
        call.copyTo(customer, FIELDS);
        call.copyTo(customer, "test_clock");
        settings(customer, call);
        call.mergeMetadata(customer);
        return save(customer);
    }

    private ObjectNode retrieve(Call call) {
        ObjectNode customer = store.find(Kind.CUSTOMER, call.id());
        if (customer == null) {
            throw StripeRefusal.notFound("customer", call.id());
        }
        return customer;
    }

    private ObjectNode update(Call call) {
        ObjectNode before = retrieve(call);
        ObjectNode customer = before.deepCopy();
        call.copyTo(customer, FIELDS);
        settings(customer, call);
        call.mergeMetadata(customer);
        store.put(Kind.CUSTOMER, customer);
        events.emitChange("customer.updated", before, customer);
        return customer;
    }

    private ObjectNode list(Call call) {
        String email = call.text("email");
        return lists.page(
                call,
                "/v1/customers",
                Kind.CUSTOMER,
                Filter.ALL,
                customer ->
                        Lists.created(call, customer) && (email == null || email.equals(Json.text(customer, "email"))));
    }

    private ObjectNode fresh() {
        String id = ids.next(Kind.CUSTOMER);
        // The prefix of invoice numbers: eight characters, as Stripe's.
        return Shapes.of(Kind.CUSTOMER, id, clock.now())
                .put("invoice_prefix", id.substring(4, 12).toUpperCase(Locale.ROOT));
    }

    private ObjectNode save(ObjectNode customer) {
        store.put(Kind.CUSTOMER, customer);
        events.emit("customer.created", customer);
        return customer;
    }
}
