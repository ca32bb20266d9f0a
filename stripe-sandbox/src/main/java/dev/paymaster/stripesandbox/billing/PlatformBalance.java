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

/**
 * The platform's money at Stripe, with a balance transaction for each change. Payments are available at once and cost no
 * fee: the sandbox models who is paid what, not what Stripe charges. Transfers come out of US dollars; what comes in
 * another currency is kept apart, as at Stripe with a bank account in that currency.
 */
public final class PlatformBalance implements Endpoint.Group {
    private static final String ID = "balance";
    private static final Parameters LIST = Parameters.list()
            .optional("source", ParameterType.text())
            .optional("type", ParameterType.text())
            .optional("created", ParameterType.timeRange());

    private final Store store;
    private final Ids ids;
    private final SandboxClock clock;
    private final EventLog events;
    private final Lists lists;

    public PlatformBalance(Store store, Ids ids, SandboxClock clock, EventLog events, Lists lists) {
        this.store = store;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
        this.lists = lists;
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/v1/balance", "balance", call -> balance()),
                Endpoint.get("/v1/balance_transactions/{id}", Kind.BALANCE_TRANSACTION, this::retrieve),
                Endpoint.list("/v1/balance_transactions", Kind.BALANCE_TRANSACTION, LIST, this::list));
    }

    /** What can be transferred, in cents. */
    public long availableCents() {
        ObjectNode setting = store.find(Kind.SETTING, ID);
        return setting == null ? 0 : setting.required("available").longValue();
    }

    /** Sets the balance, as no real account could. */
    public void set(long cents) {
        store.put(Kind.SETTING, Json.object().put("id", ID).put("available", cents));
        events.emit("balance.available", balance());
    }

    /**
     * Books a change and returns the id of its balance transaction.
     *
     * @param type Stripe's type of the transaction, such as {@code charge} or {@code transfer}
     * @param cents positive for money in, negative for money out
     * @param source the id of the charge, transfer or reversal
     */
    public String book(String type, String currency, long cents, String source) {
        return book(type, type, currency, cents, source);
    }

    /** As {@link #book(String, String, long, String)}, for a type that has several reporting categories. */
    public String book(String type, String category, String currency, long cents, String source) {
        ObjectNode before = store.find(Kind.SETTING, ID);
        ObjectNode after = before == null ? Json.object().put("id", ID).put("available", 0) : before.deepCopy();
        if (currency.equals("usd")) {
            after.put("available", availableCents() + cents);
        } else {
            ObjectNode others = after.withObjectProperty("others");
            others.put(currency, others.path(currency).asLong(0) + cents);
        }
        store.put(Kind.SETTING, after);
        ObjectNode transaction = Shapes.of(Kind.BALANCE_TRANSACTION, ids.next(Kind.BALANCE_TRANSACTION), clock.now())
                .put("amount", cents)
                .put("net", cents)
                .put("available_on", clock.now())
                .put("currency", currency)
                .put("reporting_category", category)
                .put("type", type)
                .put("source", source);
        store.put(Kind.BALANCE_TRANSACTION, transaction);
        return Json.require(transaction, "id");
    }

    private ObjectNode balance() {
        ObjectNode balance = Shapes.of("balance");
        amount(balance, "available", "usd", availableCents());
        amount(balance, "pending", "usd", 0);
        ObjectNode setting = store.find(Kind.SETTING, ID);
        if (setting != null) {
            setting.path("others")
                    .forEachEntry((currency, cents) -> amount(balance, "available", currency, cents.longValue()));
        }
        return balance;
    }

    private static void amount(ObjectNode balance, String field, String currency, long cents) {
        ObjectNode amount = balance.withArrayProperty(field)
                .addObject()
                .put("amount", cents)
                .put("currency", currency);
        amount.putObject("source_types").put("card", cents);
    }

    private ObjectNode retrieve(Call call) {
        ObjectNode transaction = store.find(Kind.BALANCE_TRANSACTION, call.id());
        if (transaction == null) {
            throw StripeRefusal.notFound("balance transaction", call.id());
        }
        return transaction;
    }

    private ObjectNode list(Call call) {
        String source = call.text("source");
        String type = call.text("type");
        return lists.page(
                call,
                "/v1/balance_transactions",
                Kind.BALANCE_TRANSACTION,
                source == null ? Filter.ALL : Filter.field("/source", source),
                transaction -> Lists.created(call, transaction)
                        && (type == null || type.equals(Json.text(transaction, "type"))));
    }
}
