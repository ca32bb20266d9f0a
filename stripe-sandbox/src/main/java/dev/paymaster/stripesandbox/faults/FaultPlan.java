package dev.paymaster.stripesandbox.faults;

import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.state.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A fault plan as {@code PUT /_sandbox/faults} takes it:
 *
 * <pre>{@code
 * {"seed": 42,
 *  "rules": [
 *    {"kind": "latency", "method": "POST", "path": "/v1/transfers", "millis": 200},
 *    {"kind": "latency", "path": "/v1/*", "min_millis": 50, "max_millis": 400, "probability": 0.5},
 *    {"kind": "drop_response", "method": "POST", "path": "/v1/transfers", "times": 1},
 *    {"kind": "webhook_duplicate", "events": "invoice.*"}]}
 * }</pre>
 *
 * <p>Every rule may have {@code probability} (0 to 1, default 1) and {@code times} (default: always). Rules about calls
 * take {@code method} (default any), {@code path} (default all) and {@code destination} (an account; default any call, also
 * one without), rules about webhooks take {@code events} (default all); {@code *} stands for any characters. All rules that
 * match are drawn.
 *
 * <table>
 * <caption>Kinds</caption>
 * <tr><td>{@code latency}</td><td>{@code millis}, or {@code min_millis} and {@code max_millis}</td></tr>
 * <tr><td>{@code drop_request}</td><td>the connection is cut, nothing happened</td></tr>
 * <tr><td>{@code drop_response}</td><td>the effect happens, the connection is cut without an answer</td></tr>
 * <tr><td>{@code truncate_response}</td><td>the effect happens, the connection is cut in the middle of the answer</td></tr>
 * <tr><td>{@code error_before}, {@code error_after}</td><td>500 before or after the effect, saved under the key</td></tr>
 * <tr><td>{@code rate_limit}</td><td>429; {@code reason}: endpoint-rate (default), global-rate, endpoint-concurrency,
 * global-concurrency or resource-specific</td></tr>
 * <tr><td>{@code key_in_use}</td><td>409 idempotency_key_in_use</td></tr>
 * <tr><td>{@code balance_insufficient}, {@code capability_lost}</td><td>the call is refused with 400, as a transfer is;
 * saved under the key</td></tr>
 * <tr><td>{@code invalid}</td><td>400 without a code, saved under the key</td></tr>
 * <tr><td>{@code unauthorized}, {@code forbidden}</td><td>401, 403</td></tr>
 * <tr><td>{@code empty_body}, {@code html_body}</td><td>{@code status} (default 502), {@code effect} (default true)</td></tr>
 * <tr><td>{@code webhook_duplicate}, {@code webhook_duplicate_new_id}</td><td>the event comes twice</td></tr>
 * <tr><td>{@code webhook_reorder}</td><td>{@code window_millis} (default 500)</td></tr>
 * <tr><td>{@code webhook_delay}</td><td>{@code millis}</td></tr>
 * <tr><td>{@code webhook_api_version}</td><td>{@code version} (default 2025-01-27.acacia)</td></tr>
 * <tr><td>{@code webhook_livemode}</td><td>the event says {@code livemode: true}</td></tr>
 * <tr><td>{@code webhook_drop}</td><td>never delivered</td></tr>
 * </table>
 *
 * @param seed of the draws; the same seed and the same order of calls give the same faults
 */
public record FaultPlan(long seed, List<FaultRule> rules) {
    private static final Set<String> RULE_FIELDS = Set.of(
            "kind",
            "probability",
            "times",
            "method",
            "path",
            "destination",
            "events",
            "millis",
            "min_millis",
            "max_millis",
            "reason",
            "status",
            "effect",
            "version",
            "window_millis");
    /** More rules than anyone can reason about. */
    private static final int MAX_RULES = 100;
    /** Ten minutes: longer than any client waits. */
    private static final long MAX_MILLIS = 600_000;

    private static final String BALANCE = "You have insufficient available funds in your Stripe account.";
    private static final String CAPABILITY = "Your destination account needs to have at least one of the following"
            + " capabilities enabled: transfers, crypto_transfers, legacy_payments";

    private static final String UNAUTHORIZED = "Invalid API Key provided: sk_test_****";
    private static final String FORBIDDEN =
            "The provided key does not have the required permissions for this endpoint.";

    private static final String HTML = "<html><head><title>502 Bad Gateway</title></head>"
            + "<body><center><h1>502 Bad Gateway</h1></center></body></html>\n";

    public FaultPlan {
        rules = List.copyOf(rules);
    }

    /**
     * The plan with more rules at its end.
     *
     * @throws StripeRefusal 400 when they would be too many
     */
    FaultPlan with(List<FaultRule> more) {
        if (rules.size() + more.size() > MAX_RULES) {
            throw refused("there would be more than " + MAX_RULES + " rules");
        }
        return new FaultPlan(seed, Stream.concat(rules.stream(), more.stream()).toList());
    }

    /** Nothing goes wrong. */
    public static FaultPlan none() {
        return new FaultPlan(0, List.of());
    }

