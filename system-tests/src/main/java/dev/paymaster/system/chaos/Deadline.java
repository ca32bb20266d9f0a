package dev.paymaster.system.chaos;

import java.time.Duration;

/** When something must be over; it can be set once more. Thread-safe. */
final class Deadline {
    private volatile long atNanos;

    Deadline(Duration left) {
        in(left);
    }

    /** It must be over in so much time from now. */
    void in(Duration left) {
        atNanos = System.nanoTime() + left.toNanos();
    }

    boolean isOver() {
        return System.nanoTime() - atNanos > 0;
    }
}
