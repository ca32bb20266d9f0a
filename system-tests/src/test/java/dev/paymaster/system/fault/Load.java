package dev.paymaster.system.fault;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.world.Answer;
import dev.paymaster.system.world.Person;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients that create jobs, one after the other each, as clients should: every job has its Idempotency-Key, and what is
 * not answered 201 is asked for again until it is.
 */
final class Load implements AutoCloseable {
    /** Many enough that some call is always under way. */
    private static final int CLIENTS = 8;

    /** As long as an outage is bearable to a client. */
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(100);

    /** Created; not known yet; try again. Anything else is no answer to an outage. */
    private static final Set<Integer> FITTING = Set.of(201, 202, 503);

    private final Person sender;
    private final ConcurrentLinkedQueue<String> keys = new ConcurrentLinkedQueue<>();
    private final ConcurrentHashMap<String, String> jobs = new ConcurrentHashMap<>();
    private final Set<String> unfitting = ConcurrentHashMap.newKeySet();
    private final AtomicInteger repeated = new AtomicInteger();
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> running = new ArrayList<>();
    private final int size;

    private Load(Person sender, int size) {
        this.sender = sender;
        this.size = size;
        for (int i = 0; i < size; i++) {
            keys.add(UUID.randomUUID().toString());
        }
        for (int i = 0; i < CLIENTS; i++) {
            running.add(clients.submit(this::run));
        }
    }

    /** Starts to create so many jobs. */
    static Load of(Person sender, int size) {
        return new Load(sender, size);
    }

    /** Waits until so many jobs have been answered 201. */
    void awaitAnswered(int count) {
        eventually(count + " jobs").until(() -> jobs.size() >= count);
    }

    /** Waits until some call has come to nothing, so far. */
    void awaitRefusal() {
        int before = repeated.get();
        eventually("a call that must be repeated").until(() -> repeated.get() > before);
    }

    /** Waits for all jobs, makes sure that each key stands for one job, and returns their ids. */
    List<String> finish() {
        try {
            for (Future<?> client : running) {
                client.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError("a client gave up; answers were " + unfitting, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted under load", e);
        }
        assertThat(unfitting).as("answers that a client can't understand").isEmpty();
        assertThat(jobs.values()).hasSize(size).doesNotHaveDuplicates();
        return List.copyOf(jobs.values());
    }

    @Override
    public void close() {
        clients.shutdownNow();
    }

    private void run() {
        for (String key = keys.poll(); key != null; key = keys.poll()) {
            String mine = key;
            eventually("a job").pollInterval(BETWEEN_ATTEMPTS).until(() -> create(mine));
        }
    }

    private boolean create(String key) {
        Answer answer = sender.api().post("/api/jobs", Person.newJob("Under load"), key);
        if (!FITTING.contains(answer.status())) {
            unfitting.add(answer.toString());
        }
        if (answer.status() != 201) {
            repeated.incrementAndGet();
            return false;
        }
        jobs.put(key, answer.text("/id"));
        return true;
    }
}