    /**
     * Reads the JSON described above.
     *
     * @throws StripeRefusal 400 for anything that isn't as described
     */
    public static FaultPlan read(JsonNode json) {
        if (!json.isObject() || !Set.of("seed", "rules").containsAll(names(json))) {
            throw refused("a plan is an object with 'seed' and 'rules'");
        }
        if (!json.path("rules").isArray() || json.path("rules").size() > MAX_RULES) {
            throw refused("'rules' must be an array of at most " + MAX_RULES);
        }
        List<FaultRule> rules = new ArrayList<>();
        for (JsonNode rule : json.path("rules")) {
            rules.add(rule(rule));
        }
        return new FaultPlan(number(json, "seed", 0, Long.MIN_VALUE, Long.MAX_VALUE), rules);
    }

    private static FaultRule rule(JsonNode rule) {
        if (!rule.isObject() || !RULE_FIELDS.containsAll(names(rule))) {
            throw refused("a rule takes only " + RULE_FIELDS.stream().sorted().toList());
        }
        String kind = text(rule, "kind", "");
        double probability = rule.path("probability").asDouble(1);
        if (probability < 0 || probability > 1) {
            throw refused("'probability' is between 0 and 1");
        }
        int times = (int) number(rule, "times", FaultRule.UNLIMITED, 1, FaultRule.UNLIMITED);
        if (kind.startsWith("webhook_")) {
            return new FaultRule.OfWebhooks(
                    kind, probability, times, text(rule, "events", "*"), webhookFault(kind, rule));
        }
        String path = text(rule, "path", "*");
        return new FaultRule.OfCalls(
                kind,
                probability,
                times,
                Json.text(rule, "method"),
                path,
                text(rule, "destination", ""),
                apiFault(kind, rule));
    }

    private static ApiFault apiFault(String kind, JsonNode rule) {
        return switch (kind) {
            case "latency" -> latency(rule);
            case "drop_request" -> new ApiFault.DropRequest();
            case "drop_response" -> new ApiFault.DropResponse(false);
            case "truncate_response" -> new ApiFault.DropResponse(true);
            case "error_before" -> new ApiFault.ServerError(false);
            case "error_after" -> new ApiFault.ServerError(true);
            case "rate_limit" -> new ApiFault.RateLimited(text(rule, "reason", "endpoint-rate"));
            case "balance_insufficient" -> new ApiFault.Refused("balance_insufficient", BALANCE);
            case "capability_lost" -> new ApiFault.Refused("insufficient_capabilities_for_transfer", CAPABILITY);
            case "invalid" -> new ApiFault.Refused(null, "The fault plan says that this call is invalid.");
            case "unauthorized" -> new ApiFault.TurnedAway(401, null, UNAUTHORIZED);
            case "forbidden" -> new ApiFault.TurnedAway(403, "permission_denied", FORBIDDEN);
            case "key_in_use" -> new ApiFault.KeyInUse();
            case "empty_body" -> foreignBody(rule, "application/json", "");
            case "html_body" -> foreignBody(rule, "text/html", HTML);
            default -> throw refused("unknown kind '" + kind + "'");
        };
    }

    private static WebhookFault webhookFault(String kind, JsonNode rule) {
        return switch (kind) {
            case "webhook_duplicate" -> new WebhookFault.Duplicate();
            case "webhook_duplicate_new_id" -> new WebhookFault.DuplicateWithNewId();
            case "webhook_reorder" -> new WebhookFault.Reorder(number(rule, "window_millis", 500, 1, MAX_MILLIS));
            case "webhook_delay" -> new WebhookFault.Delay(number(rule, "millis", null, 0, MAX_MILLIS));
            case "webhook_api_version" -> new WebhookFault.OtherVersion(text(rule, "version", "2025-01-27.acacia"));
            case "webhook_livemode" -> new WebhookFault.Live();
            case "webhook_drop" -> new WebhookFault.Drop();
            default -> throw refused("unknown kind '" + kind + "'");
        };
    }

    private static ApiFault latency(JsonNode rule) {
        if (rule.has("millis")) {
            long millis = number(rule, "millis", null, 0, MAX_MILLIS);
            return new ApiFault.Latency(millis, millis);
        }
        long min = number(rule, "min_millis", null, 0, MAX_MILLIS);
        return new ApiFault.Latency(min, number(rule, "max_millis", null, min, MAX_MILLIS));
    }

    private static ApiFault foreignBody(JsonNode rule, String contentType, String body) {
        int status = (int) number(rule, "status", 502, 200, 599);
        return new ApiFault.ForeignBody(
                status, contentType, body, rule.path("effect").asBoolean(true));
    }

    private static long number(JsonNode node, String field, @Nullable Number otherwise, long min, long max) {
        JsonNode value = node.path(field);
        if (value.isMissingNode() && otherwise != null) {
            return otherwise.longValue();
        }
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < min
                || value.longValue() > max) {
            throw refused("'" + field + "' must be a whole number from " + min + " to " + max);
        }
        return value.longValue();
    }

    private static String text(JsonNode node, String field, String otherwise) {
        JsonNode value = node.path(field);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isString()) {
            throw refused("'" + field + "' must be a text");
        }
        return value.stringValue();
    }

    private static List<String> names(JsonNode object) {
        return List.copyOf(object.propertyNames());
    }

    private static StripeRefusal refused(String message) {
        return StripeRefusal.invalid(null, "Fault plan refused: " + message, null);
    }
}
