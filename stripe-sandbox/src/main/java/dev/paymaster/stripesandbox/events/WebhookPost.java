package dev.paymaster.stripesandbox.events;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One signed POST to an endpoint. Thread-safe. */
public final class WebhookPost implements AutoCloseable {
    private final Duration timeout;
    private final HttpClient client;

    /** Gives up an attempt after {@code timeout}; Stripe waits for 30 s. */
    public WebhookPost(Duration timeout) {
        this.timeout = timeout;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    record Message(String url, byte[] body, List<String> secrets, long time) {}

    /**
     * What came of an attempt.
     *
     * @param status of the answer; null if there was none
     * @param error why there was no answer
     */
    record Outcome(@Nullable Integer status, @Nullable String error) {
        /** A redirect isn't a delivery. */
        boolean delivered() {
            return status != null && status >= 200 && status < 300;
        }
    }

    Outcome send(Message message) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(message.url()))
                    .header("Content-Type", "application/json; charset=utf-8")
                    .header("User-Agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)")
                    .header("Stripe-Signature", Signature.header(message.body(), message.secrets(), message.time()))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(message.body()))
                    .build();
            return send(request);
        } catch (ExecutionException | IllegalArgumentException e) {
            return new Outcome(null, String.valueOf(e.getCause() == null ? e : e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome(null, "interrupted");
        }
    }

    /** The time-out covers the whole answer: an endpoint that drips its body byte by byte has failed, too. */
    private Outcome send(HttpRequest request) throws ExecutionException, InterruptedException {
        CompletableFuture<HttpResponse<Void>> answer =
                client.sendAsync(request, HttpResponse.BodyHandlers.discarding());
        try {
            return new Outcome(
                    answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS).statusCode(), null);
        } catch (TimeoutException e) {
            answer.cancel(true);
            return new Outcome(null, "no answer within " + timeout.toMillis() + " ms");
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
