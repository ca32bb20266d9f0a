package dev.paymaster.messaging;

import dev.paymaster.messaging.outbox.Outbox;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a worker does with the records of its topics. Called by several threads at once, each with partitions of its own.
 *
 * @param <C> what its records are decoded to
 */
public interface BatchHandler<C> {

    /** The consumer's name: its Kafka group, and its key in table {@code partition}. Never change it. */
    String consumer();

    /** The topics it reads. */
    Set<String> topics();

    /**
     * Decodes one record, without I/O.
     *
     * @return null when the record is none of this worker's business; it is passed over
     * @throws UnreadableRecordException when the record can never be read; it goes to the dead letters
     */
    @Nullable
    C decode(Inbound record);

    /**
     * Loads what the batch touches, decides message by message, saves, and adds to the outbox what is to be published.
     *
     * <p>Runs inside the transaction that also moves the offsets, so it takes effect exactly once; it may run again after
     * a rollback, with the same messages or some of them, and so must not keep anything outside the database. It makes
     * no network call but to the database. An exception that isn't the database's outage is taken as the fault of a
     * record: the batch is split until that record is found.
     */
    void handle(List<Message<C>> batch, Outbox outbox);
}
