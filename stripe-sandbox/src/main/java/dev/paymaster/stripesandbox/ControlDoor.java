package dev.paymaster.stripesandbox;

import dev.paymaster.stripesandbox.api.Form;
import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.billing.Billing;
import dev.paymaster.stripesandbox.control.Control;
import dev.paymaster.stripesandbox.control.Input;
import dev.paymaster.stripesandbox.events.Deliveries;
import dev.paymaster.stripesandbox.faults.FaultPlan;
import dev.paymaster.stripesandbox.faults.Faults;
import dev.paymaster.stripesandbox.http.Reply;
import dev.paymaster.stripesandbox.http.Request;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.SandboxClock;
import dev.paymaster.stripesandbox.state.Store;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Everything under {@code /_sandbox/}: what scripts do where people use pages, and what nobody can do at Stripe. */
final class ControlDoor {
    /** What a reset keeps: who listens and what is for sale. */
    private static final Set<Kind> KEPT_BY_RESET =
            Set.of(Kind.WEBHOOK_ENDPOINT, Kind.WEBHOOK_SECRET, Kind.PRODUCT, Kind.PRICE);
    /** A century; beyond it calendars overflow. */
    private static final long MAX_ADVANCE_SECONDS = 100L * 366 * 24 * 60 * 60;

    private static final long MAX_BALANCE = 1_000_000_000_000L;

    private final Store store;
    private final SandboxClock clock;
    private final Billing billing;
    private final List<Control> controls;
    private final Deliveries deliveries;
    private final Faults faults;

    ControlDoor(
            Store store,
            SandboxClock clock,
            Billing billing,
            List<Control> controls,
            Deliveries deliveries,
            Faults faults) {
        this.store = store;
        this.clock = clock;
        this.billing = billing;
        this.controls = List.copyOf(controls);
        this.deliveries = deliveries;
        this.faults = faults;
    }

    Reply handle(Request request) {
        try {
            refuseOtherSites(request);
            return route(request, request.segments());
        } catch (StripeRefusal refusal) {
            return Reply.json(refusal.status(), refusal.body());
        }
    }

    private Reply.Answer route(Request request, List<String> path) {
        String what = request.method() + " " + String.join("/", path.subList(1, path.size()));
        return switch (what) {
            case "GET health" -> Reply.json(200, health());
            case "POST clock/advance" -> Reply.json(200, advance(input(request, "seconds")));
            case "PUT faults" -> useFaults(FaultPlan.read(body(request)));
            case "POST faults" -> addFaults(FaultPlan.read(body(request)));
            case "GET faults" -> Reply.json(200, faults.report());
            case "DELETE faults" -> useFaults(FaultPlan.none());
            case "POST balance" -> Reply.json(200, setBalance(input(request, "available")));
            case "GET deliveries" -> Reply.json(200, deliveries.log(Form.decode(request.query())));
            case "POST reset" -> Reply.json(200, reset());
            default -> routeToObject(request, path);
        };
    }

    private Reply.Answer routeToObject(Request request, List<String> path) {
        if (request.method().equals("POST") && path.size() == 4 && path.get(3).equals("resend")) {
            return Reply.json(200, resend(path.get(2)));
        }
        List<String> segments = path.subList(1, path.size());
        for (Control control : controls) {
            Map<String, String> variables = control.match(request.method(), segments);
            if (variables != null) {
                JsonNode body = json(request, control.fields());
                return Reply.json(200, store.transact(() -> control.handler().handle(new Input(variables, body))));
            }
        }
        throw new StripeRefusal(
                404,
                "invalid_request_error",
                null,
                "Unknown control: " + request.method() + " " + request.path(),
                null);
    }

    private ObjectNode health() {
        return store.transact(() -> Json.object().put("status", "ok").put("now", clock.now()));
    }

    private ObjectNode advance(Input input) {
        long seconds = input.integer("seconds", 0, MAX_ADVANCE_SECONDS);
        billing.timeline().advance(seconds);
        return health();
    }

    private Reply.Answer useFaults(FaultPlan plan) {
        faults.use(plan);
        return Reply.json(200, faults.report());
    }

    private Reply.Answer addFaults(FaultPlan more) {
        faults.add(more);
        return Reply.json(200, faults.report());
    }

    private ObjectNode setBalance(Input input) {
        long cents = input.integer("available", -MAX_BALANCE, MAX_BALANCE);
        store.transact(() -> billing.balance().set(cents));
        return Json.object().put("available", cents);
    }

    private ObjectNode reset() {
        store.transact(() -> store.clear(KEPT_BY_RESET));
        faults.use(FaultPlan.none());
        return health();
    }

    private ObjectNode resend(String eventId) {
        ObjectNode event = store.transact(() -> store.find(Kind.EVENT, eventId));
        if (event == null) {
            throw StripeRefusal.notFound("event", eventId);
        }
        ObjectNode list = Json.object();
        deliveries.resend(event).forEach(list.putArray("data")::add);
        return list;
    }

    /** No web page but the sandbox's own may press these buttons. */
    private static void refuseOtherSites(Request request) {
        String origin = request.header("origin");
        String host = request.header("host");
        if (origin != null && !origin.equals("http://" + host)) {
            throw new StripeRefusal(403, "invalid_request_error", null, "Not from another site.", null);
        }
    }

    private static Input input(Request request, String field) {
        return new Input(Map.of(), json(request, Set.of(field)));
    }

    private static JsonNode json(Request request, Set<String> fields) {
        JsonNode body = request.body().isEmpty() ? Json.object() : body(request);
        if (!body.isObject() || !fields.containsAll(body.propertyNames())) {
            throw StripeRefusal.invalid(
                    null,
                    "Expected a JSON object with " + fields.stream().sorted().toList(),
                    null);
        }
        return body;
    }

    private static JsonNode body(Request request) {
        try {
            return Json.MAPPER.readTree(request.text());
        } catch (JacksonException e) {
            throw StripeRefusal.invalid(null, "The body is not JSON: " + e.getOriginalMessage(), null);
        }
    }
}
