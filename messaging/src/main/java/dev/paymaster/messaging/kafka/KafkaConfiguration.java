package dev.paymaster.messaging.kafka;

import dev.paymaster.messaging.Ids;
import dev.paymaster.messaging.lifetime.LifetimeConfiguration;
import dev.paymaster.messaging.lifetime.StartWaits;
import dev.paymaster.messaging.outbox.EventWriter;
import dev.paymaster.messaging.outbox.Publisher;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.MicrometerConsumerListener;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.support.ProducerListener;

/** Producers and consumers whose settings lose nothing, whatever the service's own settings add. */
@Configuration(proxyBeanMethods = false)
@Import(LifetimeConfiguration.class)
@EnableConfigurationProperties({KafkaProperties.class, MessagingSettings.class})
public class KafkaConfiguration {
    /** Long enough to gather a burst into one request, short enough not to be felt. */
    private static final int LINGER_MILLIS = 1;

    private static final int METADATA_MAX_AGE_MILLIS = 30_000;

    /** As there is one request at a time, it had better carry much. */
    private static final int BATCH_BYTES = 512 << 10;

    /** One try to make the topics; a broker that is there has long answered. */
    private static final int ADMIN_TIMEOUT_MILLIS = 10_000;

    @Bean
    @ConditionalOnMissingBean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    @ConditionalOnMissingBean
    Ids ids() {
        return Ids.timeOrdered();
    }

    @Bean
    EventWriter eventWriter(MessagingSettings settings, Ids ids, Clock clock) {
        return new EventWriter(settings.source(), ids, clock);
    }

    @Bean
    ProducerFactory<byte[], byte[]> producerFactory(KafkaProperties kafka) {
        Map<String, Object> properties = new HashMap<>(Map.of(
                ProducerConfig.LINGER_MS_CONFIG,
                LINGER_MILLIS,
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                "lz4",
                // While a partition's leader changes, a second request could overtake the first; with a producer that
                // the
                // new leader doesn't know yet, Kafka takes it, and then never the first.
                ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                1,
                ProducerConfig.BATCH_SIZE_CONFIG,
                BATCH_BYTES,
                // A batch waits in the producer for as long as the broker is away: giving up early could change the
                // order.
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                Integer.MAX_VALUE));
        properties.putAll(kafka.buildProducerProperties());
        properties.putAll(Map.of(
                ProducerConfig.ACKS_CONFIG, "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true,
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG, TopicSetup.MAX_DEAD_LETTER_BYTES,
                ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class,
                ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class));
        return new DefaultKafkaProducerFactory<>(properties);
    }

    @Bean
    KafkaTemplate<byte[], byte[]> kafkaTemplate(ProducerFactory<byte[], byte[]> producers) {
        return quiet(new KafkaTemplate<>(producers));
    }

    /**
     * By default, a template logs each record that Kafka hasn't taken, with what it says and a stack trace. Whoever sends one is told,
     * and says so in one line.
     */
    public static KafkaTemplate<byte[], byte[]> quiet(KafkaTemplate<byte[], byte[]> template) {
        template.setProducerListener(new ProducerListener<>() {});
        return template;
    }

    @Bean
    Publisher publisher(KafkaTemplate<byte[], byte[]> kafka, MessagingSettings settings) {
        return new KafkaPublisher(kafka, settings.publishTimeout());
    }

    @Bean
    ConsumerFactory<byte[], byte[]> consumerFactory(
            KafkaProperties kafka, MessagingSettings settings, ObjectProvider<MeterRegistry> meters) {
        Map<String, Object> properties = new HashMap<>(kafka.buildConsumerProperties());
        // How soon partitions that are added later are read.
        properties.putIfAbsent(ConsumerConfig.METADATA_MAX_AGE_CONFIG, METADATA_MAX_AGE_MILLIS);
        properties.putAll(Map.of(
                // Not "consumer": in Kafka 4.2 that protocol looks for a committed offset while the new owner is still
                // being told where to begin, and a consumer that may not reset ends for good if there is none.
                ConsumerConfig.GROUP_PROTOCOL_CONFIG,
                "classic",
                // Only partitions that move are given up; the others go on.
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                CooperativeStickyAssignor.class.getName(),
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                // Topics are made by TopicSetup, with what they need.
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "none",
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                settings.maxPollRecords(),
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class));
        DefaultKafkaConsumerFactory<byte[], byte[]> consumers = new DefaultKafkaConsumerFactory<>(properties);
        // Lag and the like, for whoever watches and scales.
        meters.ifAvailable(registry -> consumers.addListener(new MicrometerConsumerListener<>(registry)));
        return consumers;
    }

    @Bean
    KafkaAdmin kafkaAdmin(KafkaProperties kafka) {
        Map<String, Object> properties = new HashMap<>(kafka.buildAdminProperties());
        // Each try is a client of its own, so there is nothing to recover. While no broker is there, the default
        // strategy does so without a pause, and logs thousands of lines a second.
        properties.putIfAbsent(AdminClientConfig.METADATA_RECOVERY_STRATEGY_CONFIG, "none");
        properties.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ADMIN_TIMEOUT_MILLIS);
        properties.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ADMIN_TIMEOUT_MILLIS);
        KafkaAdmin admin = new KafkaAdmin(properties);
        admin.setOperationTimeout(ADMIN_TIMEOUT_MILLIS / 1000);
        admin.setAutoCreate(false);
        return admin;
    }

    @Bean
    TopicSetup topicSetup(KafkaAdmin admin, MessagingSettings settings, KafkaProperties kafka, StartWaits waits) {
        return new TopicSetup(admin, settings, String.join(",", kafka.getBootstrapServers()), waits);
    }
}
