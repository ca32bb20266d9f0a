package dev.paymaster.gateway.live;

import dev.paymaster.events.MessageTypes;
import dev.paymaster.messaging.Codec;
import dev.paymaster.messaging.CommandLog;

/**
 * A command on its way to Kafka.
 *
 * @param id idempotent: the same id and the same content take effect once
 * @param key decides the partition
 * @param repeatable whether a client chose the id by an Idempotency-Key, so that others may carry it too
 */
record Command(String id, Channel channel, String key, String type, byte[] payload, boolean repeatable) {
    static Command of(String id, Channel channel, String key, Object body, boolean repeatable) {
        return new Command(id, channel, key, MessageTypes.nameOf(body.getClass()), Codec.write(body), repeatable);
    }

    Waits.Awaited awaited() {
        return new Waits.Awaited(channel.events(), id);
    }

    byte[] requestHash() {
        return CommandLog.requestHash(type, payload);
    }
}
