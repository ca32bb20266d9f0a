package dev.paymaster.system.command;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what only shows itself when it is asked. */
public final class Waiting {
    private static final Duration SAID_EVERY = Duration.ofSeconds(5);

    private Waiting() {}

    /**
     * Lets time pass, where nothing could tell when it is over.
     *
     * @throws IllegalStateException when interrupted
     */
    public static void pause(Duration length) {
        try {
            Thread.sleep(length);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /**
     * Asks again and again, with a pause in between.
     *
     * @throws IllegalStateException saying what didn't happen in time
     */
    public static void until(String what, Duration limit, Duration pause, BooleanSupplier condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(what + " took longer than " + limit.toSeconds() + " s");
            }
            pause(pause);
        }
    }

    /**
     * Asks again and again what is still to come, and says so every now and then.
     *
     * @return what is still to come when the time is over; empty when nothing is
     */
    public static String untilDone(
            String what, Duration limit, Duration pause, Progress progress, Supplier<String> toCome) {
        long startNanos = System.nanoTime();
        long saidNanos = startNanos;
        String left = toCome.get();
        while (!left.isEmpty() && System.nanoTime() - startNanos < limit.toNanos()) {
            if (System.nanoTime() - saidNanos > SAID_EVERY.toNanos()) {
                progress.says(what + ": " + left);
                saidNanos = System.nanoTime();
            }
            pause(pause);
            left = toCome.get();
        }
        return left;
    }
}
