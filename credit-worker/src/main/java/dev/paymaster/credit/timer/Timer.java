package dev.paymaster.credit.timer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Does something again and again, on a thread of its own, from its start until it is stopped. A round that fails, because
 * the database or Kafka is away, is logged and made up for by the next. Every instance of the service has its timers, so
 * what they do must be harmless when it is done twice.
 */
public final class Timer implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Timer.class);

    /** A round under way is short; one that isn't is interrupted. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String name;
    private final Runnable round;
    private final Counter done;
    private final Duration interval;
    private @Nullable ScheduledExecutorService thread;

    /**
     * @param interval from the end of one round to the start of the next; the first comes after one
     * @param meters count the rounds that have succeeded, so that one sees that they go on
     */
    public Timer(String name, Duration interval, MeterRegistry meters, Runnable round) {
        this.name = name;
        this.done = meters.counter("paymaster.timer.rounds", "timer", name);
        this.round = round;
        this.interval = interval;
    }

    @Override
    public synchronized void start() {
        if (thread == null) {
            thread = Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name(name).daemon().factory());
            var _ = thread.scheduleWithFixedDelay(
                    this::tick, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void tick() {
        try {
            round.run();
            done.increment();
        } catch (RuntimeException e) {
            LOG.warn("{} will try again: {}", name, e.toString());
        } catch (Error e) {
            // Thrown on, it would end the rounds for good, and nobody would learn of it.
            LOG.error("{} failed, and will try again", name, e);
        }
    }

    /** Beside the others, so that their rounds end together. */
    @Override
    public void stop(Runnable callback) {
        Thread.ofVirtual().name(name + "-stop").start(() -> {
            stop();
            callback.run();
        });
    }

    @Override
    public synchronized void stop() {
        ScheduledExecutorService running = thread;
        if (running == null) {
            return;
        }
        thread = null;
        running.shutdown();
        try {
            if (!running.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                running.shutdownNow();
            }
        } catch (InterruptedException e) {
            running.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }

    /** Started after the consumers, which bring tables and topics, and stopped before them. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 50;
    }
}
