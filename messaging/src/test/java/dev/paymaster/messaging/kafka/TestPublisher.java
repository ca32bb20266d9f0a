package dev.paymaster.messaging.kafka;

import dev.paymaster.messaging.outbox.Outgoing;
import dev.paymaster.messaging.outbox.Publisher;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;

/** The real publisher with a producer of its own, so that instances don't share one. */
public final class TestPublisher implements Publisher, AutoCloseable {
    private final DefaultKafkaProducerFactory<byte[], byte[]> producers;
    private final Publisher publisher;

    public TestPublisher(String bootstrapServers) {
        producers = new DefaultKafkaProducerFactory<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "acks",
                        "all",
                        "max.in.flight.requests.per.connection",
                        1),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        publisher = new KafkaPublisher(new KafkaTemplate<>(producers), Duration.ofSeconds(10));
    }

    /** The real publisher with somebody else's producer. */
    public static Publisher of(Producer<byte[], byte[]> producer, Duration timeout) {
        return new KafkaPublisher(new KafkaTemplate<>(() -> producer), timeout);
    }

    @Override
    public void publish(List<Outgoing> records) {
        publisher.publish(records);
    }

    @Override
    public void close() {
        producers.destroy();
    }
}
