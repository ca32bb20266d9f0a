package dev.paymaster.messaging.kafka;

import dev.paymaster.events.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.core.KafkaAdmin;

/**
 * Makes the topics that aren't there, before anything consumes or serves, and waits for a broker that is away. Every
 * service may start first, so each knows all topics; making one twice does nothing.
 */
final class TopicSetup implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(TopicSetup.class);

    /** How often a broker that is away is asked again, and the wait is told of. */
    private static final Duration RETRY = Duration.ofSeconds(2);

    /** Facts that integrations may read again from the start are kept for ever. */
    private static final long FOR_EVER = -1;

    private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

    /** A job with prompt, criteria and output of the largest allowed size fits, with room for its headers. */
    private static final int MAX_MESSAGE_BYTES = 16 << 20;

    /** A dead letter is the record and what went wrong. Nothing that is sent is larger. */
    static final int MAX_DEAD_LETTER_BYTES = MAX_MESSAGE_BYTES + (1 << 20);

    private static final Map<String, Long> RETENTION_MILLIS = Map.of(
            Topics.STRIPE_EVENTS, 30 * DAY_MILLIS,
            Topics.JOB_COMMANDS, 7 * DAY_MILLIS,
            Topics.CREDIT_COMMANDS, 7 * DAY_MILLIS,
            Topics.PAYOUT_COMMANDS, 7 * DAY_MILLIS);

    private final KafkaAdmin admin;
    private final MessagingSettings settings;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile boolean done;

    TopicSetup(KafkaAdmin admin, MessagingSettings settings) {
        this.admin = admin;
        this.settings = settings;
    }

    @Override
    public void start() {
        NewTopic[] topics = topics();
        while (!done && stopped.getCount() > 0) {
            try {
                admin.createOrModifyTopics(topics);
                done = true;
            } catch (RuntimeException e) {
                LOG.warn(
                        "waiting for Kafka, to make sure of the topics: {}",
                        rootOf(e).toString());
                pause();
            }
        }
    }

    @Override
    public void stop() {
        stopped.countDown();
        done = false;
    }

    @Override
    public boolean isRunning() {
        return done;
    }

    /** Before every consumer. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 1000;
    }

    private NewTopic[] topics() {
        List<NewTopic> topics = new ArrayList<>();
        for (String topic : Topics.all()) {
            topics.add(topic(topic, RETENTION_MILLIS.getOrDefault(topic, FOR_EVER), MAX_MESSAGE_BYTES));
            topics.add(topic(Topics.deadLetters(topic), 30 * DAY_MILLIS, MAX_DEAD_LETTER_BYTES));
        }
        return topics.toArray(NewTopic[]::new);
    }

    private NewTopic topic(String name, long retentionMillis, int maxBytes) {
        Map<String, String> configs = new HashMap<>(Map.of(
                TopicConfig.RETENTION_MS_CONFIG, Long.toString(retentionMillis),
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(maxBytes)));
        if (settings.minInSync() > 0) {
            configs.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(settings.minInSync()));
        }
        return new NewTopic(name, settings.partitions(), settings.replication()).configs(configs);
    }

    private void pause() {
        try {
            if (stopped.await(RETRY.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.info("stopped while waiting for Kafka");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopped.countDown();
        }
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
