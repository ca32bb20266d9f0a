package dev.paymaster.messaging.kafka;

import dev.paymaster.events.Topics;
import dev.paymaster.messaging.lifetime.StartWaits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.core.KafkaAdmin;

/**
 * Makes the topics that aren't there, before anything consumes or serves, and waits for a broker that is away. Every
 * service may start first, so each knows all topics; making one twice does nothing.
 */
final class TopicSetup implements SmartLifecycle {
    /** Facts that integrations may read again from the start are kept for ever. */
    private static final long FOR_EVER = -1;

    /** Also of topics that are there already. */
    private static final Set<String> NEEDED = Set.of(
            TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
            TopicConfig.COMPRESSION_TYPE_CONFIG,
            TopicConfig.MAX_MESSAGE_BYTES_CONFIG);

    /**
     * The broker's clock stamps records. By default the writer's does, and a broker takes nothing that is an hour ahead: a worker
     * on a node with such a clock would commit, and never publish.
     */
    private static final String STAMPED_BY_BROKER = "LogAppendTime";

    /**
     * Texts of people and commands of integrations are stored as large as they are. Compressed, a mebibyte may have four KiB, and what a
     * consumer fetches at once, and what a topic takes, is judged by that.
     */
    private static final String AS_LARGE_AS_IT_IS = "uncompressed";

    private static final Set<String> LARGE_TEXTS =
            Set.of(Topics.JOB_COMMANDS, Topics.JOB_EVENTS, Topics.CREDIT_COMMANDS, Topics.PAYOUT_COMMANDS);

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
    private final String brokers;
    private final StartWaits waits;
    private volatile boolean done;

    /** @param brokers where the admin looks for Kafka, for the log */
    TopicSetup(KafkaAdmin admin, MessagingSettings settings, String brokers, StartWaits waits) {
        this.admin = admin;
        this.settings = settings;
        this.brokers = brokers;
        this.waits = waits;
    }

    @Override
    public void start() {
        NewTopic[] topics = topics();
        done = waits.until("Kafka at " + brokers, () -> make(topics));
    }

    private void make(NewTopic[] topics) throws ExecutionException, InterruptedException {
        admin.createOrModifyTopics(topics);
        // Of topics that are there already, nothing else is touched: an operator may have changed it.
        Map<ConfigResource, Collection<AlterConfigOp>> settings = Arrays.stream(topics)
                .collect(Collectors.toMap(
                        topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic.name()), TopicSetup::needed));
        try (Admin client = Admin.create(admin.getConfigurationProperties())) {
            client.incrementalAlterConfigs(settings).all().get(); // ends by the client's own time-out
        }
    }

    private static Collection<AlterConfigOp> needed(NewTopic topic) {
        return topic.configs().entrySet().stream()
                .filter(config -> NEEDED.contains(config.getKey()))
                .map(config -> new ConfigEntry(config.getKey(), config.getValue()))
                .map(entry -> new AlterConfigOp(entry, AlterConfigOp.OpType.SET))
                .toList();
    }

    @Override
    public void stop() {
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
            Map<String, String> size = LARGE_TEXTS.contains(topic)
                    ? Map.of(TopicConfig.COMPRESSION_TYPE_CONFIG, AS_LARGE_AS_IT_IS)
                    : Map.of();
            topics.add(topic(topic, RETENTION_MILLIS.getOrDefault(topic, FOR_EVER), MAX_MESSAGE_BYTES, size));
            topics.add(topic(Topics.deadLetters(topic), 30 * DAY_MILLIS, MAX_DEAD_LETTER_BYTES, size));
        }
        return topics.toArray(NewTopic[]::new);
    }

    private NewTopic topic(String name, long retentionMillis, int maxBytes, Map<String, String> more) {
        Map<String, String> configs = new HashMap<>(Map.of(
                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                STAMPED_BY_BROKER,
                TopicConfig.RETENTION_MS_CONFIG,
                Long.toString(retentionMillis),
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                Integer.toString(maxBytes)));
        configs.putAll(more);
        if (settings.minInSync() > 0) {
            configs.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(settings.minInSync()));
        }
        return new NewTopic(name, settings.partitions(), settings.replication()).configs(configs);
    }
}
