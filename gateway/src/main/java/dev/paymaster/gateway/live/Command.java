package dev.paymaster.gateway.live;

import dev.paymaster.events.MessageTypes;
import dev.paymaster.events.Topics;
import dev.paymaster.messaging.Codec;
import dev.paymaster.messaging.CommandLog;
import java.util.Map;
import java.util.Objects;

/**
 * A command on its way to Kafka.
 *
 * @param id idempotent: the same id and the same content take effect once
 * @param key decides the partition
 * @param repeatable whether a client chose the id by an Idempotency-Key, so that others may carry it too
 */
record Command(String id, String topic, String key, String type, byte[] payload, boolean repeatable) {
    private static final Map<String, String> OUTCOMES = Map.of(
            Topics.JOB_COMMANDS, Topics.JOB_EVENTS,
            Topics.CREDIT_COMMANDS, Topics.CREDIT_EVENTS,
            Topics.PAYOUT_COMMANDS, Topics.PAYOUT_EVENTS);

    static Command of(String id, String topic, String key, Object body, boolean repeatable) {
        return new Command(id, topic, key, MessageTypes.nameOf(body.getClass()), Codec.write(body), repeatable);
    }

    Waits.Awaited awaited() {
        return new Waits.Awaited(Objects.requireNonNull(OUTCOMES.get(topic), topic), id);
    }

    byte[] requestHash() {
        return CommandLog.requestHash(type, payload);
    }
}
