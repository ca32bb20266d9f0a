package dev.paymaster.standalone;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Runs a few things at once and waits for all of them. */
final class Parallel {
    private Parallel() {}

    /** @throws RuntimeException the first failure, after everything has ended; the others are attached to it */
    static void run(List<Runnable> tasks) {
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().name("start-", 1).factory())) {
            List<? extends Future<?>> futures =
                    tasks.stream().map(threads::submit).toList();
            @Nullable RuntimeException failure = null;
            for (Future<?> future : futures) {
                RuntimeException next = failureOf(future);
                if (failure == null) {
                    failure = next;
                } else if (next != null) {
                    failure.addSuppressed(next);
                }
            }
            if (failure != null) {
                throw failure;
            }
        }
    }

    private static @Nullable RuntimeException failureOf(Future<?> future) {
        try {
            future.get();
            return null;
        } catch (ExecutionException e) {
            return e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new IllegalStateException("interrupted while starting", e);
        }
    }
}
