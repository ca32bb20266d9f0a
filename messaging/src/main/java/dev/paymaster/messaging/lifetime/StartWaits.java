package dev.paymaster.messaging.lifetime;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.context.ApplicationContext;

/**
 * Lets the start of an application wait for what it can't do without, for as long as that takes. Meanwhile the log says what
 * is missing, liveness is up, and readiness isn't.
 *
 * <p>An application that is still starting can't be closed. So SIGTERM comes here too, and ends the wait; what is started
 * after that is stopped at once.
 */
public final class StartWaits implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StartWaits.class);

    /** How often what is missing is asked for again. */
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** How often the log says that it is still missing. */
    private static final Duration TELL = Duration.ofSeconds(30);

    private final ApplicationContext application;
    private final Duration tell;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::end, "start-waits-end");
    private volatile @Nullable Thread waiting;

    public StartWaits(ApplicationContext application) {
        this(application, TELL);
    }

    StartWaits(ApplicationContext application, Duration tell) {
        this.application = application;
        this.tell = tell;
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.debug("stopped before it began", e);
            ended.countDown();
        }
    }

    /** What fails for as long as something is missing. */
    @FunctionalInterface
    public interface Attempt {
        void run() throws Exception;
    }

    /**
     * Tries until it succeeds.
     *
     * @param what is asked for and where, without a secret, for the log
     * @return false when the process ends before that
     */
    public boolean until(String what, Attempt attempt) {
        if (hasEnded()) {
            return false;
        }
        AvailabilityChangeEvent.publish(application, LivenessState.CORRECT);
        waiting = Thread.currentThread();
        try {
            return wait(what, attempt);
        } finally {
            waiting = null;
            if (hasEnded()) {
                // Whatever starts now, to be stopped at once, had better not be interrupted.
                var _ = Thread.interrupted();
            }
        }
    }

    /**
     * Does what may take long, and lets the log say so now and then.
     *
     * @param what is done and where, without a secret, for the log
     */
    void during(String what, Runnable action) {
        CountDownLatch done = new CountDownLatch(1);
        Thread.startVirtualThread(() -> tellUntil(done, what));
        try {
            action.run();
        } finally {
            done.countDown();
        }
    }

    private void tellUntil(CountDownLatch done, String what) {
        try {
            while (!done.await(tell.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.warn("waiting for {}", what);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the process ends, so that waiting is in vain. */
    public boolean hasEnded() {
        return ended.getCount() == 0;
    }

    private boolean wait(String what, Attempt attempt) {
        long toldNanos = System.nanoTime() - tell.toNanos();
        boolean missed = false;
        while (!hasEnded()) {
            try {
                attempt.run();
                if (missed) {
                    LOG.info("{} is there", what);
                }
                return true;
            } catch (Exception e) {
                missed = true;
                if (!hasEnded() && System.nanoTime() - toldNanos >= tell.toNanos()) {
                    toldNanos = System.nanoTime();
                    LOG.warn("waiting for {}: {}", what, rootOf(e));
                }
            }
            pause();
        }
        LOG.info("stopped while waiting for {}", what);
        return false;
    }

    private void pause() {
        try {
            var _ = ended.await(RETRY.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            end();
        }
    }

    private void end() {
        ended.countDown();
        Thread thread = waiting;
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** For the log, in one line: frameworks wrap it in what they were doing. */
    static String rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.toString().lines().findFirst().orElse("");
    }

    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.debug("the process ends, and the hook with it", e);
        }
    }
}
