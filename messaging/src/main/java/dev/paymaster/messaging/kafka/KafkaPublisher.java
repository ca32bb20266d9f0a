package dev.paymaster.messaging.kafka;

import dev.paymaster.messaging.outbox.Outgoing;
import dev.paymaster.messaging.outbox.Publisher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.springframework.kafka.core.KafkaTemplate;

/** Publishes with Kafka's idempotent producer: all records go out in one burst, in order, and all must be acknowledged. */
final class KafkaPublisher implements Publisher {
    private final KafkaTemplate<byte[], byte[]> kafka;
    private final Duration timeout;

    KafkaPublisher(KafkaTemplate<byte[], byte[]> kafka, Duration timeout) {
        this.kafka = kafka;
        this.timeout = timeout;
    }

    @Override
    public void publish(List<Outgoing> records) {
        await(queue(records));
    }

    /** On a thread of its own: the producer holds up who sends while it has no room, or doesn't know the topic. */
    @Override
    public CompletableFuture<Void> send(List<Outgoing> records) {
        CompletableFuture<Void> published = new CompletableFuture<>();
        if (records.isEmpty()) {
            published.complete(null);
        } else {
            Thread.startVirtualThread(() -> complete(published, records));
        }
        return published;
    }

    private void complete(CompletableFuture<Void> published, List<Outgoing> records) {
        try {
            queue(records).join();
            published.complete(null);
        } catch (CompletionException e) {
            published.completeExceptionally(e.getCause());
        } catch (RuntimeException | Error e) {
            published.completeExceptionally(e);
        }
    }

    /** After the first that the producer refuses, it is given none: they would overtake that one. */
    private CompletableFuture<Void> queue(List<Outgoing> records) {
        List<CompletableFuture<?>> sent = new ArrayList<>(records.size());
        for (Outgoing record : records) {
            try {
                sent.add(kafka.send(record.toProducerRecord()));
            } catch (RuntimeException e) {
                sent.add(CompletableFuture.failedFuture(e));
                break;
            }
        }
        return CompletableFuture.allOf(sent.toArray(CompletableFuture<?>[]::new));
    }

    private void await(CompletableFuture<Void> all) {
        try {
            all.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new KafkaException("Kafka has not taken all records", e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException("Kafka has not answered within " + timeout, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while publishing", e);
        }
    }
}
