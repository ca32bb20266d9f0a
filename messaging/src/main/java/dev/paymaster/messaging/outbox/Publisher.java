package dev.paymaster.messaging.outbox;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Publishes records. */
public interface Publisher {
    /**
     * Publishes records in their order and returns when Kafka has all of them. Called again with the same records after a
     * failure, so a record may stand in its topic more than once, with the same {@code ce_id}.
     *
     * @throws RuntimeException when Kafka has not, or not surely, taken all of them
     */
    void publish(List<Outgoing> records);

    /**
     * The same without waiting, however long it takes: done when Kafka has all of them. It has failed when Kafka hasn't, or not
     * surely, and none of them is on its way any more; only then may they be sent again.
     */
    default CompletableFuture<Void> send(List<Outgoing> records) {
        return CompletableFuture.runAsync(() -> publish(records), Thread::startVirtualThread);
    }
}
