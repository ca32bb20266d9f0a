package dev.paymaster.system.world;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** Many people who act at the same time, each on their own. */
public final class Crowd {
    /** Enough to keep everything busy; more would only wait in queues. */
    private static final int AT_ONCE = 48;

    private Crowd() {}

    /** Does the same for each, and returns when all of it is done. */
    public static <T> void each(Collection<T> all, Consumer<T> action) {
        Semaphore places = new Semaphore(AT_ONCE);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Object>> running = new ArrayList<>();
            for (T one : all) {
                Callable<Object> task = () -> {
                    places.acquire();
                    try {
                        action.accept(one);
                        return one;
                    } finally {
                        places.release();
                    }
                };
                running.add(threads.submit(task));
            }
            for (Future<Object> each : running) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError("one of the crowd failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in a crowd", e);
        }
    }
}
