package dev.paymaster.credit.timer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does something again and again, on a thread of its own, from its creation until it is closed. A round that fails, because
 * the database or Kafka is away, is logged and made up for by the next. Every instance of the service has its timers, so
 * what they do must be harmless when it is done twice.
 */
public final class Timer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Timer.class);

    /** A round under way is short; one that isn't is interrupted. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String name;
    private final Runnable round;
    private final Counter done;
    private final ScheduledExecutorService thread;
    private final ScheduledFuture<?> rounds;

    /**
     * @param interval from the end of one round to the start of the next; the first comes after one
     * @param meters count the rounds that have succeeded, so that one sees that they go on
     */
    public Timer(String name, Duration interval, MeterRegistry meters, Runnable round) {
        this.name = name;
        this.done = meters.counter("paymaster.timer.rounds", "timer", name);
        this.round = round;
        this.thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name(name).daemon().factory());
        this.rounds = thread.scheduleWithFixedDelay(
                this::tick, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void tick() {
        try {
            round.run();
            done.increment();
        } catch (RuntimeException e) {
            if (!thread.isShutdown()) {
                LOG.warn("{} will try again: {}", name, e.toString());
            }
        } catch (Error e) {
            // Thrown on, it would end the rounds for good, and nobody would learn of it.
            LOG.error("{} failed, and will try again", name, e);
        }
    }

    @Override
    public void close() {
        rounds.cancel(false);
        thread.shutdown();
        try {
            if (!thread.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
