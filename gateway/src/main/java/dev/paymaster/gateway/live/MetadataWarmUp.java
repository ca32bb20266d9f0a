package dev.paymaster.gateway.live;

import dev.paymaster.messaging.lifetime.StartWaits;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.core.KafkaTemplate;

/**
 * Lets the producer learn where the topics are before there is anything to send: when a request comes, sending never
 * waits for that.
 */
final class MetadataWarmUp implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(MetadataWarmUp.class);

    /** The producer asks in the background; this is how often its answer is looked for. */
    private static final Duration POLL = Duration.ofMillis(20);

    private final KafkaTemplate<byte[], byte[]> kafka;
    private final List<String> topics;
    private final StartWaits waits;
    private final StopSignal stopping = new StopSignal();
    private volatile boolean done;

    MetadataWarmUp(KafkaTemplate<byte[], byte[]> kafka, List<String> topics, StartWaits waits) {
        this.kafka = kafka;
        this.topics = List.copyOf(topics);
        this.waits = waits;
    }

    @Override
    public void start() {
        for (String topic : topics) {
            while (!knows(topic)) {
                if (waits.hasEnded() || stopping.isGivenWithin(POLL)) {
                    return;
                }
            }
        }
        done = true;
    }

    private boolean knows(String topic) {
        try {
            return !kafka.partitionsFor(topic).isEmpty();
        } catch (RuntimeException e) {
            if (!(e.getCause() instanceof TimeoutException) && !(e instanceof TimeoutException)) {
                LOG.warn("waiting for Kafka to tell where {} is: {}", topic, e.toString());
            }
            return false;
        }
    }

    @Override
    public void stop() {
        stopping.give();
        done = false;
    }

    @Override
    public boolean isRunning() {
        return done;
    }

    /** After the topics are made. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 500;
    }
}
