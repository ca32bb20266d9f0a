package dev.paymaster.gateway.live;

import dev.paymaster.events.Envelope;
import dev.paymaster.gateway.http.Problem;
import dev.paymaster.messaging.outbox.Outgoing;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import reactor.core.publisher.Mono;

/** Publishes without ever blocking: see {@code max.block.ms} in this service's settings. Thread-safe. */
public final class KafkaDoor {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaDoor.class);

    private final KafkaTemplate<byte[], byte[]> kafka;

    public KafkaDoor(KafkaTemplate<byte[], byte[]> kafka) {
        this.kafka = kafka;
    }

    /**
     * Publishes a message; completes when Kafka has it on all in-sync replicas.
     *
     * <p>Ends with a {@link Problem} 503 when Kafka has not confirmed it. It may have taken it all the same, so whoever
     * asked must be able to ask again.
     */
    public Mono<Void> publish(String topic, String key, Envelope envelope, byte[] value) {
        return publish(Outgoing.of(topic, key, envelope, value));
    }

    /** The same for a record that is ready. */
    public Mono<Void> publish(Outgoing record) {
        return publish(record, KafkaDoor::unavailable);
    }

    /**
     * The same for a record that may be larger than Kafka takes.
     *
     * @param tooLarge what it ends with then: it would be refused for ever
     */
    public Mono<Void> publish(Outgoing record, Supplier<Problem> tooLarge) {
        return Mono.defer(() -> Mono.fromFuture(
                        kafka.send(record.toProducerRecord()), true /* a client that goes changes nothing */))
                .then()
                .onErrorMap(failure -> meaning(record.topic(), failure, tooLarge));
    }

    private static Problem meaning(String topic, Throwable failure, Supplier<Problem> tooLarge) {
        Throwable cause =
                failure instanceof KafkaException || failure.getCause() == null ? failure : failure.getCause();
        LOG.warn("Kafka has not taken a record for {}: {}", topic, cause.toString());
        return cause instanceof RecordTooLargeException ? tooLarge.get() : unavailable();
    }

    private static Problem unavailable() {
        return Problem.unavailable(
                "kafka_unavailable", "the request could not be handed on; send it again with the same Idempotency-Key");
    }
}
