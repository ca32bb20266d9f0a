package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.SandboxClock;
import dev.paymaster.stripesandbox.state.Store;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What time does by itself: subscriptions renew or end, invoices are collected again, Checkout sessions expire. A
 * renewal's invoice is finalised and paid at once, where Stripe lets it lie as a draft for an hour. Thread-safe; takes the
 * lock for one step at a time, so that moving the clock by a year stops nobody for long.
 */
public final class Timeline {
    /** Time brings nothing that brings more sooner than this: a daily price renews after a day. */
    private static final long ROUND_SECONDS = 24 * 60 * 60 - 1;

    private final Store store;
    private final SandboxClock clock;
    private final List<Scheduled> scheduled;

    Timeline(Store store, SandboxClock clock, List<Scheduled> scheduled) {
        this.store = store;
        this.clock = clock;
        this.scheduled = List.copyOf(scheduled);
    }

    /** Documents of a kind to which time does something. Called inside {@link Store#transact}. */
    interface Scheduled {
        Kind kind();

        /** Those that may be due at some time. */
        Stream<ObjectNode> candidates();

        /** When something happens to the document; null if nothing will. */
        @Nullable
        Long dueAt(ObjectNode document);

        /** Makes it happen; the clock shows the time at which it was due. */
        void happen(ObjectNode document);
    }

    private record Due(long at, Scheduled schedule, String id) {}

    /** Moves the sandbox's time and returns when everything that it brings has happened and its events exist. */
    public synchronized void advance(long seconds) {
        runUntil(store.transact(clock::now) + seconds);
    }

    /** As {@link #advance}, to a time; does nothing if that has passed. */
    public synchronized void advanceTo(long epochSecond) {
        runUntil(epochSecond);
    }

    /** Does what has become due by the passing of time. */
    public synchronized void catchUp() {
        runUntil(store.transact(clock::now));
    }

    /** Each round may make new work due: a subscription renews many times within a year. */
    private void runUntil(long target) {
        for (List<Due> round = due(target); !round.isEmpty(); round = due(target)) {
            for (Due due : round) {
                store.transact(() -> happen(due));
            }
        }
        store.transact(() -> clock.moveTo(target));
    }

    /** What is due first, and what else is due within the day after. */
    private List<Due> due(long target) {
        return store.transact(() -> {
            List<Due> due = new ArrayList<>();
            for (Scheduled schedule : scheduled) {
                schedule.candidates().forEach(document -> {
                    Long at = schedule.dueAt(document);
                    if (at != null && at <= target) {
                        due.add(new Due(at, schedule, Json.require(document, "id")));
                    }
                });
            }
            due.sort(Comparator.comparingLong(Due::at));
            return due.stream()
                    .takeWhile(one -> one.at() <= due.getFirst().at() + ROUND_SECONDS)
                    .toList();
        });
    }

    /** Looks again, because a call may have come in between: what was due may have been cancelled. */
    private void happen(Due due) {
        ObjectNode document = store.find(due.schedule().kind(), due.id());
        Long at = document == null ? null : due.schedule().dueAt(document);
        if (document == null || at == null || at != due.at()) {
            return;
        }
        clock.moveTo(due.at());
        due.schedule().happen(document);
    }
}
