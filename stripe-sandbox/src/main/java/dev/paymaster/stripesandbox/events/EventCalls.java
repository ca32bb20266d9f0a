package dev.paymaster.stripesandbox.events;

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
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/events}: what a client that missed webhooks reads. Events of connected accounts need {@code Stripe-Account}. */
public final class EventCalls implements Endpoint.Group {
    private static final Parameters LIST = Parameters.list()
            .optional("type", ParameterType.text())
            .optional("types", ParameterType.list(ParameterType.text()))
            .optional("created", ParameterType.timeRange())
            .optional("delivery_success", ParameterType.bool());

    private final Store store;
    private final Lists lists;

    public EventCalls(Store store, Lists lists) {
        this.store = store;
        this.lists = lists;
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/v1/events/{id}", Kind.EVENT, this::retrieve),
                Endpoint.list("/v1/events", Kind.EVENT, LIST, this::list));
    }

    private ObjectNode retrieve(Call call) {
        ObjectNode event = store.find(Kind.EVENT, call.id());
        if (event == null || !visible(call, event)) {
            throw StripeRefusal.notFound("event", call.id());
        }
        return current(event);
    }

    private ObjectNode list(Call call) {
        ObjectNode page = lists.page(
                call,
                "/v1/events",
                Kind.EVENT,
                Filter.ALL,
                event -> visible(call, event)
                        && ofType(call, Json.require(event, "type"))
                        && Lists.created(call, event)
                        && (!call.has("delivery_success") || call.flag("delivery_success") == delivered(event)));
        List<ObjectNode> events = page.required("data")
                .valueStream()
                .map(event -> current((ObjectNode) event))
                .toList();
        return Lists.of(events, page.required("has_more").booleanValue(), "/v1/events");
    }

    private static boolean visible(Call call, ObjectNode event) {
        return Objects.equals(call.account(), Json.text(event, "account"));
    }

    private static boolean ofType(Call call, String type) {
        String wanted = call.text("type");
        if (wanted != null && !matches(wanted, type)) {
            return false;
        }
        JsonNode anyOf = call.get("types");
        return anyOf.isEmpty() || anyOf.valueStream().anyMatch(one -> matches(one.stringValue(), type));
    }

    private static boolean matches(String wanted, String type) {
        return wanted.endsWith("*") ? type.startsWith(wanted.substring(0, wanted.length() - 1)) : type.equals(wanted);
    }

    /** Whether every endpoint that the event was meant for has taken it. */
    private boolean delivered(ObjectNode event) {
        Set<String> meantFor = new HashSet<>();
        Set<String> taken = new HashSet<>();
        store.newestFirst(Kind.DELIVERY, Filter.field("/event", Json.require(event, "id")))
                .forEach(delivery -> {
                    meantFor.add(Json.require(delivery, "endpoint"));
                    if ("succeeded".equals(Json.text(delivery, "state"))) {
                        taken.add(Json.require(delivery, "endpoint"));
                    }
                });
        return taken.containsAll(meantFor);
    }

    private ObjectNode current(ObjectNode event) {
        long pending = store.newestFirst(Kind.DELIVERY, Filter.field("/event", Json.require(event, "id")))
                .filter(delivery -> "pending".equals(Json.text(delivery, "state")))
                .count();
        ObjectNode copy = Json.object();
        copy.setAll(event);
        return copy.put("pending_webhooks", pending);
    }
}
