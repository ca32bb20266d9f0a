package dev.paymaster.stripesandbox.connect;

import dev.paymaster.stripesandbox.api.Call;
import dev.paymaster.stripesandbox.api.Endpoint;
import dev.paymaster.stripesandbox.api.Lists;
import dev.paymaster.stripesandbox.api.ParameterType;
import dev.paymaster.stripesandbox.api.Parameters;
import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.billing.PlatformBalance;
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

/** {@code /v1/transfers}: from the platform's balance to an account whose {@code transfers} capability is active. */
final class Transfers implements Endpoint.Group {
    private static final String URL = "/v1/transfers";
    /** Stripe's largest amount in cents. */
    static final long MAX_AMOUNT = 99_999_999_999L;

    private static final Parameters UPDATE = Parameters.NONE
            .optional("description", ParameterType.unsettable(ParameterType.text()))
            .optional("metadata", ParameterType.metadata());

    private static final Parameters CREATE = UPDATE.required("currency", ParameterType.choice("usd"))
            .required("destination", ParameterType.text())
            .required("amount", ParameterType.integer(1, MAX_AMOUNT))
            .optional("transfer_group", ParameterType.text())
            .optional("source_transaction", ParameterType.text())
            .optional("source_type", ParameterType.choice("card"));

    private static final Parameters LIST = Parameters.list()
            .optional("destination", ParameterType.text())
            .optional("transfer_group", ParameterType.text())
            .optional("created", ParameterType.timeRange());

    private final Store store;
    private final Ids ids;
    private final SandboxClock clock;
    private final EventLog events;
    private final Lists lists;
    private final PlatformBalance balance;

    Transfers(Store store, Ids ids, SandboxClock clock, EventLog events, Lists lists, PlatformBalance balance) {
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
                Endpoint.post(URL, Kind.TRANSFER, CREATE, this::create),
                Endpoint.get(URL + "/{id}", Kind.TRANSFER, this::retrieve),
                Endpoint.post(URL + "/{id}", Kind.TRANSFER, UPDATE, this::update),
                Endpoint.list(URL, Kind.TRANSFER, LIST, this::list));
    }

    private ObjectNode create(Call call) {
        long cents = call.integer("amount");
        refuseUnpayable(call.require("destination"));
        String source = call.text("source_transaction");
        if (source != null && store.find(Kind.CHARGE, source) == null) {
            throw StripeRefusal.missing("charge", source, "source_transaction");
        }
        if (balance.availableCents() < cents) {
            throw StripeRefusal.invalid(
                    "balance_insufficient",
                    "You have insufficient available funds in your Stripe account. Try adding funds directly to your"
                            + " available balance by creating Charges using the 4000000000000077 test card. See:"
                            + " https://stripe.com/docs/testing#available-balance",
                    null);
        }
        String id = ids.next(Kind.TRANSFER);
        ObjectNode transfer = Shapes.of(Kind.TRANSFER, id, clock.now())
                .put("amount", cents)
                .put("balance_transaction", balance.book("transfer", "usd", -cents, id))
                .put("destination_payment", ids.next("py_"));
        call.copyTo(transfer, "destination", "transfer_group", "source_transaction", "description");
        call.mergeMetadata(transfer);
        transfer.withObjectProperty("reversals").put("url", URL + "/" + id + "/reversals");
        store.put(Kind.TRANSFER, transfer);
        events.emit("transfer.created", transfer);
        return transfer;
    }

    private void refuseUnpayable(String destination) {
        ObjectNode account = store.find(Kind.ACCOUNT, destination);
        if (account == null) {
            throw StripeRefusal.missing("destination", destination, "destination");
        }
        if (!"active".equals(Accounts.transfers(account))) {
            throw StripeRefusal.invalid(
                    "insufficient_capabilities_for_transfer",
                    "Your destination account needs to have at least one of the following capabilities enabled:"
                            + " transfers, crypto_transfers, legacy_payments",
                    null);
        }
    }

    private ObjectNode retrieve(Call call) {
        ObjectNode transfer = store.find(Kind.TRANSFER, call.id());
        if (transfer == null) {
            throw StripeRefusal.notFound("transfer", call.id());
        }
        return transfer;
    }

    private ObjectNode update(Call call) {
        ObjectNode before = retrieve(call);
        ObjectNode transfer = before.deepCopy();
        call.copyTo(transfer, "description");
        call.mergeMetadata(transfer);
        store.put(Kind.TRANSFER, transfer);
        events.emitChange("transfer.updated", before, transfer);
        return transfer;
    }

    private ObjectNode list(Call call) {
        String destination = call.text("destination");
        String group = call.text("transfer_group");
        Filter filter = destination != null ? Filter.field("/destination", destination) : Filter.ALL;
        if (group != null) {
            filter = Filter.field("/transfer_group", group);
        }
        return lists.page(
                call,
                URL,
                Kind.TRANSFER,
                filter,
                transfer -> Lists.created(call, transfer)
                        && (destination == null || destination.equals(Json.text(transfer, "destination"))));
    }
}
