package dev.paymaster.gateway.deadletter;

import dev.paymaster.events.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.KafkaMessageListenerContainer;
import reactor.core.publisher.Flux;

/**
 * Keeps what comes to the topics of dead letters, in one group of all gateways. Offsets are stored in Kafka after the letters are
 * in the database: a crash in between has some letters read again, and they are known. While the database is away it waits.
 */
final class DeadLetterIntake implements SmartLifecycle {
    /** Never change it: the offsets are stored under this name. */
    private static final String GROUP = "gateway-dead-letters";

    /** A letter may have 17 MiB. */
    private static final int MAX_POLL_RECORDS = 20;

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final DeadLetterStore store;
    private final KafkaMessageListenerContainer<byte[], byte[]> container;

    DeadLetterIntake(ConsumerFactory<byte[], byte[]> consumers, DeadLetterStore store) {
        this.store = store;
        String[] topics = Topics.all().stream().map(Topics::deadLetters).toArray(String[]::new);
        ContainerProperties properties = new ContainerProperties(topics);
        properties.setGroupId(GROUP);
        properties.setClientId("gateway-dead-letters");
        properties.setMessageListener((BatchMessageListener<byte[], byte[]>) this::keep);
        // By default, a broker that refuses us once ends the consumer.
        properties.setAuthExceptionRetryInterval(RETRY);
        Properties more = new Properties();
        // The first time, whatever is there; letters that have expired unread can't be had by any setting.
        more.setProperty(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        more.setProperty(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Integer.toString(MAX_POLL_RECORDS));
        properties.setKafkaConsumerProperties(more);
        container = new KafkaMessageListenerContainer<>(consumers, properties);
        container.setCommonErrorHandler(new ComeAgain(RETRY));
    }

    private void keep(List<ConsumerRecord<byte[], byte[]>> letters) {
        Flux.fromIterable(letters)
                .map(DeadLetter::of)
                .concatMap(store::keep)
                .then()
                .toFuture()
                .orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS)
                .join(); // on the consumer's own thread: it asks for more when these are kept
    }

    @Override
    public void start() {
        container.start();
    }

    @Override
    public void stop() {
        container.stop();
    }

    @Override
    public boolean isRunning() {
        return container.isRunning();
    }
}
