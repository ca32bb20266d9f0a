package dev.paymaster.stripesandbox.connect;

import dev.paymaster.stripesandbox.api.Call;
import dev.paymaster.stripesandbox.api.Endpoint;
import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.billing.Billing;
import dev.paymaster.stripesandbox.state.Filter;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.Store;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v2/core/accounts} and {@code /v2/core/account_links}: recipients, who are paid and charge nobody. */
final class AccountsV2 implements Endpoint.Group {
    private static final String URL = "/v2/core/accounts";

    private final Billing.Tools tools;
    private final Store store;
    private final Accounts accounts;
    private final Onboarding onboarding;

    AccountsV2(Billing.Tools tools, Accounts accounts, Onboarding onboarding) {
        this.tools = tools;
        this.store = tools.store();
        this.accounts = accounts;
        this.onboarding = onboarding;
    }

    @Override
    public List<Endpoint> endpoints() {
        String object = "v2.core.account";
        return List.of(
                Endpoint.post(URL, object, AccountV2Parameters.WRITE, this::create),
                new Endpoint(
                        "GET",
                        URL + "/{id}",
                        object,
                        false,
                        AccountV2Parameters.RETRIEVE,
                        call -> view(call, find(call.id()))),
                Endpoint.post(URL + "/{id}", object, AccountV2Parameters.WRITE, this::update),
                Endpoint.post(URL + "/{id}/close", object, AccountV2Parameters.CLOSE, this::close),
                new Endpoint("GET", URL, object, false, AccountV2Parameters.LIST, this::list),
                Endpoint.post("/v2/core/account_links", "v2.core.account_link", AccountV2Parameters.LINK, this::link));
    }

    private ObjectNode create(Call call) {
        ObjectNode draft = accounts.draft();
        write(call, draft);
        String id = Json.require(draft, "id");
        store.put(Kind.ACCOUNT_V2, more(call, Json.object().put("id", id).put("dashboard", "express")));
        return view(call, accounts.open(draft));
    }

    private ObjectNode update(Call call) {
        ObjectNode before = find(call.id());
        ObjectNode after = before.deepCopy();
        write(call, after);
        store.put(Kind.ACCOUNT_V2, more(call, known(before).deepCopy()));
        return view(call, accounts.change(before, after));
    }

    /** A closed account is gone for v1, as one that was deleted. */
    private ObjectNode close(Call call) {
        ObjectNode account = find(call.id());
        ObjectNode closed = known(account).deepCopy().put("closed", true);
        accounts.deauthorize(call.id());
        return AccountView.of(account, closed, Set.of());
    }

    private void write(Call call, ObjectNode draft) {
        String email = call.text("contact_email");
        if (email != null) {
            draft.put("email", email);
        }
        String country = Json.text(call.get("identity"), "country");
        if (country != null) {
            draft.put("country", country.toUpperCase(Locale.ROOT));
        }
        call.mergeMetadata(draft);
        JsonNode transfers = call.get("configuration")
                .path("recipient")
                .path("capabilities")
                .path("stripe_balance")
                .path("stripe_transfers");
        if (transfers.path("requested").asBoolean(false)) {
            ObjectNode requested = Json.object();
            requested.putObject("transfers").put("requested", true);
            Accounts.request(draft, requested);
        }
    }

    private static ObjectNode more(Call call, ObjectNode more) {
        call.copyTo(more, "contact_phone", "dashboard", "display_name", "defaults", "identity");
        if (more.path("identity") instanceof ObjectNode identity) {
            identity.retain("country", "entity_type");
        }
        if (more.path("defaults") instanceof ObjectNode defaults) {
            defaults.remove("profile");
        }
        return more;
    }

    /** The account; what v2 says of one that isn't there is another code than v1's, whoever names it. */
    private ObjectNode find(String id) {
        ObjectNode account = store.find(Kind.ACCOUNT, id);
        if (account == null) {
            throw new StripeRefusal(404, "invalid_request_error", "not_found", "The account was not found.", null);
        }
        return account;
    }

    private ObjectNode known(ObjectNode account) {
        String id = Json.require(account, "id");
        ObjectNode more = store.find(Kind.ACCOUNT_V2, id);
        return more == null ? Json.object().put("id", id).put("dashboard", "express") : more;
    }

    private ObjectNode view(Call call, ObjectNode account) {
        Set<String> include =
                call.get("include").valueStream().map(JsonNode::stringValue).collect(Collectors.toUnmodifiableSet());
        return AccountView.of(account, known(account), include);
    }

    private ObjectNode list(Call call) {
        long limit = call.integer("limit", 20);
        String page = call.text("page");
        Long below = page == null ? null : store.position(Kind.ACCOUNT, page);
        List<ObjectNode> found = store.newestBelow(Kind.ACCOUNT, Filter.ALL, below == null ? Long.MAX_VALUE : below)
                .limit(limit + 1)
                .toList();
        ObjectNode list = Json.object();
        ArrayNode data = list.putArray("data");
        found.stream().limit(limit).forEach(account -> data.add(AccountView.of(account, known(account), Set.of())));
        String next = found.size() > limit
                ? URL + "?limit=" + limit + "&page=" + Json.require(data.required(data.size() - 1), "id")
                : null;
        return list.put("next_page_url", next).putNull("previous_page_url");
    }

    private ObjectNode link(Call call) {
        JsonNode useCase = call.get("use_case");
        String type = Json.require(useCase, "type");
        JsonNode urls = useCase.path(type);
        if (!urls.isObject()) {
            throw StripeRefusal.invalid(
                    "parameter_missing", "Missing required param: use_case." + type + ".", "use_case");
        }
        String refresh = Json.require(urls, "refresh_url");
        String back = Json.text(urls, "return_url");
        String account = Json.require(find(call.require("account")), "id");
        Onboarding.Link link = onboarding.link(account, refresh, back == null ? refresh : back);
        ObjectNode answer = Json.object()
                .put("object", "v2.core.account_link")
                .put("account", account)
                .put("created", AccountView.time(tools.clock().now()))
                .put("expires_at", AccountView.time(link.expiresAt()))
                .put("livemode", false)
                .put("url", link.url());
        answer.set("use_case", useCase);
        return answer;
    }
}
