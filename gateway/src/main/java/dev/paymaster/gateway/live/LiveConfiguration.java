package dev.paymaster.gateway.live;

import dev.paymaster.events.Topics;
import dev.paymaster.gateway.limits.LimitSettings;
import dev.paymaster.messaging.Ids;
import dev.paymaster.messaging.kafka.KafkaConfiguration;
import dev.paymaster.messaging.kafka.MessagingSettings;
import dev.paymaster.messaging.lifetime.StartWaits;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.r2dbc.core.DatabaseClient;

/** How commands go out and outcomes come in. */
@Configuration(proxyBeanMethods = false)
@Import(KafkaConfiguration.class)
class LiveConfiguration {
    /** Some thousands of usual events, or eight of the largest. Kafka's own default is as much. */
    private static final long EVENT_BUFFER_BYTES = 32L << 20;

    /** How soon partitions that are added are followed; until then, whoever waits for an event there looks into the log. */
    private static final Duration NEW_PARTITIONS = Duration.ofSeconds(30);

    /** Workers that are slow or away leave the other half to requests that need none. */
    @Bean
    Waits waits(LimitSettings limits, MeterRegistry meters) {
        Waits waits = new Waits(limits.half());
        Gauge.builder("paymaster.gateway.waits", waits, Waits::size)
                .description("Requests that wait for the outcome of their command")
                .register(meters);
        return waits;
    }

    /**
     * A producer for Stripe's events alone: whatever the API has in hand while Kafka is slow takes no room away from them. Each of
     * the two has its own buffer, the other one {@code spring.kafka.producer.buffer-memory}.
     */
    @Bean(defaultCandidate = false)
    KafkaTemplate<byte[], byte[]> kafkaOfEvents(ProducerFactory<byte[], byte[]> producers) {
        return KafkaConfiguration.quiet(
                new KafkaTemplate<>(producers, Map.of(ProducerConfig.BUFFER_MEMORY_CONFIG, EVENT_BUFFER_BYTES)));
    }

    @Bean(defaultCandidate = false)
    KafkaDoor doorOfEvents(@Qualifier("kafkaOfEvents") KafkaTemplate<byte[], byte[]> kafka) {
        return new KafkaDoor(kafka);
    }

    @Bean
    MetadataWarmUp metadataWarmUpOfEvents(
            @Qualifier("kafkaOfEvents") KafkaTemplate<byte[], byte[]> kafka, StartWaits waits) {
        return new MetadataWarmUp(kafka, List.of(Topics.STRIPE_EVENTS), waits);
    }

    @Bean
    KafkaDoor kafkaDoor(KafkaTemplate<byte[], byte[]> kafka) {
        return new KafkaDoor(kafka);
    }

    @Bean
    MetadataWarmUp metadataWarmUp(KafkaTemplate<byte[], byte[]> kafka, StartWaits waits) {
        return new MetadataWarmUp(kafka, Topics.all(), waits);
    }

    @Bean
    EventTail eventTail(ConsumerFactory<byte[], byte[]> consumers, Waits waits, List<OutcomeAnswers> subjects) {
        Set<String> outcomes =
                subjects.stream().flatMap(subject -> subject.types().stream()).collect(Collectors.toSet());
        return new EventTail(consumers, waits, outcomes, NEW_PARTITIONS);
    }

    @Bean
    HealthIndicator eventTailHealthIndicator(EventTail tail) {
        return () -> tail.isFollowing()
                ? Health.up().build()
                : Health.down()
                        .withDetail("reason", "the event topics are not followed yet")
                        .build();
    }

    @Bean
    Commands commands(
            KafkaDoor kafka,
            Waits waits,
            DatabaseClient database,
            Ids ids,
            Clock clock,
            MessagingSettings settings,
            List<OutcomeAnswers> subjects) {
        return new Commands(kafka, waits, new Outcomes(database), ids, clock, settings.source(), subjects);
    }
}
