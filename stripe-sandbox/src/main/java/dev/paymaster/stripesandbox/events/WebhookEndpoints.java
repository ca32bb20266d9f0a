package dev.paymaster.stripesandbox.events;

import dev.paymaster.stripesandbox.api.Call;
import dev.paymaster.stripesandbox.api.Endpoint;
import dev.paymaster.stripesandbox.api.Lists;
import dev.paymaster.stripesandbox.api.ParameterType;
import dev.paymaster.stripesandbox.api.Parameters;
import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.control.Control;
import dev.paymaster.stripesandbox.control.Input;
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

/** {@code /v1/webhook_endpoints}: who listens. The secret is shown on creation only. */
public final class WebhookEndpoints implements Endpoint.Group, Control.Group {
    /** The most that Stripe lets an old secret live on. */
    private static final long MAX_OVERLAP_SECONDS = 24 * 60 * 60;

    private static final Parameters CREATE = Parameters.NONE
            .required("url", ParameterType.url())
            .required("enabled_events", ParameterType.list(ParameterType.text()))
            .optional("connect", ParameterType.bool())
            .optional("description", ParameterType.unsettable(ParameterType.text()))
            .optional("metadata", ParameterType.metadata())
            .optional("api_version", ParameterType.choice(EventLog.API_VERSION));

    private static final Parameters UPDATE = Parameters.NONE
            .optional("url", ParameterType.url())
            .optional("enabled_events", ParameterType.list(ParameterType.text()))
            .optional("disabled", ParameterType.bool())
            .optional("description", ParameterType.unsettable(ParameterType.text()))
            .optional("metadata", ParameterType.metadata());

    private final Store store;
    private final Ids ids;
    private final SandboxClock clock;
    private final Lists lists;

    public WebhookEndpoints(Store store, Ids ids, SandboxClock clock, Lists lists) {
        this.store = store;
        this.ids = ids;
        this.clock = clock;
        this.lists = lists;
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post("/v1/webhook_endpoints", Kind.WEBHOOK_ENDPOINT, CREATE, this::create),
                Endpoint.get("/v1/webhook_endpoints/{id}", Kind.WEBHOOK_ENDPOINT, this::retrieve),
                Endpoint.post("/v1/webhook_endpoints/{id}", Kind.WEBHOOK_ENDPOINT, UPDATE, this::update),
                Endpoint.delete("/v1/webhook_endpoints/{id}", Kind.WEBHOOK_ENDPOINT, Parameters.NONE, this::delete),
                Endpoint.list(
                        "/v1/webhook_endpoints",
                        Kind.WEBHOOK_ENDPOINT,
                        Parameters.list(),
                        call -> lists.page(call, "/v1/webhook_endpoints", Kind.WEBHOOK_ENDPOINT, Filter.ALL)));
    }

    @Override
    public List<Control> controls() {
        return List.of(Control.post("webhook_endpoints/{id}/roll", this::roll, "overlap_seconds"));
    }

    /** A new secret; the old one signs along for a while. */
    private ObjectNode roll(Input input) {
        ObjectNode known = store.find(Kind.WEBHOOK_SECRET, input.id());
        if (known == null) {
            throw StripeRefusal.notFound("webhook endpoint", input.id());
        }
        Long overlap = input.optionalInteger("overlap_seconds", 0, MAX_OVERLAP_SECONDS);
        String secret = ids.next("whsec_");
        store.put(
                Kind.WEBHOOK_SECRET,
                known.deepCopy()
                        .put("secret", secret)
                        .put("previous", Json.require(known, "secret"))
                        .put("previous_until", clock.now() + (overlap == null ? MAX_OVERLAP_SECONDS : overlap)));
        return Json.object().put("id", input.id()).put("secret", secret);
    }

    /** The secrets that sign a delivery now. */
    static List<String> secrets(ObjectNode known, long now) {
        String current = Json.require(known, "secret");
        String previous = Json.text(known, "previous");
        return previous == null || known.required("previous_until").longValue() <= now
                ? List.of(current)
                : List.of(current, previous);
    }

    /**
     * Makes sure that an endpoint for all events of the platform, or of its connected accounts, exists at this URL.
     * Called inside {@link Store#transact}.
     *
     * @param wantedSecret the signing secret, or null to keep the endpoint's own or have one made
     * @return the endpoint's secret
     */
    public String ensure(String url, boolean connect, @Nullable String wantedSecret) {
        ObjectNode existing = store.oldestFirst(Kind.WEBHOOK_ENDPOINT)
                .filter(endpoint -> url.equals(Json.text(endpoint, "url")))
                .map(endpoint -> store.get(Kind.WEBHOOK_SECRET, Json.require(endpoint, "id")))
                .filter(secret -> secret.required("connect").booleanValue() == connect)
                .findFirst()
                .orElse(null);
        if (existing != null && (wantedSecret == null || wantedSecret.equals(Json.text(existing, "secret")))) {
            return Json.require(existing, "secret");
        }
        String secret = wantedSecret == null ? ids.next("whsec_") : wantedSecret;
        String id = existing == null ? ids.next(Kind.WEBHOOK_ENDPOINT) : Json.require(existing, "id");
        if (existing == null) {
            ObjectNode endpoint =
                    Shapes.of(Kind.WEBHOOK_ENDPOINT, id, clock.now()).put("url", url);
            endpoint.putArray("enabled_events").add("*");
            store.put(Kind.WEBHOOK_ENDPOINT, endpoint);
        }
        store.put(Kind.WEBHOOK_SECRET, secret(id, secret, connect));
        return secret;
    }

    private ObjectNode create(Call call) {
        String id = ids.next(Kind.WEBHOOK_ENDPOINT);
        ObjectNode endpoint = Shapes.of(Kind.WEBHOOK_ENDPOINT, id, clock.now());
        call.copyTo(endpoint, "url", "enabled_events", "description", "api_version");
        call.mergeMetadata(endpoint);
        store.put(Kind.WEBHOOK_ENDPOINT, endpoint);
        String secret = ids.next("whsec_");
        store.put(Kind.WEBHOOK_SECRET, secret(id, secret, call.flag("connect")));
        return endpoint.deepCopy().put("secret", secret);
    }

    private ObjectNode retrieve(Call call) {
        ObjectNode endpoint = store.find(Kind.WEBHOOK_ENDPOINT, call.id());
        if (endpoint == null) {
            throw StripeRefusal.notFound("webhook endpoint", call.id());
        }
        return endpoint;
    }

    private ObjectNode update(Call call) {
        ObjectNode endpoint = retrieve(call).deepCopy();
        call.copyTo(endpoint, "url", "enabled_events", "description");
        call.mergeMetadata(endpoint);
        JsonNode disabled = call.get("disabled");
        if (disabled.isBoolean()) {
            endpoint.put("status", disabled.booleanValue() ? "disabled" : "enabled");
        }
        store.put(Kind.WEBHOOK_ENDPOINT, endpoint);
        return endpoint;
    }

    private ObjectNode delete(Call call) {
        retrieve(call);
        store.remove(Kind.WEBHOOK_ENDPOINT, call.id());
        store.remove(Kind.WEBHOOK_SECRET, call.id());
        return Json.object()
                .put("id", call.id())
                .put("object", "webhook_endpoint")
                .put("deleted", true);
    }

    private static ObjectNode secret(String id, String secret, boolean connect) {
        return Json.object().put("id", id).put("secret", secret).put("connect", connect);
    }
}
