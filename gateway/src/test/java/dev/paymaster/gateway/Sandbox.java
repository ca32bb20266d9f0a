package dev.paymaster.gateway;

import dev.paymaster.gateway.Http.Answer;
import dev.paymaster.stripesandbox.SandboxSettings;
import dev.paymaster.stripesandbox.StripeSandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A Stripe of the test's own, and the handles that it moves it with. */
final class Sandbox implements AutoCloseable {
    private final StripeSandbox sandbox = StripeSandbox.start(SandboxSettings.defaults());
    private final Map<String, String> prices = sandbox.prices(Map.of("starter", 1_000, "pro", 2_500, "team", 7_500));

    /** What a gateway is told so that it calls this Stripe. */
    String[] settings() {
        return new String[] {
            "--stripe.api-base=" + sandbox.baseUrl(),
            "--stripe.secret-key=" + sandbox.secretKey(),
            "--stripe.prices.starter=" + prices.get("starter"),
            "--stripe.prices.pro=" + prices.get("pro"),
            "--stripe.prices.team=" + prices.get("team")
        };
    }

    /** The id of a tier's price. */
    String price(String tier) {
        return String.valueOf(prices.get(tier));
    }

    /** Puts one rule about calls in force. */
    void fault(String kind, String method, String path, String more) {
        send("PUT", "/_sandbox/faults", """
                {"seed": 1, "rules": [{"kind": "%s", "method": "%s", "path": "%s"%s}]}""".formatted(kind, method, path, more));
    }

    /** How often the rule in force has struck. */
    int hits() {
        return send("GET", "/_sandbox/faults", "")
                .path("rules")
                .path(0)
                .path("hits")
                .asInt();
    }

    void heal() {
        send("DELETE", "/_sandbox/faults", "");
    }

    void pay(Answer checkout) {
        send(
                "POST",
                "/_sandbox/checkout/sessions/"
                        + checkout.body().path("session_id").asString() + "/complete",
                "{}");
    }

    /** The open sessions of a user, newest first. */
    List<JsonNode> openSessions(String userId) {
        List<JsonNode> open = new ArrayList<>();
        send("GET", "/v1/checkout/sessions?limit=100&status=open", "")
                .path("data")
                .forEach(session -> {
                    if (session.path("client_reference_id").asString().equals(userId)) {
                        open.add(session);
                    }
                });
        return open;
    }

    /** What the API answers to its own client. */
    JsonNode get(String path) {
        return send("GET", path, "");
    }

    JsonNode post(String path, String body) {
        return send("POST", path, body);
    }

    private JsonNode send(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(sandbox.baseUrl().resolve(path))
                .header("Authorization", "Bearer " + sandbox.secretKey())
                .header(
                        "Content-Type",
                        path.startsWith("/v1/") ? "application/x-www-form-urlencoded" : "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            var answer = client.send(request, BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(path + " answered " + answer.statusCode() + " " + answer.body());
            }
            return JsonMapper.shared().readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        sandbox.close();
    }
}
