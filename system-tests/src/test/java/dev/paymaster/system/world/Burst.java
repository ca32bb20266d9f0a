package dev.paymaster.system.world;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** Many calls at once. */
public final class Burst {
    private Burst() {}

    /** Makes {@code size} calls that start together, numbered from 0, and returns what they return, by number. */
    public static <T> List<T> of(int size, IntFunction<T> call) {
        CountDownLatch ready = new CountDownLatch(size);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> running = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                int number = i;
                running.add(threads.submit(() -> {
                    ready.countDown();
                    ready.await();
                    return call.apply(number);
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> each : running) {
                results.add(each.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw new AssertionError("a call of the burst failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in a burst", e);
        }
    }
}
