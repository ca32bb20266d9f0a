package dev.paymaster.stripesandbox.events;

import dev.paymaster.stripesandbox.faults.Faults;
import dev.paymaster.stripesandbox.faults.WebhookFault;
import dev.paymaster.stripesandbox.state.Ids;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.SandboxClock;
import dev.paymaster.stripesandbox.state.Store;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Records events and hands them to the deliveries. Called inside {@link Store#transact}. */
public final class EventLog {
    /** The version whose shapes the sandbox speaks. */
    public static final String API_VERSION = "2026-07-29.dahlia";
    /** Stripe keeps 30 days of events; here it is this many, some 100 MB. */
    private static final int MAX_KEPT = 60_000;

    private final Store store;
    private final Ids ids;
    private final SandboxClock clock;
    private final Faults faults;
    private final Deliveries deliveries;

    public EventLog(Store store, Ids ids, SandboxClock clock, Faults faults, Deliveries deliveries) {
        this.store = store;
        this.ids = ids;
        this.clock = clock;
        this.faults = faults;
        this.deliveries = deliveries;
    }

    /** Something happened to an object of the platform. */
    public void emit(String type, ObjectNode object) {
        record(type, object, null, null);
    }

    /** An object of the platform changed. */
    public void emitChange(String type, ObjectNode before, ObjectNode after) {
        record(type, after, before, null);
    }

    /** Something happened to an object of a connected account; {@code before} is null unless it changed. */
    public void emitFor(String account, String type, @Nullable ObjectNode before, ObjectNode object) {
        record(type, object, before, account);
    }

    private void record(String type, ObjectNode object, @Nullable ObjectNode before, @Nullable String account) {
        ObjectNode data = Json.object();
        data.set("object", object);
        if (before != null) {
            data.set("previous_attributes", previousAttributes(before, object));
        }
        List<WebhookFault> struck = faults.strike(type);
        publish(type, data, account, struck);
        if (Faults.first(struck, WebhookFault.DuplicateWithNewId.class) != null) {
            publish(type, data, account, struck);
        }
        store.trim(Kind.EVENT, MAX_KEPT);
    }

    private void publish(String type, ObjectNode data, @Nullable String account, List<WebhookFault> struck) {
        ObjectNode event = Json.object().put("id", ids.next(Kind.EVENT)).put("object", "event");
        if (account != null) {
            event.put("account", account);
        }
        WebhookFault.OtherVersion other = Faults.first(struck, WebhookFault.OtherVersion.class);
        event.put("api_version", other == null ? API_VERSION : other.version()).put("created", clock.now());
        event.set("data", data);
        Cause cause = Cause.current();
        event.put("livemode", Faults.first(struck, WebhookFault.Live.class) != null)
                .put(
                        "pending_webhooks",
                        deliveries.listeners(type, account != null).size());
        event.putObject("request").put("id", cause.requestId()).put("idempotency_key", cause.idempotencyKey());
        event.put("type", type);
        store.put(Kind.EVENT, event);
        deliveries.deliver(event, struck);
    }

    private static ObjectNode previousAttributes(ObjectNode before, ObjectNode after) {
        ObjectNode previous = Json.object();
        for (Map.Entry<String, JsonNode> field : before.properties()) {
            if (!field.getValue().equals(after.get(field.getKey()))) {
                previous.set(field.getKey(), field.getValue());
            }
        }
        for (String added : after.propertyNames()) {
            if (!before.has(added)) {
                previous.putNull(added);
            }
        }
        return previous;
    }
}
