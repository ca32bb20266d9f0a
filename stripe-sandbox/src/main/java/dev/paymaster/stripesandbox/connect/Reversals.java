package dev.paymaster.stripesandbox.connect;

import dev.paymaster.stripesandbox.api.Call;
import dev.paymaster.stripesandbox.api.Endpoint;
import dev.paymaster.stripesandbox.api.ParameterType;
import dev.paymaster.stripesandbox.api.Parameters;
import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.billing.Billing;
import dev.paymaster.stripesandbox.billing.PlatformBalance;
import dev.paymaster.stripesandbox.state.Filter;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.Shapes;
import dev.paymaster.stripesandbox.state.Store;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /v1/transfers/{id}/reversals}: money back from an account, in one piece or several. Every reversal, also a
 * partial one, is told by {@code transfer.reversed}
 * (<a href="https://docs.stripe.com/api/events/types#event_types-transfer.reversed">event types</a>).
 */
final class Reversals implements Endpoint.Group {
    private static final String URL = "/v1/transfers/{id}/reversals";
    /** How many of its reversals a transfer shows by itself. */
    private static final int SHOWN = 10;

    private static final Parameters UPDATE = Parameters.NONE.optional("metadata", ParameterType.metadata());

    private static final Parameters CREATE = UPDATE.optional("amount", ParameterType.integer(1, Transfers.MAX_AMOUNT))
            .optional("refund_application_fee", ParameterType.choice("false"))
            .ignoring("description");

    private final Billing.Tools tools;
    private final Store store;
    private final PlatformBalance balance;

    Reversals(Billing.Tools tools, PlatformBalance balance) {
        this.tools = tools;
        this.store = tools.store();
        this.balance = balance;
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post(URL, Kind.TRANSFER_REVERSAL, CREATE, this::create),
                Endpoint.get(URL + "/{reversal}", Kind.TRANSFER_REVERSAL, this::find),
                Endpoint.post(URL + "/{reversal}", Kind.TRANSFER_REVERSAL, UPDATE, this::update),
                Endpoint.list(URL, Kind.TRANSFER_REVERSAL, Parameters.list(), this::list));
    }

    private ObjectNode create(Call call) {
        ObjectNode transfer = transfer(call);
        long left = transfer.required("amount").longValue()
                - transfer.required("amount_reversed").longValue();
        long cents = call.integer("amount", left);
        if (left == 0) {
            throw StripeRefusal.invalid(null, "Transfer " + call.id() + " is already fully reversed.", null);
        }
        if (cents > left) {
            throw StripeRefusal.invalid(
                    null,
                    "Reversal amount (" + cents + " cents) is greater than unreversed amount on transfer (" + left
                            + " cents)",
                    "amount");
        }
        ObjectNode reversal = Shapes.of(
                        Kind.TRANSFER_REVERSAL,
                        tools.ids().next(Kind.TRANSFER_REVERSAL),
                        tools.clock().now())
                .put("amount", cents)
                .put("destination_payment_refund", tools.ids().next("pyr_"))
                .put("transfer", call.id());
        call.mergeMetadata(reversal);
        String id = Json.require(reversal, "id");
        reversal.put("balance_transaction", balance.book("transfer_refund", "transfer_reversal", "usd", cents, id));
        store.put(Kind.TRANSFER_REVERSAL, reversal);
        tell(transfer, cents, left == cents);
        return reversal;
    }

    private void tell(ObjectNode before, long cents, boolean whole) {
        ObjectNode after = before.deepCopy()
                .put("amount_reversed", before.required("amount_reversed").longValue() + cents)
                .put("reversed", whole);
        List<ObjectNode> all = store.newestFirst(
                        Kind.TRANSFER_REVERSAL, Filter.field("/transfer", Json.require(before, "id")))
                .limit(SHOWN + 1L)
                .toList();
        ObjectNode shown = after.withObjectProperty("reversals").put("has_more", all.size() > SHOWN);
        ArrayNode data = shown.putArray("data");
        all.stream().limit(SHOWN).forEach(data::add);
        store.put(Kind.TRANSFER, after);
        tools.events().emitChange("transfer.reversed", before, after);
    }

    private ObjectNode find(Call call) {
        String id = String.valueOf(call.path().get("reversal"));
        ObjectNode reversal = store.find(Kind.TRANSFER_REVERSAL, id);
        if (reversal == null || !call.id().equals(Json.text(reversal, "transfer"))) {
            throw StripeRefusal.notFound("transfer reversal", id);
        }
        return reversal;
    }

    private ObjectNode update(Call call) {
        ObjectNode reversal = find(call).deepCopy();
        call.mergeMetadata(reversal);
        store.put(Kind.TRANSFER_REVERSAL, reversal);
        return reversal;
    }

    private ObjectNode list(Call call) {
        transfer(call);
        String url = "/v1/transfers/" + call.id() + "/reversals";
        return tools.lists().page(call, url, Kind.TRANSFER_REVERSAL, Filter.field("/transfer", call.id()));
    }

    private ObjectNode transfer(Call call) {
        ObjectNode transfer = store.find(Kind.TRANSFER, call.id());
        if (transfer == null) {
            throw StripeRefusal.notFound("transfer", call.id());
        }
        return transfer;
    }
}
