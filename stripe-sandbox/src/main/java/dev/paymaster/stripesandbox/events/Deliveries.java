package dev.paymaster.stripesandbox.events;

import dev.paymaster.stripesandbox.api.Lists;
import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.faults.Faults;
import dev.paymaster.stripesandbox.faults.WebhookFault;
import dev.paymaster.stripesandbox.state.Filter;
import dev.paymaster.stripesandbox.state.Ids;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.SandboxClock;
import dev.paymaster.stripesandbox.state.Store;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Brings events to webhook endpoints: at least once, in no order, until the endpoint answers 2xx. A delivery is a
 * document like any other, so what is on its way survives a restart. Thread-safe; calls are made outside the lock.
 */
public final class Deliveries implements AutoCloseable {
    /** Enough to keep a slow endpoint busy without flooding it. */
    private static final int MAX_CONCURRENT = 32;
    /** Stripe waits for minutes and hours; people and tests at a sandbox wait for seconds. */
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(250);

    private static final Duration MAX_BACKOFF = Duration.ofSeconds(30);
    /** Stripe gives up after three days, here of sandbox time; but never before this many attempts. */
    private static final Duration GIVE_UP_AFTER = Duration.ofDays(3);

    private static final int MIN_ATTEMPTS = 10;
    /** The latest attempts are kept for the log; the number of all of them is counted. */
    private static final int MAX_ATTEMPTS_KEPT = 20;

    /** Pending, failed and dropped ones: as many as there are events. */
    private static final int MAX_KEPT = 60_000;
    /** Successful ones are only a log, for more than a long test makes. An event without deliveries counts as delivered. */
    private static final int MAX_SUCCEEDED_KEPT = 30_000;
    /** Of a page of the log. */
    private static final int MAX_LISTED = 1_000;

