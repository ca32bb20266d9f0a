package dev.paymaster.system.chaos;

import dev.paymaster.system.command.Waiting;
import dev.paymaster.system.world.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** Somebody who creates a job every now and then, to see how long that can't be done. One thread runs it, any asks. */
final class Probe {
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final int CREATED = 201;

    private final String user;
    private final Caller caller;
    private final Journal journal;
    private final List<Success> successes = new ArrayList<>();

    /** A call that came to something, by {@link System#nanoTime()}. */
    private record Success(long beganNanos, long endedNanos) {}

    Probe(String user, Caller caller, Journal journal) {
        this.user = user;
        this.caller = caller;
        this.journal = journal;
    }

    /** Probes as long as it is wanted, and once more when everything should work. */
    void run(BooleanSupplier wanted) {
        try {
            while (wanted.getAsBoolean()) {
                once();
                Waiting.pause(PAUSE);
            }
            once();
        } catch (GaveUp e) {
            journal.unanswered(String.valueOf(e.getMessage()));
        }
    }

    private void once() {
        long began = System.nanoTime();
        String mark = UUID.randomUUID().toString();
        journal.asks(mark, user);
        Answer answer = caller.post("/api/jobs", "{\"prompt\": \"" + mark + "\"}");
        if (answer.status() != CREATED) {
            journal.contradiction("who has plenty of credits was answered " + answer);
            return;
        }
        journal.created(mark, user, answer.text("/id"));
        synchronized (this) {
            successes.add(new Success(began, System.nanoTime()));
        }
    }

    /** From a moment until a call that began after it had succeeded; empty if none has. */
    synchronized OptionalLong nanosUntilSuccess(long fromNanos) {
        return successes.stream()
                .filter(success -> success.beganNanos() - fromNanos >= 0)
                .mapToLong(success -> success.endedNanos() - fromNanos)
                .min();
    }
}
