package dev.paymaster.stripesandbox.billing;

import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.SandboxClock;
import dev.paymaster.stripesandbox.state.Store;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What time does by itself: subscriptions renew or end, Checkout sessions expire. A renewal's invoice is finalised and
 * paid at once, where Stripe lets it lie as a draft for an hour. Thread-safe; takes the lock for one step at a time, so
 * that moving the clock by a year stops nobody for long.
 */
public final class Timeline {
    private final Store store;
    private final SandboxClock clock;
    private final Subscriptions subscriptions;
    private final CheckoutSessions sessions;

    Timeline(Store store, SandboxClock clock, Subscriptions subscriptions, CheckoutSessions sessions) {
        this.store = store;
        this.clock = clock;
        this.subscriptions = subscriptions;
        this.sessions = sessions;
    }

    private record Due(long at, Kind kind, String id) {}

    /** Moves the sandbox's time and returns when everything that it brings has happened and its events exist. */
    public synchronized void advance(long seconds) {
        runUntil(store.transact(clock::now) + seconds);
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

    private List<Due> due(long target) {
        return store.transact(() -> {
            List<Due> due = new ArrayList<>();
            store.oldestFirst(Kind.SUBSCRIPTION).forEach(one -> add(due, subscriptions.dueAt(one), target, one));
            store.oldestFirst(Kind.CHECKOUT_SESSION).forEach(one -> add(due, sessions.dueAt(one), target, one));
            due.sort(Comparator.comparingLong(Due::at));
            return due;
        });
    }

    private static void add(List<Due> due, @Nullable Long at, long target, ObjectNode document) {
        if (at != null && at <= target) {
            Kind kind = document.has("items") ? Kind.SUBSCRIPTION : Kind.CHECKOUT_SESSION;
            due.add(new Due(at, kind, Json.require(document, "id")));
        }
    }

    /** Looks again, because a call may have come in between: what was due may have been cancelled. */
    private void happen(Due due) {
        ObjectNode document = store.get(due.kind(), due.id());
        Long at = due.kind() == Kind.SUBSCRIPTION ? subscriptions.dueAt(document) : sessions.dueAt(document);
        if (at == null || at != due.at()) {
            return;
        }
        clock.moveTo(due.at());
        if (due.kind() == Kind.SUBSCRIPTION) {
            subscriptions.endPeriod(document);
        } else {
            sessions.expire(document);
        }
    }
}
