package dev.paymaster.gateway.live;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Who waits for the outcome of which command. Bounded and thread-safe. */
final class Waits {
    private final Map<Awaited, List<Sinks.One<Outcome>>> open = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final int max;

    Waits(int max) {
        this.max = max;
    }

    /** A command, and the topic on which its outcome comes: what else it causes comes on other topics. */
    record Awaited(String topic, String commandId) {}

    /** Begins to wait, before the command is sent; null when too many wait already. The wait ends with {@link Wait#close()}. */
    @Nullable
    Wait open(Awaited awaited) {
        if (count.incrementAndGet() > max) {
            count.decrementAndGet();
            return null;
        }
        Sinks.One<Outcome> sink = Sinks.one();
        open.compute(awaited, (_, waiting) -> {
            List<Sinks.One<Outcome>> all = waiting == null ? new CopyOnWriteArrayList<>() : waiting;
            all.add(sink);
            return all;
        });
        return new Wait(awaited, sink);
    }

    boolean isOpen(Awaited awaited) {
        return open.containsKey(awaited);
    }

    /** Tells everybody who waits. */
    void arrived(Awaited awaited, Outcome outcome) {
        List<Sinks.One<Outcome>> waiting = open.get(awaited);
        if (waiting != null) {
            waiting.forEach(sink -> sink.tryEmitValue(outcome));
        }
    }

    int size() {
        return count.get();
    }

    /** One request's wait. */
    final class Wait {
        private final Awaited awaited;
        private final Sinks.One<Outcome> sink;

        private Wait(Awaited awaited, Sinks.One<Outcome> sink) {
            this.awaited = awaited;
            this.sink = sink;
        }

        Mono<Outcome> outcome() {
            return sink.asMono();
        }

        /** Ends the wait, however it went. */
        void close() {
            open.computeIfPresent(awaited, (_, waiting) -> {
                if (waiting.remove(sink)) {
                    count.decrementAndGet();
                }
                return waiting.isEmpty() ? null : waiting;
            });
        }
    }
}
