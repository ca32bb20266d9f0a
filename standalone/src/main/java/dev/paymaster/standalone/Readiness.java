package dev.paymaster.standalone;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Waits until the gateway says that it is ready. */
final class Readiness {
    private static final int OK = 200;
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);
    private static final long POLL_MILLIS = 50;

    private Readiness() {}

    /** @throws IllegalStateException with the last answer, when it isn't ready in time */
    static void await(URI probe, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        String last = "";
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(probe).timeout(ANSWER_LIMIT).build();
            while (System.nanoTime() < deadline) {
                last = answer(client, request);
                if (last.isEmpty()) {
                    return;
                }
                Thread.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the gateway", e);
        }
        throw new IllegalStateException("the gateway was not ready within " + limit.toSeconds() + " s: " + last);
    }

    /** Why it isn't ready; empty when it is. On a machine that is busy, a probe may well come to nothing. */
    private static String answer(HttpClient client, HttpRequest request) throws InterruptedException {
        try {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == OK ? "" : answer.statusCode() + " " + answer.body();
        } catch (IOException e) {
            return request.uri() + " does not answer: " + e;
        }
    }
}
