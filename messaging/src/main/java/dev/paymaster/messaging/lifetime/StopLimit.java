package dev.paymaster.messaging.lifetime;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a process whose stop hangs, because the database, Kafka or Stripe does. Nothing is lost by it: whatever isn't
 * committed is done by the next owner, as after a kill.
 */
public final class StopLimit {
    private static final Logger LOG = LoggerFactory.getLogger(StopLimit.class);

    /** Docker and Kubernetes kill after some time of their own; this is before 20 seconds. */
    private static final Duration LIMIT = Duration.ofSeconds(18);

    /** What a process ends with that SIGTERM has ended. */
    private static final int TERMINATED = 128 + 15;

    private StopLimit() {}

    /** From now on, SIGTERM and Ctrl-C end this process within the limit. For a service that is a process of its own. */
    public static void install() {
        install(LIMIT);
    }

    static void install(Duration limit) {
        // A daemon, started by the hook and not the hook itself: the JVM waits for hooks.
        Thread hook = new Thread(
                () -> Thread.ofPlatform().daemon().name("stop-limit").start(() -> endAfter(limit)), "stop-limit");
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process was told to stop before it came here, and is ending.
            LOG.debug("stopped before it was started", e);
        }
    }

    private static void endAfter(Duration limit) {
        try {
            if (!new CountDownLatch(1).await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.warn("not stopped within {}: what is still under way is left to the next owner", limit);
                Runtime.getRuntime().halt(TERMINATED);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
