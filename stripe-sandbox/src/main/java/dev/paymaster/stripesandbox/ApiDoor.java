package dev.paymaster.stripesandbox;

import dev.paymaster.stripesandbox.api.Call;
import dev.paymaster.stripesandbox.api.Endpoint;
import dev.paymaster.stripesandbox.api.Expansion;
import dev.paymaster.stripesandbox.api.Form;
import dev.paymaster.stripesandbox.api.JsonBody;
import dev.paymaster.stripesandbox.api.Router;
import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.events.Cause;
import dev.paymaster.stripesandbox.events.EventLog;
import dev.paymaster.stripesandbox.faults.ApiFault;
import dev.paymaster.stripesandbox.faults.Faults;
import dev.paymaster.stripesandbox.http.Reply;
import dev.paymaster.stripesandbox.http.Request;
import dev.paymaster.stripesandbox.idempotency.IdempotencyKeys;
import dev.paymaster.stripesandbox.state.Ids;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Store;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Everything under {@code /v1/} and {@code /v2/}, in Stripe's order: authentication, rate limit, parameters, idempotency key, execution.
 * What is refused before execution leaves no trace; what comes of execution is saved under the key. Thread-safe.
 */
final class ApiDoor {
    private static final System.Logger LOG = System.getLogger(ApiDoor.class.getName());

    private final Store store;
    private final Ids ids;
    private final Router router;
    private final Expansion expansion;
    private final IdempotencyKeys keys;
    private final Faults faults;
    private final RateLimiter limiter;

    ApiDoor(Store store, Ids ids, Router router, IdempotencyKeys keys, Faults faults, RateLimiter limiter) {
        this.store = store;
        this.ids = ids;
        this.router = router;
        this.expansion = new Expansion(store);
        this.keys = keys;
        this.faults = faults;
        this.limiter = limiter;
    }

    /** What is known about a call once it was admitted. */
    private record Admitted(
            Request request, String requestId, Endpoint endpoint, Call call, ObjectNode form, List<ApiFault> struck) {
        @Nullable
        String key() {
            return request.method().equals("POST") ? request.header("idempotency-key") : null;
        }
    }

    Reply handle(Request request) {
        String requestId = ids.next("req_");
        Reply reply;
        try {
            ApiKeys.authenticate(request.header("authorization"));
            reply = handle(request, requestId);
        } catch (StripeRefusal refusal) {
            reply = answer(refusal);
        }
        return switch (reply) {
            case Reply.Cut cut -> cut;
            case Reply.Answer answer -> withHeaders(request, requestId, answer);
            case Reply.Truncated truncated -> new Reply.Truncated(withHeaders(request, requestId, truncated.answer()));
        };
    }

    private Reply handle(Request request, String requestId) {
        Router.Match match = router.match(request.method(), request.path());
        List<ApiFault> struck = faults.strike(request.method(), request.path(), destination(request));
        if (Faults.first(struck, ApiFault.DropRequest.class) != null) {
            return new Reply.Cut();
        }
        ApiFault.ForeignBody foreign = Faults.first(struck, ApiFault.ForeignBody.class);
        if (foreign != null && !foreign.effect()) {
            return Reply.text(foreign.status(), foreign.contentType(), foreign.body());
        }
        ApiFault.TurnedAway turnedAway = Faults.first(struck, ApiFault.TurnedAway.class);
        if (turnedAway != null) {
            throw new StripeRefusal(
                    turnedAway.status(), "invalid_request_error", turnedAway.code(), turnedAway.message(), null);
        }
        ApiFault.RateLimited limited = Faults.first(struck, ApiFault.RateLimited.class);
        if (limited != null || !limiter.admits(request.method(), request.path())) {
            return tooManyRequests(limited == null ? "endpoint-rate" : limited.reason());
        }
        ObjectNode form = form(request);
        ObjectNode parameters = match.endpoint().parameters().read(form);
        Expansion.check(match.endpoint(), parameters.path("expand"));
        Call call = new Call(match.variables(), parameters, account(request, match.endpoint()));
        Admitted admitted = new Admitted(request, requestId, match.endpoint(), call, form, struck);
        Reply.Answer answer = admitted.key() == null ? execute(admitted, null) : executeOnce(admitted, admitted.key());
        return damage(struck, answer);
    }

    private Reply.Answer executeOnce(Admitted admitted, String key) {
        if (Faults.first(admitted.struck(), ApiFault.KeyInUse.class) != null) {
            throw IdempotencyKeys.inUse(key);
        }
        Request request = admitted.request();
        IdempotencyKeys.Use use = new IdempotencyKeys.Use(
                key, admitted.call().account(), request.method() + " " + request.path(), admitted.form());
        IdempotencyKeys.Saved saved = store.transact(() -> keys.claim(use));
        if (saved == null) {
            return execute(admitted, use);
        }
        return Reply.text(saved.status(), "application/json", saved.body())
                .with("Idempotent-Replayed", "true")
                .with("Original-Request", saved.requestId());
    }

