package dev.paymaster.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paymaster.embedded.EmbeddedBroker;
import dev.paymaster.events.Envelope;
import dev.paymaster.messaging.outbox.Outgoing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;

/** Following the events of a broker that comes and goes. */
class EventTailTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String TYPE = "dev.paymaster.Test.v1";
    private static final Waits.Awaited COMMAND = new Waits.Awaited(Channel.JOB.events(), "command-1");

    /** Readiness goes by it: a gateway that had no more part in it could not even tell that Kafka is away. */
    @Test
    void goesOnFollowingWhileKafkaIsAwayAndTakesWhatComesAfterwards() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.startTemporary()) {
            makeTopics(broker);
            AtomicInteger failed = new AtomicInteger();
            Waits waits = new Waits(1);
            EventTail tail = new EventTail(consumers(broker, failed), waits, Set.of(TYPE), Duration.ofMillis(100));
            tail.start();
            try {
                await().atMost(LIMIT).until(tail::isFollowing);

                broker.stop();
                await().atMost(LIMIT).until(() -> failed.get() >= 2);
                assertThat(tail.isFollowing()).isTrue();

                broker.start();
                Waits.Wait wait = Objects.requireNonNull(waits.open(COMMAND));
                publish(broker);
                Outcome outcome = wait.outcome().toFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
                assertThat(outcome.type()).isEqualTo(TYPE);
                assertThat(tail.isFollowing()).isTrue();
            } finally {
                tail.stop();
            }
        }
    }

    /** Consumers that lose patience after half a second, and not after a minute. */
    private static DefaultKafkaConsumerFactory<byte[], byte[]> consumers(EmbeddedBroker broker, AtomicInteger failed) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "default.api.timeout.ms",
                500,
                "request.timeout.ms",
                400);
        return new DefaultKafkaConsumerFactory<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer()) {
            @Override
            protected Consumer<byte[], byte[]> createRawConsumer(Map<String, Object> given) {
                return new KafkaConsumer<>(given, new ByteArrayDeserializer(), new ByteArrayDeserializer()) {
                    @Override
                    public List<PartitionInfo> partitionsFor(String topic) {
                        try {
                            return super.partitionsFor(topic);
                        } catch (KafkaException e) {
                            failed.incrementAndGet();
                            throw e;
                        }
                    }
                };
            }
        };
    }

    private static void makeTopics(EmbeddedBroker broker) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(Stream.of(Channel.values())
                            .map(channel -> new NewTopic(channel.events(), 1, (short) 1))
                            .toList())
                    .all()
                    .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static void publish(EmbeddedBroker broker) throws Exception {
        Envelope envelope =
                new Envelope("event-1", "/test", TYPE, "test", Instant.now(), COMMAND.commandId(), 1L, false);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(Outgoing.of(COMMAND.topic(), "test", envelope, new byte[] {'1'})
                            .toProducerRecord())
                    .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }
}
