package dev.paymaster.gateway.stripewebhook;

import dev.paymaster.events.Envelope;
import dev.paymaster.events.Topics;
import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.live.KafkaDoor;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Hands events to {@code stripe.events}, byte for byte, whether Stripe sent them or was asked for them. Thread-safe. */
@Component
public final class StripeEvents {
    private final KafkaDoor kafka;
    private final Clock clock;

    StripeEvents(@Qualifier("doorOfEvents") KafkaDoor kafka, Clock clock) {
        this.kafka = kafka;
        this.clock = clock;
    }

    /**
     * Publishes an event; completes when Kafka has it on all in-sync replicas.
     *
     * @throws Problem 400 {@code malformed_event} when the body is none
     */
    public Mono<Void> publish(byte[] body) {
        return publish(EventIdentity.read(body), body);
    }

    Mono<Void> publish(EventIdentity event, byte[] body) {
        Envelope envelope =
                Envelope.of(event.id(), "/stripe", "stripe." + event.type(), event.subject(), clock.instant());
        return kafka.publish(Topics.STRIPE_EVENTS, event.key(), envelope, body);
    }
}
