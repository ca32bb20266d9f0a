package dev.paymaster.system.bench;

import dev.paymaster.messaging.Codec;
import dev.paymaster.standalone.Standalone;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import tools.jackson.databind.JsonNode;

/** Makes users with credits, as an administrator does over HTTP. */
final class Senders {
    /** More than any run can spend. */
    private static final long CREDITS = 100_000_000;

    private static final int AT_ONCE = 8;
    private static final int CREATED = 201;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Standalone standalone;

    Senders(Standalone standalone) {
        this.standalone = standalone;
    }

    List<Sender> make(int number) {
        try (HttpClient client = HttpClient.newHttpClient();
                ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<Sender>> making = new ArrayList<>();
            for (int i = 1; i <= number; i++) {
                String name = "Sender " + i;
                making.add(threads.submit(() -> make(client, name)));
            }
            List<Sender> made = new ArrayList<>();
            for (Future<Sender> sender : making) {
                made.add(sender.get());
            }
            return made;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a sender can't be made", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private Sender make(HttpClient client, String name) {
        JsonNode answer = post(client, "/api/users", Map.of("name", name));
        Sender sender = new Sender(
                answer.path("user").path("id").stringValue(), answer.path("key").stringValue());
        post(
                client,
                "/api/credits/grants",
                Map.of("user_id", sender.id(), "amount", CREDITS, "reason", "to be spent in a benchmark"));
        return sender;
    }

    private JsonNode post(HttpClient client, String path, Map<String, Object> body) {
        HttpRequest request = HttpRequest.newBuilder(standalone.url().resolve(path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + standalone.adminKey())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(Codec.write(body)))
                .build();
        try {
            HttpResponse<byte[]> answer = client.send(request, BodyHandlers.ofByteArray());
            if (answer.statusCode() != CREATED) {
                throw new IllegalStateException(path + " answered " + answer.statusCode());
            }
            return Codec.json().readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(path + " can't be called", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
