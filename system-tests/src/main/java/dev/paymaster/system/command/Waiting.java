package dev.paymaster.system.command;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what only shows itself when it is asked. */
public final class Waiting {
    private Waiting() {}

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
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("interrupted while waiting: " + what);
            }
            LockSupport.parkNanos(pause.toNanos());
        }
    }
}
