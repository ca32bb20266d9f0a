package dev.paymaster.stripesandbox.connect;

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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/accounts}: Express accounts. */
final class Accounts implements Endpoint.Group {
    private static final String URL = "/v1/accounts";

    private static final Parameters UPDATE = Parameters.NONE
            .optional("email", ParameterType.email())
            .optional("business_type", ParameterType.choice("company", "government_entity", "individual", "non_profit"))
            .optional("capabilities", ParameterType.object(capabilities()))
            .optional("metadata", ParameterType.metadata())
            .ignoring("business_profile", "company", "individual", "settings", "tos_acceptance");

    private static final Parameters CREATE = UPDATE.required("type", ParameterType.choice("express"))
            .optional("country", ParameterType.text())
            .optional("default_currency", ParameterType.text());

    private static final Parameters LIST = Parameters.list().optional("created", ParameterType.timeRange());

    private final Store store;
    private final Ids ids;
    private final SandboxClock clock;
    private final EventLog events;
    private final Lists lists;

    Accounts(Store store, Ids ids, SandboxClock clock, EventLog events, Lists lists) {
        this.store = store;
        this.ids = ids;
        this.clock = clock;
        this.events = events;
        this.lists = lists;
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post(URL, Kind.ACCOUNT, CREATE, this::create),
                Endpoint.get(URL + "/{id}", Kind.ACCOUNT, call -> find(call.id())),
                Endpoint.post(URL + "/{id}", Kind.ACCOUNT, UPDATE, this::update),
                Endpoint.delete(URL + "/{id}", Kind.ACCOUNT, Parameters.NONE, this::delete),
                Endpoint.list(URL, Kind.ACCOUNT, LIST, this::list),
                Endpoint.list(URL + "/{id}/capabilities", "capability", Parameters.NONE, this::listCapabilities),
                Endpoint.get(URL + "/{id}/capabilities/{capability}", "capability", this::capability));
    }

    /** The account that a path names; Stripe doesn't tell an unknown account from somebody else's. */
    ObjectNode find(String id) {
        ObjectNode account = store.find(Kind.ACCOUNT, id);
        if (account == null) {
            throw new StripeRefusal(
                    403,
                    "invalid_request_error",
                    "account_invalid",
                    "The provided key does not have access to account '" + id
                            + "' (or that account does not exist). Application access may have been revoked.",
                    null);
        }
        return account;
    }

    /** Saves a changed account and tells the platform's Connect endpoints what changed. */
    ObjectNode change(ObjectNode before, ObjectNode after) {
        String id = Json.require(after, "id");
        store.put(Kind.ACCOUNT, after);
        events.emitFor(id, "account.updated", before, after);
        after.required("capabilities").forEachEntry((name, status) -> {
            if (!status.equals(before.required("capabilities").path(name))) {
                events.emitFor(id, "capability.updated", null, capability(after, name));
            }
        });
        return after;
    }

    /** A capability as its own object; refused with 404 if it was never requested. */
    ObjectNode capability(ObjectNode account, String name) {
        String status = Json.text(account.required("capabilities"), name);
        if (status == null) {
            throw StripeRefusal.notFound("capability", name);
        }
        ObjectNode capability = Shapes.of("capability")
                .put("id", name)
                .put("account", Json.require(account, "id"))
                .put("status", status)
                .put("requested_at", account.required("created").longValue());
        capability.set("requirements", account.required("requirements"));
        return capability;
    }

    private ObjectNode create(Call call) {
        ObjectNode account = draft();
        call.copyTo(account, "country", "email", "business_type", "default_currency");
        call.mergeMetadata(account);
        request(account, call.get("capabilities"));
        return open(account);
    }

    ObjectNode draft() {
        String id = ids.next(Kind.ACCOUNT);
        ObjectNode account = Shapes.of(Kind.ACCOUNT, id, clock.now());
        account.withObjectProperty("external_accounts").put("url", URL + "/" + id + "/external_accounts");
        return account;
    }

    /** Saves a new account, of which nothing is known yet. */
    ObjectNode open(ObjectNode account) {
        if (account.required("capabilities").isEmpty()) {
            account.withObjectProperty("capabilities")
                    .put("card_payments", "inactive")
                    .put("transfers", "inactive");
        }
        Requirements.neverSubmitted(account);
        store.put(Kind.ACCOUNT, account);
        return account;
    }

    private ObjectNode update(Call call) {
        ObjectNode before = find(call.id());
        ObjectNode after = before.deepCopy();
        call.copyTo(after, "email", "business_type");
        call.mergeMetadata(after);
        request(after, call.get("capabilities"));
        return change(before, after);
    }

    private ObjectNode delete(Call call) {
        ObjectNode account = find(call.id());
        deauthorize(call.id());
        return Json.object()
                .put("id", Json.require(account, "id"))
                .put("object", "account")
                .put("deleted", true);
    }

    /** The platform loses the account, and is told so. */
    void deauthorize(String id) {
        store.remove(Kind.ACCOUNT, id);
        ObjectNode application = Json.object()
                .put("id", "ca_sandbox")
                .put("object", "application")
                .put("name", "Sandbox");
        events.emitFor(id, "account.application.deauthorized", null, application);
    }

    private ObjectNode list(Call call) {
        return lists.page(call, URL, Kind.ACCOUNT, Filter.ALL, account -> Lists.created(call, account));
    }

    private ObjectNode listCapabilities(Call call) {
        ObjectNode account = find(call.id());
        List<ObjectNode> all = account.required("capabilities").propertyNames().stream()
                .map(name -> capability(account, name))
                .toList();
        return Lists.of(all, false, URL + "/" + call.id() + "/capabilities");
    }

    private ObjectNode capability(Call call) {
        return capability(find(call.id()), String.valueOf(call.path().get("capability")));
    }

    /** A newly requested capability is active at once if the account has nothing left to prove. */
    static void request(ObjectNode account, JsonNode requested) {
        ObjectNode capabilities = account.withObjectProperty("capabilities");
        requested.forEachEntry((name, request) -> {
            if (request.path("requested").asBoolean(false) && !capabilities.has(name)) {
                capabilities.put(name, Requirements.met(account) ? "active" : "inactive");
            }
        });
    }

    private static Parameters capabilities() {
        ParameterType requested = ParameterType.object(Parameters.NONE.optional("requested", ParameterType.bool()));
        return Parameters.NONE.optional("card_payments", requested).optional("transfers", requested);
    }

    /** The status of the capability that makes an account payable; null if it was never requested. */
    static @Nullable String transfers(ObjectNode account) {
        return Json.text(account.required("capabilities"), "transfers");
    }
}
