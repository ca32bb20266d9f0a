package dev.paymaster.standalone.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One person's way to an HTTP API: every call is shown, checked, and answered with its JSON. */
final class Api {
    /** Every answer comes within milliseconds, or after the gateway's own five seconds. */
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private static final long POLL_MILLIS = 100;
    private static final int SHOWN_CHARACTERS = 150;
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Screen screen;
    private final HttpClient client;
    private final URI base;
    private final String who;
    private final String key;

    Api(Screen screen, HttpClient client, URI base, String who, String key) {
        this.screen = screen;
        this.client = client;
        this.base = base;
        this.who = who;
        this.key = key;
    }

    Api as(String name, String otherKey) {
        return new Api(screen, client, base, name, otherKey);
    }

    JsonNode get(String path) {
        return shown("GET", path, null, 200);
    }

    JsonNode post(String path, int expectedStatus) {
        return shown("POST", path, null, expectedStatus);
    }

    JsonNode post(String path, String body, int expectedStatus) {
        return shown("POST", path, body, expectedStatus);
    }

    /** Asks, silently, until the answer fits; then shows it. */
    JsonNode await(String path, String what, Predicate<JsonNode> fits) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        HttpResponse<String> answer = send("GET", path, null);
        while (answer.statusCode() != 200 || !fits.test(JSON.readTree(answer.body()))) {
            if (System.nanoTime() > deadline) {
                throw new StoryFailed("GET " + path + " did not show " + what + " within " + LIMIT.toSeconds()
                        + " s, but " + answer.statusCode() + " " + answer.body());
            }
            pause();
            answer = send("GET", path, null);
        }
        screen.call(who, "GET", path, "", answer.statusCode() + " " + shortened(answer.body()));
        return JSON.readTree(answer.body());
    }

    private JsonNode shown(String method, String path, @Nullable String body, int expectedStatus) {
        HttpResponse<String> answer = send(method, path, body);
        screen.call(who, method, path, body == null ? "" : body, answer.statusCode() + " " + shortened(answer.body()));
        if (answer.statusCode() != expectedStatus) {
            throw new StoryFailed(method + " " + path + " answered " + answer.statusCode() + " instead of "
                    + expectedStatus + ": " + answer.body());
        }
        return JSON.readTree(answer.body());
    }

    private HttpResponse<String> send(String method, String path, @Nullable String body) {
        HttpRequest.BodyPublisher publisher =
                body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .method(method, publisher)
                .timeout(LIMIT)
                .header("Authorization", "Bearer " + key);
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (method.equals("POST")) {
            request.header("Idempotency-Key", UUID.randomUUID().toString());
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new StoryFailed("nobody answers at " + base + "; is ./paymaster up running? (" + e + ")");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoryFailed("interrupted");
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoryFailed("interrupted");
        }
    }

    private static String shortened(String body) {
        String line = body.replaceAll("\\s+", " ").strip();
        return line.length() <= SHOWN_CHARACTERS ? line : line.substring(0, SHOWN_CHARACTERS) + " ...";
    }
}
