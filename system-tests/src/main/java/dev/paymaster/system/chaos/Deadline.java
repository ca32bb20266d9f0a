package dev.paymaster.system.chaos;

import java.time.Duration;

/** When something must be over; it can be set once more. Thread-safe. */
final class Deadline {
    private final String what;
    private volatile long atNanos;

    Deadline(String what, Duration left) {
        this.what = what;
        atNanos = System.nanoTime() + left.toNanos();
    }

    /** It must be over in so much time from now. */
    void in(Duration left) {
        atNanos = System.nanoTime() + left.toNanos();
    }

    boolean isOver() {
        return System.nanoTime() - atNanos > 0;
    }

    /**
     * Goes on unless it is over.
     *
     * @throws GaveUp when it is
     */
    void check() {
        if (isOver()) {
            throw new GaveUp(what);
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new IllegalStateException("interrupted: " + what);
        }
    }
}
