package dev.paymaster.system.world;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** One caller's way to an HTTP API. Thread-safe. */
public final class Api {
    /** The gateway itself answers within five seconds; a loaded machine takes its time. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(LIMIT)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();

    private final URI base;
    private final @Nullable String key;

    /** @param key the API key that every call carries; null for a stranger */
    public Api(URI base, @Nullable String key) {
        this.base = base;
        this.key = key;
    }

    /** The same address with another key. */
    public Api as(@Nullable String otherKey) {
        return new Api(base, otherKey);
    }

    public Answer get(String path) {
        return send(request(path).GET());
    }

    /** A POST without a body. */
    public Answer post(String path) {
        return send(request(path).POST(BodyPublishers.noBody()));
    }

    public Answer post(String path, String json) {
        return send(json(path, json));
    }

    public Answer post(String path, String json, String idempotencyKey) {
        return send(json(path, json).header("Idempotency-Key", idempotencyKey));
    }

    public Answer put(String path, String json) {
        return send(request(path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(json)));
    }

    /** A form, as a browser submits it: already encoded. */
    public Answer submit(String path, String form) {
        return send(request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    }

    public Answer delete(String path) {
        return send(request(path).DELETE());
    }

    /** A request with the caller's key, to be completed and given to {@link #send}. */
    public HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).timeout(LIMIT);
        return key == null ? request : request.header("Authorization", "Bearer " + key);
    }

    public Answer send(HttpRequest.Builder request) {
        HttpRequest built = request.build();
        try {
            return new Answer(CLIENT.send(built, BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException("no answer to " + built.method() + " " + built.uri(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + built.uri(), e);
        }
    }

    private HttpRequest.Builder json(String path, String json) {
        return request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json));
    }
}
