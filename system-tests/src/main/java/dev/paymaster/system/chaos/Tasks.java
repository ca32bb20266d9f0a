package dev.paymaster.system.chaos;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waiting for what others do. */
final class Tasks {
    /** Longer than anything here may take: two instances, one after the other, that each stop in a minute and then start. */
    private static final Duration LIMIT = Cluster.START_LIMIT.multipliedBy(2).plusMinutes(3);

    private Tasks() {}

    /**
     * Waits until it is done.
     *
     * @throws IllegalStateException when it failed, with what that means
     */
    static void await(Future<?> task, String failed) {
        try {
            task.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(failed + ": " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException(failed + ": it does not come to an end", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
