package dev.paymaster.gateway.deadletter;

import dev.paymaster.gateway.deadletter.DeadLetterStore.Waiting;
import dev.paymaster.gateway.http.Problem;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
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

    /**
     * Refuses a topic or a consumer that no letter has, whatever has become of it: "none left" would read as if all were well.
     *
     * @throws Problem 400 naming those that letters have
     */
    void requireKnown(List<Waiting> letters) {
        requireKnown("consumer", consumer, letters, Waiting::consumer);
        requireKnown(
                "topic",
                topic,
                letters.stream()
                        .filter(each -> consumer == null || consumer.equals(each.consumer()))
                        .toList(),
                Waiting::topic);
    }

    private static void requireKnown(
            String field, @Nullable String wanted, List<Waiting> letters, Function<Waiting, String> of) {
        Set<String> known = letters.stream().map(of).collect(Collectors.toCollection(TreeSet::new));
        if (wanted != null && !known.contains(wanted)) {
            throw Problem.invalidField(
                    field,
                    known.isEmpty()
                            ? "there are no dead letters"
                            : "no dead letter has this " + field + "; there are some of " + String.join(", ", known));
        }
    }
}
