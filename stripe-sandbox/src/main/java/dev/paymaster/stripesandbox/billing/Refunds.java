package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.api.Call;
import dev.paymaster.stripesandbox.api.Endpoint;
import dev.paymaster.stripesandbox.api.Lists;
import dev.paymaster.stripesandbox.api.ParameterType;
import dev.paymaster.stripesandbox.api.Parameters;
import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.control.Control;
import dev.paymaster.stripesandbox.control.Input;
import dev.paymaster.stripesandbox.state.Filter;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.Shapes;
import dev.paymaster.stripesandbox.state.Store;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /v1/refunds}: money back from a charge, in one piece or several. A refund to a card has succeeded at once; to
 * one of Stripe's two test cards for slow refunds it is pending until it is settled through the control door. A failed
 * refund gives the money back to the balance and makes the charge refundable again
 * (<a href="https://docs.stripe.com/refunds#failed-refunds">failed refunds</a>).
 */
final class Refunds implements Endpoint.Group, Control.Group {
    private static final String URL = "/v1/refunds";

    private static final Parameters UPDATE = Parameters.NONE.optional("metadata", ParameterType.metadata());

    private static final Parameters CREATE = UPDATE.optional("charge", ParameterType.text())
            .optional("payment_intent", ParameterType.text())
            .optional("amount", ParameterType.integer(1, PriceParameters.MAX_AMOUNT))
            .optional("reason", ParameterType.choice("duplicate", "fraudulent", "requested_by_customer"))
            .optional("currency", ParameterType.text())
            .ignoring("instructions_email", "origin");

    private static final Parameters LIST = Parameters.list()
            .optional("charge", ParameterType.text())
            .optional("payment_intent", ParameterType.text())
            .optional("created", ParameterType.timeRange());

    private final Billing.Tools tools;
    private final Store store;
    private final Charges charges;
    private final PlatformBalance balance;

    Refunds(Billing.Tools tools, Charges charges, PlatformBalance balance) {
        this.tools = tools;
        this.store = tools.store();
        this.charges = charges;
        this.balance = balance;
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post(URL, Kind.REFUND, CREATE, this::create),
                Endpoint.get(URL + "/{id}", Kind.REFUND, call -> find(call.id())),
                Endpoint.post(URL + "/{id}", Kind.REFUND, UPDATE, this::update),
                Endpoint.list(URL, Kind.REFUND, LIST, this::list));
    }

    @Override
    public List<Control> controls() {
        return List.of(
                Control.post("refunds/{id}/fail", this::fail, "reason"),
                Control.post("refunds/{id}/succeed", this::succeed));
    }

    /** Gives back a part of a charge, and books it. */
    ObjectNode refund(ObjectNode charge, long cents, ObjectNode asked) {
        ObjectNode refund = Shapes.of(
                        Kind.REFUND,
                        tools.ids().next(Kind.REFUND),
                        tools.clock().now())
                .put("amount", cents)
                .put("charge", Json.require(charge, "id"))
                .put("status", Card.refundsSlowly(charges.last4(charge)) ? "pending" : "succeeded");
        for (String same : List.of("currency", "customer", "payment_intent", "payment_method")) {
            refund.set(same, charge.required(same));
        }
        refund.setAll(asked);
        refund.putObject("destination_details")
                .put("type", "card")
                .putObject("card")
                .put("type", "refund");
        refund.put(
                "balance_transaction",
                balance.book("refund", Json.require(charge, "currency"), -cents, Json.require(refund, "id")));
        store.put(Kind.REFUND, refund);
        ObjectNode refunded = charges.addRefunded(charge, cents);
        tools.events().emit("refund.created", refund);
        tools.events().emitChange("charge.refunded", charge, refunded);
        return refund;
    }

    private ObjectNode create(Call call) {
        ObjectNode charge = charges.toRefund(call.text("charge"), call.text("payment_intent"));
        long left = charges.refundable(charge);
        long cents = call.integer("amount", left);
        if (left == 0) {
            throw StripeRefusal.invalid(
                    "charge_already_refunded",
                    "Charge " + Json.require(charge, "id") + " has already been refunded.",
                    null);
        }
        if (cents > left) {
            throw StripeRefusal.invalid(
                    null,
                    "Refund amount (" + cents + " cents) is greater than unrefunded amount on charge (" + left
                            + " cents)",
                    "amount");
        }
        ObjectNode asked = Json.object();
        call.copyTo(asked, "reason");
        call.mergeMetadata(asked);
        return refund(charge, cents, asked);
    }

    private ObjectNode update(Call call) {
        ObjectNode before = find(call.id());
        ObjectNode after = before.deepCopy();
        call.mergeMetadata(after);
        return change(before, after);
    }

    /** The bank couldn't take the money: it is on the balance again, and the charge is refunded by that much less. */
    private ObjectNode fail(Input input) {
        ObjectNode before = find(input.id());
        String status = Json.require(before, "status");
        if (status.equals("failed") || status.equals("canceled")) {
            throw StripeRefusal.invalid(null, "The refund is " + status + ".", null);
        }
        long cents = before.required("amount").longValue();
        ObjectNode charge = store.get(Kind.CHARGE, Json.require(before, "charge"));
        ObjectNode after = before.deepCopy()
                .put("status", "failed")
                .put("failure_reason", input.text("reason", "unknown"))
                .put(
                        "failure_balance_transaction",
                        balance.book("refund_failure", Json.require(charge, "currency"), cents, input.id()));
        charges.addRefunded(charge, -cents);
        change(before, after);
        tools.events().emit("refund.failed", after);
        return after;
    }

    private ObjectNode succeed(Input input) {
        ObjectNode before = find(input.id());
        if (!"pending".equals(Json.text(before, "status"))) {
            throw StripeRefusal.invalid(null, "The refund is " + Json.text(before, "status") + ".", null);
        }
        return change(before, before.deepCopy().put("status", "succeeded"));
    }

    /** Stripe tells a change of a charge's refund twice, under its old name and its new one. */
    private ObjectNode change(ObjectNode before, ObjectNode after) {
        store.put(Kind.REFUND, after);
        tools.events().emitChange("refund.updated", before, after);
        tools.events().emitChange("charge.refund.updated", before, after);
        return after;
    }

    private ObjectNode find(String id) {
        ObjectNode refund = store.find(Kind.REFUND, id);
        if (refund == null) {
            throw StripeRefusal.notFound("refund", id);
        }
        return refund;
    }

    private ObjectNode list(Call call) {
        String charge = call.text("charge");
        String intent = call.text("payment_intent");
        Filter filter = charge != null ? Filter.field("/charge", charge) : Filter.ALL;
        if (intent != null) {
            filter = Filter.field("/payment_intent", intent);
        }
        return tools.lists()
                .page(
                        call,
                        URL,
                        Kind.REFUND,
                        filter,
                        refund -> Lists.created(call, refund)
                                && (charge == null || charge.equals(Json.text(refund, "charge"))));
    }
}
