package dev.paymaster.messaging.outbox;

import dev.paymaster.events.Envelope;
import dev.paymaster.events.MessageTypes;
import dev.paymaster.messaging.Codec;
import dev.paymaster.messaging.Ids;
import dev.paymaster.messaging.Message;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** Puts messages into envelopes. Thread-safe. */
public final class EventWriter {
    private final String source;
    private final Ids ids;
    private final Clock clock;

    /**
     * @param source the writing service, as it stands in {@code ce_source}, for example {@code /job-service}
     */
    public EventWriter(String source, Ids ids, Clock clock) {
        this.source = source;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * An event that a message brought about.
     *
     * @param sequence the number of this change in the life of its aggregate; null when nothing has changed
     */
    public Outgoing event(
            String topic, String key, String subject, Object body, Message<?> cause, @Nullable Long sequence) {
        Envelope envelope = new Envelope(
                ids.next().toString(),
                source,
                MessageTypes.nameOf(body.getClass()),
                subject,
                clock.instant(),
                cause.envelope().id(),
                sequence,
                false);
        return Outgoing.of(topic, key, envelope, Codec.write(body));
    }

    /** A command with a given id: the id makes it idempotent. */
    public Outgoing command(String topic, String key, String commandId, String subject, Object body) {
        Envelope envelope =
                Envelope.of(commandId, source, MessageTypes.nameOf(body.getClass()), subject, clock.instant());
        return Outgoing.of(topic, key, envelope, Codec.write(body));
    }
}
