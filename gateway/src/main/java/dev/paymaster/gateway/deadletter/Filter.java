package dev.paymaster.gateway.deadletter;

import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which letters: those that have all of these; null: whatever it is. */
record Filter(
        @Nullable String topic,
        @Nullable String consumer,
        @Nullable String type,
        @Nullable String exception) {
    boolean isEmpty() {
        return Stream.of(topic, consumer, type, exception).allMatch(Objects::isNull);
    }
}