    private Reply.Answer execute(Admitted admitted, IdempotencyKeys.@Nullable Use use) {
        try {
            sleep(admitted.struck());
            Cause cause = new Cause(admitted.requestId(), admitted.key());
            return ScopedValue.where(Cause.CURRENT, cause).call(() -> store.transact(() -> effect(admitted, use)));
        } finally {
            if (use != null) {
                store.transact(() -> keys.release(use));
            }
        }
    }

    /** The call's effect and its saved answer are one transaction, so that neither is ever there without the other. */
    private Reply.Answer effect(Admitted admitted, IdempotencyKeys.@Nullable Use use) {
        Reply.Answer answer = answer(admitted);
        if (use != null) {
            String body = new String(answer.body(), StandardCharsets.UTF_8);
            keys.save(use, answer.status(), body, admitted.requestId());
        }
        return answer;
    }

    private Reply.Answer answer(Admitted admitted) {
        ApiFault.ServerError failure = Faults.first(admitted.struck(), ApiFault.ServerError.class);
        if (failure != null && !failure.afterEffect()) {
            return serverError();
        }
        ApiFault.Refused refused = Faults.first(admitted.struck(), ApiFault.Refused.class);
        if (refused != null) {
            return answer(StripeRefusal.invalid(refused.code(), refused.message(), null));
        }
        try {
            ObjectNode result = admitted.endpoint().handler().handle(admitted.call());
            JsonNode paths = admitted.call().parameters().path("expand");
            ObjectNode expanded = expansion.expand(admitted.endpoint(), result, paths);
            return failure == null ? Reply.json(200, expanded) : serverError();
        } catch (StripeRefusal refusal) {
            return answer(refusal);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "The sandbox failed on " + admitted.request().path(), e);
            return serverError();
        }
    }

    /** Only events are kept apart by account; an answer about the platform in an account's place would be a lie. */
    private static @Nullable String account(Request request, Endpoint endpoint) {
        String account = request.header("stripe-account");
        if (account != null && !endpoint.object().equals("event")) {
            throw StripeRefusal.invalid(
                    null, "In the sandbox, the Stripe-Account header works for /v1/events only.", null);
        }
        return account;
    }

    private static Reply damage(List<ApiFault> struck, Reply.Answer answer) {
        ApiFault.ForeignBody foreign = Faults.first(struck, ApiFault.ForeignBody.class);
        if (foreign != null) {
            return Reply.text(foreign.status(), foreign.contentType(), foreign.body());
        }
        ApiFault.DropResponse drop = Faults.first(struck, ApiFault.DropResponse.class);
        if (drop == null) {
            return answer;
        }
        return drop.truncated() ? new Reply.Truncated(answer) : new Reply.Cut();
    }

    private void sleep(List<ApiFault> struck) {
        ApiFault.Latency latency = Faults.first(struck, ApiFault.Latency.class);
        if (latency == null) {
            return;
        }
        try {
            Thread.sleep(faults.between(latency.minMillis(), latency.maxMillis()));
        } catch (InterruptedException e) {
            // The sandbox is closing: answer at once.
            Thread.currentThread().interrupt();
        }
    }

    /** What the call names, if it can be read; what can't is refused later. */
    private static @Nullable String destination(Request request) {
        try {
            return Json.text(Form.decode(request.body()), "destination");
        } catch (StripeRefusal unreadable) {
            return null;
        }
    }

    private static ObjectNode form(Request request) {
        String type = request.header("content-type");
        if (request.path().startsWith("/v2/")) {
            return JsonBody.decode(request.query(), request.text());
        }
        if (!request.body().isEmpty() && (type == null || !type.startsWith("application/x-www-form-urlencoded"))) {
            throw StripeRefusal.invalid(
                    null, "Invalid request: the v1 API takes application/x-www-form-urlencoded bodies.", null);
        }
        String separator = request.query().isEmpty() || request.body().isEmpty() ? "" : "&";
        return Form.decode(request.query() + separator + request.body());
    }

    private static Reply.Answer tooManyRequests(String reason) {
        ObjectNode body = new StripeRefusal(
                        429,
                        "invalid_request_error",
                        reason.equals("resource-specific") ? "lock_timeout" : "rate_limit",
                        "Request rate limit exceeded. Learn more about rate limits here"
                                + " https://docs.stripe.com/rate-limits.",
                        null)
                .body();
        return Reply.json(429, body).with("Stripe-Rate-Limited-Reason", reason);
    }

    private static Reply.Answer serverError() {
        ObjectNode body = Json.object();
        body.putObject("error")
                .put("message", "An unknown error occurred; the sandbox was told to fail, or has a bug (see its log).")
                .put("type", "api_error");
        return Reply.json(500, body);
    }

    private static Reply.Answer answer(StripeRefusal refusal) {
        return Reply.json(refusal.status(), refusal.body());
    }

    private static Reply.Answer withHeaders(Request request, String requestId, Reply.Answer answer) {
        Map<String, String> asked = request.headers();
        Reply.Answer complete = answer.with("Request-Id", requestId)
                .with("Stripe-Version", asked.getOrDefault("stripe-version", EventLog.API_VERSION));
        String key = asked.get("idempotency-key");
        return key == null ? complete : complete.with("Idempotency-Key", key);
    }
}
