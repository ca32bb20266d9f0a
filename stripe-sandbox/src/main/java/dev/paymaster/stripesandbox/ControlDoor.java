package dev.paymaster.stripesandbox;

import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.billing.Billing;
import dev.paymaster.stripesandbox.billing.Card;
import dev.paymaster.stripesandbox.billing.CheckoutSessions;
import dev.paymaster.stripesandbox.connect.Onboarding;
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
import java.util.Set;
import java.util.stream.Stream;
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
    private static final int MAX_LISTED = 1_000;

    private final Store store;
    private final SandboxClock clock;
    private final Billing billing;
    private final Onboarding onboarding;
    private final Deliveries deliveries;
    private final Faults faults;

    ControlDoor(
            Store store,
            SandboxClock clock,
            Billing billing,
            Onboarding onboarding,
            Deliveries deliveries,
            Faults faults) {
        this.store = store;
        this.clock = clock;
        this.billing = billing;
        this.onboarding = onboarding;
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
            case "POST clock/advance" -> Reply.json(200, advance(json(request, "seconds")));
            case "PUT faults" -> useFaults(FaultPlan.read(body(request)));
            case "GET faults" -> Reply.json(200, faults.report());
            case "DELETE faults" -> useFaults(FaultPlan.none());
            case "POST balance" -> Reply.json(200, setBalance(json(request, "available")));
            case "GET deliveries" -> Reply.json(200, listDeliveries());
            case "POST reset" -> Reply.json(200, reset());
            default -> routeToObject(request, path);
        };
    }

    private Reply.Answer routeToObject(Request request, List<String> path) {
        if (request.method().equals("POST") && path.size() == 5 && path.get(1).equals("checkout")) {
            return complete(path.get(3), json(request, "card", "email"));
        }
        if (request.method().equals("POST") && path.size() == 4 && path.get(3).equals("onboard")) {
            return Reply.json(200, onboard(path.get(2), json(request, "outcome")));
        }
        if (request.method().equals("POST") && path.size() == 4 && path.get(3).equals("resend")) {
            return Reply.json(200, resend(path.get(2)));
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

    private ObjectNode advance(JsonNode body) {
        long seconds = number(body, "seconds", 0, MAX_ADVANCE_SECONDS);
        billing.timeline().advance(seconds);
        return health();
    }

    private Reply.Answer useFaults(FaultPlan plan) {
        faults.use(plan);
        return Reply.json(200, faults.report());
    }

    private ObjectNode setBalance(JsonNode body) {
        long cents = number(body, "available", -MAX_BALANCE, MAX_BALANCE);
        store.transact(() -> billing.balance().set(cents));
        return Json.object().put("available", cents);
    }

    private ObjectNode listDeliveries() {
        return store.transact(() -> {
            Stream<ObjectNode> newest = store.newestFirst(Kind.DELIVERY).limit(MAX_LISTED);
            ObjectNode list = Json.object();
            newest.forEach(list.putArray("data")::add);
            return list;
        });
    }

    private ObjectNode reset() {
        store.transact(() -> store.clear(KEPT_BY_RESET));
        faults.use(FaultPlan.none());
        return health();
    }

    private Reply.Answer complete(String sessionId, JsonNode body) {
        Card card = Card.of(text(body, "card", "4242424242424242"));
        CheckoutSessions.Outcome outcome = store.transact(() -> {
            ObjectNode session = billing.checkout().find(sessionId);
            if (session == null) {
                throw StripeRefusal.notFound("checkout.session", sessionId);
            }
            return billing.checkout().pay(session, card, Json.text(body, "email"));
        });
        return switch (outcome) {
            case CheckoutSessions.Outcome.Paid paid -> {
                ObjectNode answer = Json.object().put("redirect", paid.redirect());
                answer.set("session", paid.session());
                yield Reply.json(200, answer);
            }
            case CheckoutSessions.Outcome.Declined declined ->
                Reply.json(
                        402, new StripeRefusal(402, "card_error", declined.code(), declined.message(), "card").body());
            case CheckoutSessions.Outcome.NotOpen notOpen ->
                throw StripeRefusal.invalid(
                        null, "The session is " + Json.require(notOpen.session(), "status") + ".", null);
        };
    }

    private ObjectNode onboard(String account, JsonNode body) {
        Onboarding.Choice choice = Onboarding.Choice.named(text(body, "outcome", "complete"));
        if (choice == null) {
            throw StripeRefusal.invalid(null, "'outcome' is complete, leave or restrict", "outcome");
        }
        return store.transact(() -> onboarding.decide(account, choice));
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

    private static JsonNode json(Request request, String... fields) {
        JsonNode body = request.body().isEmpty() ? Json.object() : body(request);
        if (!body.isObject() || !Set.of(fields).containsAll(body.propertyNames())) {
            throw StripeRefusal.invalid(null, "Expected a JSON object with " + List.of(fields), null);
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

    private static long number(JsonNode body, String field, long min, long max) {
        JsonNode value = body.path(field);
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < min
                || value.longValue() > max) {
            throw StripeRefusal.invalid(null, "'" + field + "' is a whole number from " + min + " to " + max, field);
        }
        return value.longValue();
    }

    private static String text(JsonNode body, String field, String otherwise) {
        String text = Json.text(body, field);
        if (text == null && body.has(field)) {
            throw StripeRefusal.invalid(null, "'" + field + "' is a text", field);
        }
        return text == null ? otherwise : text;
    }
}
