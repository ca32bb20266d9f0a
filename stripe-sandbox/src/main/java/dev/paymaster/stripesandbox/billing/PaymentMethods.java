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
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/payment_methods}: the cards that customers paid with. */
final class PaymentMethods implements Endpoint.Group {
    private static final String URL = "/v1/payment_methods";
    /** Stripe's test account that pays: docs.stripe.com/payments/ach-direct-debit/accept-a-payment. */
    private static final String BANK_ACCOUNT = "000123456789";

    private static final Parameters ATTACH = Parameters.NONE.required("customer", ParameterType.text());

    private static final Parameters LIST =
            Parameters.list().optional("customer", ParameterType.text()).optional("type", ParameterType.text());

    private final Store store;
    private final Ids ids;
    private final SandboxClock clock;
    private final EventLog events;
    private final Lists lists;

    PaymentMethods(Store store, Ids ids, SandboxClock clock, EventLog events, Lists lists) {
        this.lists = lists;
        this.store = store;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(URL + "/{id}", Kind.PAYMENT_METHOD, this::retrieve),
                Endpoint.post(URL + "/{id}/attach", Kind.PAYMENT_METHOD, ATTACH, this::attach),
                Endpoint.list(URL, Kind.PAYMENT_METHOD, LIST, this::list));
    }

    /** The id of the customer's payment method that a parameter names; one of Stripe's test methods is attached first. */
    String named(String id, String customer, String param) {
        String card = Card.byTestMethod(id);
        if (card != null) {
            return Json.require(attach(customer, Card.of(card).last4()), "id");
        }
        ObjectNode method = store.find(Kind.PAYMENT_METHOD, id);
        if (method == null || !customer.equals(Json.text(method, "customer"))) {
            throw StripeRefusal.missing("PaymentMethod", id, param);
        }
        return id;
    }

    /** Refuses a payment method that would be declined, as Stripe refuses a declined card. */
    void refuseDeclined(@Nullable String id) {
        ObjectNode method = id == null ? null : store.find(Kind.PAYMENT_METHOD, id);
        if (method == null) {
            throw StripeRefusal.invalid(
                    "resource_missing",
                    "This customer has no attached payment source or default payment method.",
                    null);
        }
        if (Card.attached(Json.require(method.path("card"), "last4")) instanceof Card.Declined declined) {
            throw new StripeRefusal(402, "card_error", "card_declined", declined.message(), null);
        }
    }

    /** What a buyer has just paid with. */
    ObjectNode attach(@Nullable String customer, Buyer.Means means) {
        return switch (means) {
            case Buyer.Means.ByCard(Card card) -> attach(customer, card.last4());
            case Buyer.Means.ByBank _ -> attachBank(customer);
        };
    }

    /** A card that was just used, attached to its customer. */
    ObjectNode attach(@Nullable String customer, String last4) {
        ObjectNode method = fresh(customer);
        method.withObjectProperty("card").put("last4", last4).put("fingerprint", Fingerprint.ofCard(last4));
        return save(method);
    }

    /** A US bank account that was just used. */
    private ObjectNode attachBank(@Nullable String customer) {
        ObjectNode method = fresh(customer).put("type", "us_bank_account");
        method.remove("card");
        method.putObject("us_bank_account")
                .put("account_holder_type", "individual")
                .put("account_type", "checking")
                .put("bank_name", "STRIPE TEST BANK")
                .put("fingerprint", Fingerprint.ofBankAccount(BANK_ACCOUNT))
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

    private ObjectNode attach(Call call) {
        String customer = call.require("customer");
        if (store.find(Kind.CUSTOMER, customer) == null) {
            throw StripeRefusal.missing("customer", customer, "customer");
        }
        return store.get(Kind.PAYMENT_METHOD, named(call.id(), customer, "id"));
    }

    private ObjectNode list(Call call) {
        String customer = call.text("customer");
        String type = call.text("type");
        return lists.page(
                call,
                URL,
                Kind.PAYMENT_METHOD,
                customer == null ? Filter.ALL : Filter.field("/customer", customer),
                method -> type == null || type.equals(Json.text(method, "type")));
    }

    private ObjectNode retrieve(Call call) {
        ObjectNode method = store.find(Kind.PAYMENT_METHOD, call.id());
        if (method == null) {
            throw StripeRefusal.notFound("payment_method", call.id());
        }
        return method;
    }
}
