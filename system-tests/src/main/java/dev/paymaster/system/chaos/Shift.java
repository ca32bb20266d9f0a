package dev.paymaster.system.chaos;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** For how long people go on; whoever pauses is woken at its end. Thread-safe. */
final class Shift {
    private final CountDownLatch over = new CountDownLatch(1);

    boolean goesOn() {
        return over.getCount() > 0;
    }

    void end() {
        over.countDown();
    }

    /**
     * Lets time pass, until the end at the latest.
     *
     * @return whether it goes on
     */
    boolean pause(Duration length) {
        try {
            return !over.await(length.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