    private final Store store;
    private final Ids ids;
    private final SandboxClock clock;
    private final Faults faults;
    private final WebhookPost post;
    private final Deque<String> succeeded = new ArrayDeque<>();
    private final Semaphore permits = new Semaphore(MAX_CONCURRENT);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("sandbox-webhook-timer").factory());

    public Deliveries(Store store, Ids ids, SandboxClock clock, Faults faults, WebhookPost post) {
        this.store = store;
        this.ids = ids;
        this.clock = clock;
        this.faults = faults;
        this.post = post;
    }

    /** Takes up what an earlier process left undelivered. */
    public void resume() {
        store.transact(() -> store.oldestFirst(Kind.DELIVERY).forEach(delivery -> {
            String id = Json.require(delivery, "id");
            String state = Json.require(delivery, "state");
            if (state.equals("pending")) {
                schedule(id, 0);
            } else if (state.equals("succeeded")) {
                succeeded.add(id);
            }
        }));
    }

    /** The ids of the enabled endpoints that listen to a type of event. Called inside the lock. */
    List<String> listeners(String type, boolean connect) {
        return store.oldestFirst(Kind.WEBHOOK_ENDPOINT)
                .filter(endpoint -> "enabled".equals(Json.text(endpoint, "status")))
                .filter(endpoint -> enabled(endpoint.required("enabled_events"), type))
                .map(endpoint -> Json.require(endpoint, "id"))
                .filter(id ->
                        store.get(Kind.WEBHOOK_SECRET, id).required("connect").booleanValue() == connect)
                .toList();
    }

    /** Sends an event to everyone who listens, apart from what the faults say. Called inside the lock. */
    void deliver(ObjectNode event, List<WebhookFault> struck) {
        boolean drop = Faults.first(struck, WebhookFault.Drop.class) != null;
        for (String endpoint : listeners(Json.require(event, "type"), event.has("account"))) {
            String id = record(event, endpoint, drop ? "dropped" : "pending");
            if (!drop) {
                schedule(id, delay(struck));
                if (Faults.first(struck, WebhookFault.Duplicate.class) != null) {
                    schedule(record(event, endpoint, "pending"), delay(struck));
                }
            }
        }
        store.trim(Kind.DELIVERY, MAX_KEPT);
    }

    /** Delivers an event once more to every endpoint that listens; returns the new deliveries. */
    public List<ObjectNode> resend(ObjectNode event) {
        return store.transact(() -> listeners(Json.require(event, "type"), event.has("account")).stream()
                .map(endpoint -> {
                    String id = record(event, endpoint, "pending");
                    schedule(id, 0);
                    return store.get(Kind.DELIVERY, id);
                })
                .toList());
    }

    /**
     * A page of the log, newest first: those after {@code starting_after}, only those in {@code state} if that is given.
     * {@code complete} says whether the log has all there ever were.
     */
    public ObjectNode log(ObjectNode query) {
        String after = Json.text(query, "starting_after");
        String state = Json.text(query, "state");
        return store.transact(() -> {
            Long before = after == null ? Long.valueOf(Long.MAX_VALUE) : store.position(Kind.DELIVERY, after);
            if (before == null) {
                throw StripeRefusal.missing(Kind.DELIVERY.object(), String.valueOf(after), "starting_after");
            }
            List<ObjectNode> found = store.newestBelow(Kind.DELIVERY, Filter.ALL, before)
                    .filter(delivery -> state == null || state.equals(Json.text(delivery, "state")))
                    .limit(MAX_LISTED + 1L)
                    .toList();
            boolean more = found.size() > MAX_LISTED;
            return Lists.of(more ? found.subList(0, MAX_LISTED) : found, more, "/_sandbox/deliveries")
                    .put("complete", succeeded.size() < MAX_SUCCEEDED_KEPT && store.size(Kind.DELIVERY) < MAX_KEPT);
        });
    }

    private String record(ObjectNode event, String endpoint, String state) {
        ObjectNode delivery = Json.object()
                .put("id", ids.next(Kind.DELIVERY))
                .put("event", Json.require(event, "id"))
                .put("type", Json.require(event, "type"))
                .put("endpoint", endpoint)
                .put("url", Json.require(store.get(Kind.WEBHOOK_ENDPOINT, endpoint), "url"))
                .put("state", state)
                .put("created", clock.now())
                .put("attempt_count", 0);
        delivery.putArray("attempts");
        store.put(Kind.DELIVERY, delivery);
        return Json.require(delivery, "id");
    }

    private long delay(List<WebhookFault> struck) {
        WebhookFault.Delay delay = Faults.first(struck, WebhookFault.Delay.class);
        WebhookFault.Reorder reorder = Faults.first(struck, WebhookFault.Reorder.class);
        return (delay == null ? 0 : delay.millis()) + (reorder == null ? 0 : faults.between(0, reorder.windowMillis()));
    }

    private void schedule(String delivery, long millis) {
        try {
            var _ = timer.schedule(
                    () -> Thread.ofVirtual().name("sandbox-webhook").start(() -> attempt(delivery)),
                    millis,
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // The sandbox is closing: the delivery stays pending and is resumed with the snapshot.
            assert timer.isShutdown();
        }
    }

    private void attempt(String id) {
        permits.acquireUninterruptibly();
        try {
            if (timer.isShutdown()) {
                return;
            }
            WebhookPost.Message message = store.transact(() -> message(id));
            if (message != null) {
                long start = System.nanoTime();
                WebhookPost.Outcome outcome = post.send(message);
                long millis = (System.nanoTime() - start) / 1_000_000;
                if (!timer.isShutdown() || outcome.delivered()) {
                    store.transact(() -> conclude(id, outcome, millis));
                }
            }
        } finally {
            permits.release();
        }
    }

    private WebhookPost.@Nullable Message message(String id) {
        ObjectNode delivery = store.find(Kind.DELIVERY, id);
        if (delivery == null || !"pending".equals(Json.text(delivery, "state"))) {
            return null;
        }
        ObjectNode event = store.find(Kind.EVENT, Json.require(delivery, "event"));
        ObjectNode endpoint = store.find(Kind.WEBHOOK_SECRET, Json.require(delivery, "endpoint"));
        if (event == null || endpoint == null) {
            settle(delivery.deepCopy(), "failed");
            return null;
        }
        return new WebhookPost.Message(
                Json.require(delivery, "url"),
                Json.bytes(event),
                WebhookEndpoints.secrets(endpoint, clock.now()),
                clock.machineTime().getEpochSecond());
    }

    private void conclude(String id, WebhookPost.Outcome outcome, long millis) {
        ObjectNode stored = store.find(Kind.DELIVERY, id);
        if (stored == null) {
            return;
        }
        ObjectNode delivery = stored.deepCopy();
        int count = delivery.required("attempt_count").intValue() + 1;
        delivery.put("attempt_count", count);
        ArrayNode attempts = (ArrayNode) delivery.required("attempts");
        if (attempts.size() == MAX_ATTEMPTS_KEPT) {
            attempts.remove(0);
        }
        attempts.addObject()
                .put("at", clock.machineTime().toString())
                .put("millis", millis)
                .put("status", outcome.status())
                .put("error", outcome.error());
        long age = clock.now() - delivery.required("created").longValue();
        if (outcome.delivered()) {
            settle(delivery, "succeeded");
            succeeded.add(id);
            if (succeeded.size() > MAX_SUCCEEDED_KEPT) {
                store.remove(Kind.DELIVERY, succeeded.remove());
            }
        } else if (count >= MIN_ATTEMPTS && age > GIVE_UP_AFTER.toSeconds()) {
            settle(delivery, "failed");
        } else {
            store.put(Kind.DELIVERY, delivery);
            schedule(id, backoff(count));
        }
    }

    private void settle(ObjectNode delivery, String state) {
        store.put(Kind.DELIVERY, delivery.put("state", state));
    }

    /** Doubles with each attempt. */
    private static long backoff(int attempts) {
        long doubled = FIRST_BACKOFF.toMillis() << Math.min(attempts - 1, 16);
        return Math.min(doubled, MAX_BACKOFF.toMillis());
    }

    private static boolean enabled(JsonNode patterns, String type) {
        for (JsonNode pattern : patterns) {
            if (pattern.stringValue().equals("*") || pattern.stringValue().equals(type)) {
                return true;
            }
        }
        return false;
    }

    /** Ends the attempts under way, whose deliveries stay pending, and returns when they have. */
    @Override
    public void close() {
        timer.shutdownNow();
        post.close();
        permits.acquireUninterruptibly(MAX_CONCURRENT);
        permits.release(MAX_CONCURRENT);
    }
}
