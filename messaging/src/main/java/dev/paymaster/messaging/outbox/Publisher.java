package dev.paymaster.messaging.outbox;

import java.util.List;

/** Publishes records. */
public interface Publisher {
    /**
     * Publishes records in their order and returns when Kafka has all of them. Called again with the same records after a
     * failure, so a record may stand in its topic more than once, with the same {@code ce_id}.
     *
     * @throws RuntimeException when Kafka has not, or not surely, taken all of them
     */
    void publish(List<Outgoing> records);
}
