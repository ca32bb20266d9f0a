package dev.paymaster.messaging;

import static java.util.Objects.requireNonNull;

import dev.paymaster.messaging.kafka.MessagingSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.event.ListenerContainerIdleEvent;
import org.springframework.kafka.listener.BatchAcknowledgingConsumerAwareMessageListener;
import org.springframework.kafka.listener.CommonContainerStoppingErrorHandler;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ConsumerAwareRebalanceListener;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.MessageListenerContainer;
import org.springframework.kafka.support.Acknowledgment;

/**
 * Joins Kafka's consumer group to a {@link PartitionProcessor}: tells it which partitions it owns, feeds it their
 * records, and during an outage waits and gives the same records again, for as long as it takes.
 */
public final class PartitionConsumer implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionConsumer.class);

    /** First wait after a failure: a deadlock or a failover's flicker is over by then. */
    private static final Duration FIRST_WAIT = Duration.ofMillis(100);

    /** Longest wait: soon enough after an outage's end, seldom enough during it, far below max.poll.interval.ms. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    /** How often the group is told how far its partitions have come: for lag as people and autoscalers see it. */
    private static final Duration SHOWN_EVERY = Duration.ofSeconds(1);

    /** A partition without news for this long gets its outbox emptied; what couldn't be taken over is tried again. */
    private static final long IDLE_MILLIS = 2_000;

    private static final long POLL_MILLIS = 500;

    /** What is in flight at a stop has this long to end. */
    private static final long SHUTDOWN_MILLIS = 15_000;

    private final ThreadLocal<Polling> polling;
    private final KafkaAdmin admin;
    private final ProcessorMetrics metrics;
    private final MessagingSettings settings;
    private final String name;
    private final ConcurrentMessageListenerContainer<byte[], byte[]> container;
    private volatile CountDownLatch stopping = new CountDownLatch(1);

    PartitionConsumer(
            BatchHandler<?> handler,
            Supplier<PartitionProcessor<?>> processors,
            ConsumerFactory<byte[], byte[]> consumers,
            KafkaAdmin admin,
            ProcessorMetrics metrics,
            MessagingSettings settings) {
        this.polling = ThreadLocal.withInitial(() -> new Polling(processors.get()));
        this.admin = admin;
        this.metrics = metrics;
        this.settings = settings;
        this.name = handler.consumer();
        ContainerProperties properties =
                new ContainerProperties(handler.topics().toArray(String[]::new));
        properties.setGroupId(name);
        // The group's offsets only show lag; the truth is in table partition.
        properties.setAckMode(ContainerProperties.AckMode.MANUAL);
        properties.setAssignmentCommitOption(ContainerProperties.AssignmentCommitOption.NEVER);
        properties.setMessageListener(new Listener());
        properties.setConsumerRebalanceListener(new Rebalances());
        properties.setIdleEventInterval(IDLE_MILLIS);
        // It comes only between two polls, which take five seconds by default when there is nothing to read.
        properties.setPollTimeout(POLL_MILLIS);
        // By default, the first event takes five times as long for as long as no record has come.
        properties.setIdleBeforeDataMultiplier(1);
        properties.setShutdownTimeout(SHUTDOWN_MILLIS);
        // By default, a broker that refuses us once ends the consumer.
        properties.setAuthExceptionRetryInterval(LONGEST_WAIT);
        container = new ConcurrentMessageListenerContainer<>(consumers, properties);
        container.setBeanName(name);
        container.setConcurrency(settings.concurrency());
        container.setCommonErrorHandler(new FailedPolls());
        container.setApplicationEventPublisher(this::onEvent);
    }

    /** What a polling thread has of its own. */
    private static final class Polling {
        final PartitionProcessor<?> processor;
        int failuresInARow;
        long shownNanos = System.nanoTime();

        Polling(PartitionProcessor<?> processor) {
            this.processor = processor;
        }
    }

    @Override
    public void start() {
        stopping = new CountDownLatch(1);
        container.start();
    }

    @Override
    public void stop() {
        stopping.countDown();
        container.stop();
    }

    /** Without waiting, so that all of a service's consumers stop at once. */
    @Override
    public void stop(Runnable callback) {
        stopping.countDown();
        container.stop(callback);
    }

    @Override
    public boolean isRunning() {
        return container.isRunning();
    }

    /** After the topics are there, and stopped before what publishes for it. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 100;
    }

    /** The name of the group that it consumes as. */
    public String name() {
        return name;
    }

    /** How many partitions of its topics this instance has been given so far. */
    public int assignedPartitions() {
        Collection<TopicPartition> assigned = container.getAssignedPartitions();
        return assigned == null ? 0 : assigned.size();
    }

    private PartitionProcessor<?> processor() {
        return polling.get().processor;
    }

    private void onEvent(Object event) {
        if (event instanceof ListenerContainerIdleEvent idle && idle.getTopicPartitions() != null) {
            Consumer<?, ?> consumer = idle.getConsumer();
            publishWhatIsLeft();
            quietly(() -> processor().clearOutboxes(new HashSet<>(idle.getTopicPartitions())));
            tryToTakeOver(consumer, processor().notOwned(consumer.assignment()));
            showProgress(consumer);
        }
    }

    private final class Listener implements BatchAcknowledgingConsumerAwareMessageListener<byte[], byte[]> {
        @Override
        public void onMessage(
                List<ConsumerRecord<byte[], byte[]>> records,
                @Nullable Acknowledgment acknowledgment,
                @Nullable Consumer<?, ?> given) {
            Consumer<?, ?> consumer = requireNonNull(given, "a consumer-aware listener gets the consumer");
            try {
                processor().process(records);
                takeOverTheRest(consumer);
                polling.get().failuresInARow = 0;
                showProgressNowAndThen(consumer);
            } catch (OffsetLostException e) {
                throw e;
            } catch (RuntimeException e) {
                metrics.outage();
                rewind(records, consumer);
                showProgressNowAndThen(consumer);
                waitAfter(e);
                if (stopping.getCount() > 0) {
                    tryToTakeOver(consumer, processor().notOwned(consumer.assignment()));
                }
            }
        }
    }

    /** What a poll ends with is an outage, unless what must be read next is gone. */
    private final class FailedPolls extends CommonContainerStoppingErrorHandler {
        @Override
        public void handleOtherException(
                Exception failure, Consumer<?, ?> consumer, MessageListenerContainer container, boolean batch) {
            try {
                if (failure instanceof OffsetOutOfRangeException outside
                        && !(failure instanceof LogTruncationException)) {
                    // To take them over tells what is gone, and how to go on without.
                    processor().release(outside.partitions());
                    tryToTakeOver(consumer, outside.partitions());
                }
                if (!isToEnd(failure)) {
                    metrics.outage();
                    rewind(consumer.assignment(), consumer);
                    waitAfter(failure);
                    return;
                }
                LOG.error("{} stops. {}", name, failure.toString());
            } catch (OffsetLostException e) {
                LOG.debug("{}: ends", name, e);
            }
            super.handleOtherException(failure, consumer, container, batch);
        }

        /**
         * Of a rebalance within the poll, the cause tells. Where a log was cut short behind what was read of it, other records have
         * come in the place of what is gone: only people can say what to do about that.
         */
        private static boolean isToEnd(Exception failure) {
            return failure instanceof InterruptException
                    || failure instanceof LogTruncationException
                    || Failures.causeOf(failure, OffsetLostException.class) != null;
        }
    }

    /** Of partitions that no record comes from: those in doubt, and those that were just taken over. */
    private void publishWhatIsLeft() {
        try {
            processor().process(List.of());
        } catch (RuntimeException e) {
            metrics.outage();
            LOG.warn("{}: what partitions have left cannot be published yet: {}", name, Failures.withCause(e));
        }
    }

    private void showProgressNowAndThen(Consumer<?, ?> consumer) {
        if (System.nanoTime() - polling.get().shownNanos >= SHOWN_EVERY.toNanos()) {
            showProgress(consumer);
        }
    }

    /** Nothing is ever read by these offsets, so a commit that fails is not worth another try. */
    private void showProgress(Consumer<?, ?> consumer) {
        polling.get().shownNanos = System.nanoTime();
        try {
            consumer.commitAsync(processor().progress(), (_, failure) -> {
                if (failure != null) {
                    tellNotShown(failure);
                }
            });
        } catch (RuntimeException e) {
            tellNotShown(e);
        }
    }

    private void tellNotShown(Exception failure) {
        LOG.debug("{}: the group was not told how far its partitions have come", name, failure);
    }

    /**
     * Takes over what Kafka has given us and we don't own: because the database was away when it came, or because an owner
     * that was late has taken it over since. Should it be us who are late, the next poll tells, and the rightful owner does
     * the same; so in the end it is Kafka that decides.
     */
    private void takeOverTheRest(Consumer<?, ?> consumer) {
        takeOver(consumer, processor().notOwned(consumer.assignment()));
    }

    /** So that the next poll brings again what has had no effect yet. */
    private void rewind(List<ConsumerRecord<byte[], byte[]>> records, Consumer<?, ?> consumer) {
        Set<TopicPartition> partitions = new HashSet<>();
        records.forEach(record -> partitions.add(new TopicPartition(record.topic(), record.partition())));
        partitions.retainAll(consumer.assignment());
        rewind(partitions, consumer);
    }

    private void rewind(Set<TopicPartition> partitions, Consumer<?, ?> consumer) {
        for (TopicPartition partition : partitions) {
            long next = processor().nextOffset(partition);
            if (next >= 0) {
                consumer.seek(partition, next);
            }
        }
    }

    private void waitAfter(Exception failure) {
        int failures = polling.get().failuresInARow++;
        long millis = Math.min(LONGEST_WAIT.toMillis(), FIRST_WAIT.toMillis() << Math.min(failures, 10));
        LOG.warn("{}: waiting {} ms, then trying again: {}", name, millis, Failures.withCause(failure));
        LOG.debug("{}: the failure", name, failure);
        try {
            if (stopping.await(millis, TimeUnit.MILLISECONDS)) {
                LOG.debug("{}: stopping while waiting", name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Rebalances implements ConsumerAwareRebalanceListener {
        /** Whoever waits in here for long is put out of the group, so an outage is waited for between polls. */
        @Override
        public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
            if (partitions.isEmpty()) {
                return;
            }
            // Until they are taken over, nothing is read of them; what comes in meanwhile is left alone.
            consumer.seekToEnd(partitions);
            tryToTakeOver(consumer, partitions);
        }

        @Override
        public void onPartitionsRevokedBeforeCommit(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
            quietly(() -> processor().clearOutboxes(new HashSet<>(partitions)));
            showProgress(consumer);
            processor().release(new HashSet<>(partitions));
        }

        @Override
        public void onPartitionsLost(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
            processor().release(new HashSet<>(partitions));
        }
    }

    private void tryToTakeOver(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        try {
            takeOver(consumer, partitions);
        } catch (OffsetLostException e) {
            throw e;
        } catch (WakeupException e) {
            // A stop means the poll, which would wait for records otherwise.
            LOG.debug("{}: stopping while taking over", name, e);
            consumer.wakeup();
        } catch (RuntimeException e) {
            metrics.outage();
            LOG.warn(
                    "{}: {} cannot be taken over yet: {}",
                    name,
                    processor().notOwned(Set.copyOf(partitions)),
                    Failures.withCause(e));
        }
    }

    /** One that can't be taken over keeps none of the others waiting. */
    private void takeOver(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return;
        }
        LOG.info("{}: taking over {}", name, partitions);
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<String, String> ids = topicIds(partitions);
        RuntimeException firstFailure = null;
        for (TopicPartition partition : partitions) {
            PartitionLog log = new PartitionLog(
                    requireNonNull(ids.get(partition.topic()), "asked for"),
                    requireNonNull(beginnings.get(partition), "asked for"),
                    requireNonNull(ends.get(partition), "asked for"),
                    () -> endOf(consumer, partition));
            try {
                consumer.seek(partition, processor().takeOver(partition, log, settings.acceptedLoss(partition)));
            } catch (OffsetLostException e) {
                LOG.error("{} stops. {}", name, e.getMessage());
                throw e;
            } catch (RuntimeException e) {
                if (firstFailure == null) {
                    firstFailure = e;
                } else {
                    firstFailure.addSuppressed(e);
                }
            }
        }
        if (firstFailure != null) {
            throw firstFailure;
        }
    }

    /** What Kafka calls topics by, beside their names: one that is made anew has its name, and another id. */
    private Map<String, String> topicIds(Collection<TopicPartition> partitions) {
        String[] topics =
                partitions.stream().map(TopicPartition::topic).distinct().toArray(String[]::new);
        Map<String, String> ids = new HashMap<>();
        admin.describeTopics(topics)
                .forEach((topic, description) ->
                        ids.put(topic, description.topicId().toString()));
        return ids;
    }

    private static long endOf(Consumer<?, ?> consumer, TopicPartition partition) {
        return requireNonNull(consumer.endOffsets(Set.of(partition)).get(partition), "asked for");
    }

    /** For what is only tidy: a failure means that some events will be published twice, which is allowed. */
    private void quietly(Runnable tidying) {
        try {
            tidying.run();
        } catch (RuntimeException e) {
            LOG.debug("{}: outboxes were not emptied, and their records will be published again", name, e);
        }
    }
}
