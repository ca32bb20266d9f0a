package dev.paymaster.payout;

import dev.paymaster.messaging.Codec;
import dev.paymaster.stripesandbox.SandboxSettings;
import dev.paymaster.stripesandbox.StripeSandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** A sandbox of Stripe and the handles that tests move it with. */
final class SandboxControl {
    /** Enough for every test that doesn't say otherwise. */
    private static final long PLENTY = 100_000_000;

    private final StripeSandbox sandbox = StripeSandbox.start(SandboxSettings.defaults());
    private final HttpClient http = HttpClient.newHttpClient();

    SandboxControl() {
        balance(PLENTY);
    }

    String secretKey() {
        return sandbox.secretKey();
    }

    URI baseUrl() {
        return sandbox.baseUrl();
    }

    void balance(long cents) {
        send("POST", "/_sandbox/balance", "{\"available\": " + cents + "}");
    }

    void fund() {
        balance(PLENTY);
    }

    /** Puts one rule about transfers in force, for so many calls. */
    void breakTransfers(String kind, int times, String more) {
        send("PUT", "/_sandbox/faults", """
                {"seed": 1, "rules": [{"kind": "%s", "method": "POST", "path": "/v1/transfers", "times": %d%s}]}""".formatted(kind, times, more));
    }

    /** Puts a whole plan in force. */
    void faults(String plan) {
        send("PUT", "/_sandbox/faults", plan);
    }

    void heal() {
        send("DELETE", "/_sandbox/faults", "");
    }

    String createAccount(UUID user) {
        return form(
                        "/v1/accounts",
                        "type=express&country=US&capabilities[transfers][requested]=true&metadata[user_id]=" + user)
                .path("id")
                .stringValue();
    }

    /** The same by Accounts v2, as a recipient. */
    String createAccountV2(UUID user) {
        return Codec.json()
                .readTree(send("POST", "/v2/core/accounts", """
                        {"contact_email": "ada@example.com", "display_name": "Ada", "dashboard": "express",
                         "metadata": {"user_id": "%s"}, "identity": {"country": "us"},
                         "configuration": {"recipient": {"capabilities":
                             {"stripe_balance": {"stripe_transfers": {"requested": true}}}}}}""".formatted(user)))
                .path("id")
                .stringValue();
    }

    void onboard(String account, String outcome) {
        send("POST", "/_sandbox/accounts/" + account + "/onboard", "{\"outcome\": \"" + outcome + "\"}");
    }

    /** Stripe takes the capability {@code transfers} away, or gives it back. */
    void capability(String account, String status) {
        send("POST", "/_sandbox/accounts/" + account + "/capabilities", "{\"transfers\": \"" + status + "\"}");
    }

    /** The owner disconnects the account. */
    void deauthorize(String account) {
        send("POST", "/_sandbox/accounts/" + account + "/deauthorize", "{}");
    }

    /** The account as Stripe shows it. */
    String account(String id) {
        return send("GET", "/v1/accounts/" + id, "");
    }

    void advanceHours(int hours) {
        send("POST", "/_sandbox/clock/advance", "{\"seconds\": " + hours * 3600 + "}");
    }

    /** Takes back some of a transfer, as somebody with access to Stripe can. */
    void reverse(String transfer, long cents) {
        form("/v1/transfers/" + transfer + "/reversals", "amount=" + cents);
    }

    /** A transfer as Stripe shows it. */
    String transfer(String id) {
        return send("GET", "/v1/transfers/" + id, "");
    }

    /** Puts one rule about reversals in force, for so many calls. */
    void breakReversals(String kind, int times) {
        send("PUT", "/_sandbox/faults", """
                {"seed": 1, "rules": [{"kind": "%s", "method": "POST", "path": "/v1/transfers/*/reversals", "times": %d}]}""".formatted(kind, times));
    }

    /** All transfers of a job, newest first. */
    List<JsonNode> transfers(UUID jobId) {
        List<JsonNode> transfers = new ArrayList<>();
        Codec.json()
                .readTree(send("GET", "/v1/transfers?limit=100&transfer_group=" + jobId, ""))
                .path("data")
                .forEach(transfers::add);
        return transfers;
    }

    /** A transfer for a payout that nobody here remembers, as after a restore of the database. */
    void transfer(String account, UUID jobId, UUID payoutId) {
        form(
                "/v1/transfers",
                "amount=100&currency=usd&destination=" + account + "&transfer_group=" + jobId + "&metadata[payout_id]="
                        + payoutId);
    }

    private JsonNode form(String path, String body) {
        return Codec.json()
                .readTree(exchange(request(path)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(body))
                        .build()));
    }

    private String send(String method, String path, String json) {
        return exchange(request(path)
                .method(method, json.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(json))
                .build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                        URI.create(sandbox.baseUrl() + path.replace("[", "%5B").replace("]", "%5D")))
                .header("Authorization", "Bearer " + sandbox.secretKey());
    }

    private String exchange(HttpRequest request) {
        try {
            var response = http.send(request, BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalStateException(
                        request.uri() + " answered " + response.statusCode() + " " + response.body());
            }
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
