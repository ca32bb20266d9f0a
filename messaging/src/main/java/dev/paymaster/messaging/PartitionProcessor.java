package dev.paymaster.messaging;

import dev.paymaster.messaging.Owned.Settling;
import dev.paymaster.messaging.PartitionStore.Progress;
import dev.paymaster.messaging.PartitionStore.Stored;
import dev.paymaster.messaging.deadletter.DeadLetters;
import dev.paymaster.messaging.outbox.Outbox;
import dev.paymaster.messaging.outbox.Publisher;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Gives each record of a partition its effect exactly once.
 *
 * <p>A batch is one transaction: the handler's effects, the partition's next offset and the records to be published
 * commit together, and only if this instance still owns the partition; then the records are published. After a crash the
 * next owner first publishes what was left, then goes on at the stored offset. After a failure whose outcome is unknown
 * (a COMMIT without an answer) the stored offset tells what has happened.
 *
 * <p>Each polling thread has one of its own. A thread that is late with a batch may have lost a partition to another
 * thread of the same process, which must fence it like any other owner.
 */
final class PartitionProcessor<C> {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionProcessor.class);

    /** How long the others wait for partitions in doubt, all together: mostly these are settled within far less. */
    private static final Duration OTHERS_WAIT = Duration.ofSeconds(1);

    private final BatchHandler<C> handler;
    private final PartitionStore store;
    private final TransactionOperations transactions;
    private final Publisher publisher;
    private final Duration publishTimeout;
    private final ProcessorMetrics metrics;
    private final Map<TopicPartition, Owned> owned = new HashMap<>();

    /** @param publishTimeout how long a batch waits for what it publishes; after that, its partitions are in doubt */
    PartitionProcessor(
            BatchHandler<C> handler,
            PartitionStore store,
            TransactionOperations transactions,
            Publisher publisher,
            Duration publishTimeout,
            ProcessorMetrics metrics) {
        this.handler = handler;
        this.store = store;
        this.transactions = transactions;
        this.publisher = publisher;
        this.publishTimeout = publishTimeout;
        this.metrics = metrics;
    }

    /**
     * Becomes the owner of a partition: fences the former owner, begins to publish what it left, and returns where to read
     * on. Nothing of it is processed before all of that is published.
     *
     * @param log what it held before
     * @param acceptedLoss the stored offset that an operator has given up, or -1
     * @throws OffsetLostException when the log doesn't hold the next record
     */
    long takeOver(TopicPartition partition, PartitionLog log, long acceptedLoss) {
        owned.remove(partition);
        Stored stored = store.takeOver(partition, log);
        CompletableFuture<Void> published = publisher.send(stored.pending());
        Owned ownership = new Owned(stored.epoch(), stored.nextOffset());
        boolean madeAnew = !stored.topicId().equals(log.topicId());
        if (madeAnew || !log.holds(ownership.nextOffset)) {
            acceptLoss(partition, ownership, log, madeAnew, acceptedLoss);
        }
        ownership.inDoubt = true;
        ownership.settling = new Settling(ownership.nextOffset, published);
        owned.put(partition, ownership);
        return ownership.nextOffset;
    }

    private void acceptLoss(
            TopicPartition partition, Owned ownership, PartitionLog log, boolean madeAnew, long acceptedLoss) {
        long next = ownership.nextOffset;
        long beginning = log.beginning();
        if (acceptedLoss != next) {
            throw new OffsetLostException(
                    partition, madeAnew, next, beginning, log.endNow().getAsLong());
        }
        LOG.warn("{}: as told, going on at {} instead of {}", partition, beginning, acceptedLoss);
        store.move(partition, ownership.epoch, log);
        ownership.nextOffset = beginning;
    }

    /** Those of some partitions that have to be taken over before their records can be processed. */
    Set<TopicPartition> notOwned(Set<TopicPartition> partitions) {
        Set<TopicPartition> rest = new HashSet<>(partitions);
        rest.removeAll(owned.keySet());
        return rest;
    }

    /** Forgets partitions that go to another instance. */
    void release(Set<TopicPartition> partitions) {
        partitions.forEach(owned::remove);
    }

    /** Empties outboxes whose records have been published, so that the next owner doesn't publish them again. */
    void clearOutboxes(Set<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            Owned ownership = owned.get(partition);
            if (ownership != null && ownership.published && !ownership.inDoubt) {
                store.clearPending(partition, ownership.epoch);
                ownership.published = false;
            }
        }
    }

    /** How far the partitions have come, as a consumer group is told. */
    Map<TopicPartition, OffsetAndMetadata> progress() {
        Map<TopicPartition, OffsetAndMetadata> progress = new HashMap<>();
        owned.forEach((partition, ownership) -> progress.put(partition, new OffsetAndMetadata(ownership.nextOffset)));
        return progress;
    }

    /** The first record that has had no effect yet, or -1 when the partition isn't owned. */
    long nextOffset(TopicPartition partition) {
        Owned ownership = owned.get(partition);
        return ownership == null ? -1 : ownership.nextOffset;
    }

    /**
     * Processes the records of one poll. Those of partitions that aren't owned, or turn out to be somebody else's, are left
     * alone. A partition whose last batch, or what its former owner left, can't be published keeps none of the others waiting.
     *
     * @throws RuntimeException for an outage; then the records from {@link #nextOffset} on must be given again
     */
    void process(List<ConsumerRecord<byte[], byte[]>> polled) {
        RuntimeException unsettled = settleDoubts();
        List<ConsumerRecord<byte[], byte[]>> fresh =
                polled.stream().filter(this::isFresh).toList();
        if (!fresh.isEmpty()) {
            processOrSplit(fresh);
        }
        if (unsettled != null) {
            throw unsettled;
        }
    }

    /**
     * After a failure: reads how far partitions have come, and publishes what they may have failed to publish.
     *
     * @return why some are in doubt still, or null
     */
    private @Nullable RuntimeException settleDoubts() {
        List.copyOf(owned.keySet()).forEach(this::beginToSettle);
        return endSettling(owned.values(), OTHERS_WAIT);
    }

    private void beginToSettle(TopicPartition partition) {
        Owned ownership = owned.get(partition);
        if (ownership == null || !ownership.inDoubt || ownership.settling != null) {
            return;
        }
        Optional<Stored> stored = store.read(partition, ownership.epoch);
        if (stored.isEmpty()) {
            LOG.warn("{}: {} belongs to another instance now", handler.consumer(), partition);
            owned.remove(partition);
            return;
        }
        ownership.settling = new Settling(
                stored.get().nextOffset(), publisher.send(stored.get().pending()));
    }

    /** Waits for what partitions publish; what isn't there in time is waited for again, and sent again only if it has failed. */
    private static @Nullable RuntimeException endSettling(Collection<Owned> partitions, Duration limit) {
        long until = System.nanoTime() + limit.toNanos();
        RuntimeException failure = null;
        for (Owned ownership : partitions) {
            if (ownership.settling != null) {
                try {
                    endSettling(ownership, ownership.settling, until - System.nanoTime());
                } catch (InterruptException e) {
                    throw e;
                } catch (KafkaException e) {
                    if (failure != null) {
                        e.addSuppressed(failure);
                    }
                    failure = e;
                }
            }
        }
        return failure;
    }

    private static void endSettling(Owned ownership, Settling settling, long nanos) {
        try {
            settling.published().get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new KafkaException("what a partition is to publish first is not there yet", e);
        } catch (InterruptedException e) {
            throw new InterruptException("interrupted while publishing", e);
        } catch (ExecutionException e) {
            ownership.settling = null;
            throw new KafkaException("what a partition is to publish first cannot be published", e.getCause());
        }
        ownership.nextOffset = settling.nextOffset();
        ownership.published = true;
        ownership.inDoubt = false;
        ownership.settling = null;
    }

    private boolean isFresh(ConsumerRecord<byte[], byte[]> record) {
        Owned ownership = owned.get(partitionOf(record));
        return ownership != null && !ownership.inDoubt && record.offset() >= ownership.nextOffset;
    }

    /**
     * One transaction for all; when a record is at fault, halves and halves again until it stands alone. When they are too much
     * for one batch, that makes several.
     */
    private void processOrSplit(List<ConsumerRecord<byte[], byte[]>> records) {
        try {
            commitAndPublish(records);
        } catch (RuntimeException e) {
            if (!Failures.isFaultOfRecord(e)) {
                throw e;
            }
            if (records.size() == 1) {
                tryAgainOrCondemn(records.getFirst());
                return;
            }
            int middle = records.size() / 2;
            processOrSplit(records.subList(0, middle));
            processOrSplit(records.subList(middle, records.size()));
        }
    }

    /** A second failure alone condemns a record; the first may have been a collision with another partition's batch. */
    private void tryAgainOrCondemn(ConsumerRecord<byte[], byte[]> record) {
        try {
            commitAndPublish(List.of(record));
        } catch (RuntimeException e) {
            if (!Failures.isFaultOfRecord(e)) {
                throw e;
            }
            LOG.error(
                    "{}: {}@{} goes to the dead letters: {}",
                    handler.consumer(),
                    partitionOf(record),
                    record.offset(),
                    Failures.inOneLine(e));
            LOG.debug("{}: the failure", handler.consumer(), e);
            Outbox outbox = new Outbox();
            bury(record, e, outbox);
            commitAndPublish(List.of(record), List.of(), outbox);
        }
    }

    private void commitAndPublish(List<ConsumerRecord<byte[], byte[]>> records) {
        Outbox outbox = records.size() == 1 ? new Outbox() : Outbox.ofSeveral();
        commitAndPublish(records, decode(records, outbox), outbox);
    }

    private void commitAndPublish(
            List<ConsumerRecord<byte[], byte[]>> records, List<Message<C>> messages, Outbox outbox) {
        long started = System.nanoTime();
        List<Progress> progress = new ArrayList<>();
        partitionsOf(records).forEach(partition -> ownershipOf(partition).inDoubt = true);
        transactions.executeWithoutResult(transaction -> {
            if (!messages.isEmpty()) {
                handler.handle(messages, outbox);
            }
            progress.addAll(progressOf(records, outbox));
            store.advance(progress);
        });
        try {
            publish(progress);
        } finally {
            outbox.buried().forEach(origin -> metrics.deadLetter(origin.topic()));
            metrics.batch(records.size(), System.nanoTime() - started);
        }
    }

    /** The batch is committed: whatever goes wrong now is no record's fault. */
    private void publish(List<Progress> committed) {
        List<Owned> partitions = new ArrayList<>(committed.size());
        for (Progress step : committed) {
            Owned ownership = ownershipOf(step.partition());
            ownership.settling = new Settling(step.nextOffset(), publisher.send(step.pending()));
            partitions.add(ownership);
        }
        RuntimeException unsettled = endSettling(partitions, publishTimeout);
        if (unsettled != null) {
            throw unsettled;
        }
    }

    private List<Message<C>> decode(List<ConsumerRecord<byte[], byte[]>> records, Outbox outbox) {
        List<Message<C>> messages = new ArrayList<>(records.size());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            try {
                Inbound inbound = new Inbound(record);
                C body = null;
                if (inbound.isFor(handler.consumer())) {
                    body = handler.decode(inbound);
                } else {
                    LOG.info(
                            "{}: {}@{} is replayed for another worker, and passed over",
                            handler.consumer(),
                            partitionOf(record),
                            record.offset());
                }
                if (body != null) {
                    messages.add(new Message<>(
                            inbound.envelope(), body, inbound.value(), partitionOf(record), traceParent(record)));
                }
            } catch (UnreadableRecordException e) {
                LOG.warn(
                        "{}: {}@{} goes to the dead letters: {}",
                        handler.consumer(),
                        partitionOf(record),
                        record.offset(),
                        e.getMessage());
                bury(record, e, outbox);
            }
        }
        return messages;
    }

    private void bury(ConsumerRecord<byte[], byte[]> record, RuntimeException failure, Outbox outbox) {
        outbox.bury(partitionOf(record), DeadLetters.of(record, handler.consumer(), failure));
    }

    private List<Progress> progressOf(List<ConsumerRecord<byte[], byte[]>> records, Outbox outbox) {
        Map<TopicPartition, Long> next = new LinkedHashMap<>();
        records.forEach(record -> next.put(partitionOf(record), record.offset() + 1));
        List<Progress> progress = new ArrayList<>();
        next.forEach((partition, nextOffset) -> {
            Owned ownership = ownershipOf(partition);
            progress.add(
                    new Progress(partition, ownership.epoch, ownership.nextOffset, nextOffset, outbox.of(partition)));
        });
        return progress;
    }

    private Owned ownershipOf(TopicPartition partition) {
        Owned ownership = owned.get(partition);
        if (ownership == null) {
            throw new FencedException(1, 0);
        }
        return ownership;
    }

    private static Set<TopicPartition> partitionsOf(List<ConsumerRecord<byte[], byte[]>> records) {
        Set<TopicPartition> partitions = new LinkedHashSet<>();
        records.forEach(record -> partitions.add(partitionOf(record)));
        return partitions;
    }

    private static TopicPartition partitionOf(ConsumerRecord<byte[], byte[]> record) {
        return new TopicPartition(record.topic(), record.partition());
    }

    private static @Nullable String traceParent(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader("traceparent");
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
