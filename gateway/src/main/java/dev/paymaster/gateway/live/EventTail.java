package dev.paymaster.gateway.live;

import dev.paymaster.events.Envelope;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.core.ConsumerFactory;

/**
 * Follows the event topics from their end, every partition, in no group: each gateway sees every event. What it misses
 * while it is away is in the command logs.
 */
final class EventTail implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(EventTail.class);
    private static final List<String> TOPICS =
            Stream.of(Channel.values()).map(Channel::events).toList();
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final ConsumerFactory<byte[], byte[]> consumers;
    private final Waits waits;
    private final Set<String> outcomes;
    private final Duration refresh;
    private final StopSignal stopping = new StopSignal();
    private volatile boolean following;
    private volatile @Nullable Thread thread;

    /**
     * @param outcomes the types of events that are outcomes of commands
     * @param refresh how soon partitions that are added later are followed
     */
    EventTail(ConsumerFactory<byte[], byte[]> consumers, Waits waits, Set<String> outcomes, Duration refresh) {
        this.consumers = consumers;
        this.waits = waits;
        this.outcomes = Set.copyOf(outcomes);
        this.refresh = refresh;
    }

    /** Whether it has a position on every partition, so that no event of a command sent from now on is missed. */
    boolean isFollowing() {
        return following;
    }

    @Override
    public void start() {
        thread = Thread.ofPlatform().name("event-tail").start(this::run);
    }

    @Override
    public void stop() {
        stopping.give();
        Thread running = thread;
        if (running == null) {
            return;
        }
        try {
            running.join(CLOSE_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread = null;
    }

    /** Starts before the server takes requests and stops after it has answered the last. */
    @Override
    public int getPhase() {
        return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 1;
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    private void run() {
        while (!stopping.isGiven()) {
            try (Consumer<byte[], byte[]> consumer = consumers.createConsumer(null, "gateway-tail")) {
                follow(consumer);
            } catch (RuntimeException e) {
                following = false;
                LOG.warn("the event topics cannot be followed, trying again: {}", e.toString());
                if (stopping.isGivenWithin(RETRY)) {
                    LOG.debug("stopped while waiting for Kafka");
                }
            }
        }
        following = false;
    }

    private void follow(Consumer<byte[], byte[]> consumer) {
        Set<TopicPartition> assigned = new HashSet<>();
        long refreshAt = System.nanoTime();
        while (!stopping.isGiven()) {
            if (System.nanoTime() >= refreshAt) {
                refresh(consumer, assigned);
                refreshAt = System.nanoTime() + refresh.toNanos();
            }
            for (ConsumerRecord<byte[], byte[]> event : consumer.poll(POLL)) {
                take(event);
            }
        }
    }

    /**
     * Who follows goes on: while Kafka is away, no event is missed, and a gateway that isn't ready would be no help to those who
     * only read, or who are to hear that it is Kafka.
     */
    private void refresh(Consumer<byte[], byte[]> consumer, Set<TopicPartition> assigned) {
        try {
            assignNew(consumer, assigned);
        } catch (KafkaException e) {
            if (!following) {
                throw e;
            }
            LOG.warn("cannot see whether the event topics have more partitions, trying again: {}", e.toString());
        }
    }

    /** The first time, from the end of now; a partition that was added since then, from its beginning. */
    private void assignNew(Consumer<byte[], byte[]> consumer, Set<TopicPartition> assigned) {
        Set<TopicPartition> added = new HashSet<>();
        for (String topic : TOPICS) {
            List<PartitionInfo> partitions = consumer.partitionsFor(topic);
            if (partitions.isEmpty()) {
                throw new UnknownTopicOrPartitionException("topic " + topic + " does not exist yet");
            }
            partitions.forEach(partition -> added.add(new TopicPartition(topic, partition.partition())));
        }
        added.removeAll(assigned);
        if (added.isEmpty()) {
            return;
        }
        boolean first = assigned.isEmpty();
        assigned.addAll(added);
        consumer.assign(assigned);
        if (first) {
            consumer.seekToEnd(added);
        } else {
            consumer.seekToBeginning(added);
        }
        // Seeking is lazy; asking for the position is what fixes it.
        added.forEach(consumer::position);
        following = true;
    }

    private void take(ConsumerRecord<byte[], byte[]> event) {
        String cause = header(event, Envelope.HEADER_CAUSATION_ID);
        if (cause == null) {
            return;
        }
        Waits.Awaited awaited = new Waits.Awaited(event.topic(), cause);
        String type = header(event, Envelope.HEADER_TYPE);
        if (type != null && event.value() != null && outcomes.contains(type) && waits.isOpen(awaited)) {
            boolean replayed = "true".equals(header(event, Envelope.HEADER_REPLAYED));
            waits.arrived(awaited, new Outcome(type, event.value(), replayed));
        }
    }

    private static @Nullable String header(ConsumerRecord<?, ?> event, String name) {
        Header header = event.headers().lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
