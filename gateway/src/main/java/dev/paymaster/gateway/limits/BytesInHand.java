package dev.paymaster.gateway.limits;

import dev.paymaster.gateway.http.Problem;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of bodies are in hand at once, for one purpose: no more than an eighth of the heap, so that they fit into it
 * however small it is. Thread-safe.
 */
public final class BytesInHand {
    /** Some thousands of usual bodies. Whoever has more heap than that has it for other things. */
    private static final long MOST = 64L << 20;

    private static final int PART_OF_HEAP = 8;

    private final long max = Math.min(MOST, Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
    private final AtomicLong bytes = new AtomicLong();

    /**
     * Takes some more.
     *
     * @throws Problem 503 if there is no room for them
     */
    public void take(int more) {
        take(more, max);
    }

    /** The same, leaving half of the room to others. */
    public void takeOfHalf(int more) {
        take(more, max / 2);
    }

    private void take(int more, long room) {
        if (bytes.addAndGet(more) > room) {
            bytes.addAndGet(-more);
            throw Problem.unavailable("overloaded", "too much is being read; send it again");
        }
    }

    /** Gives back what was taken. */
    public void giveBack(long taken) {
        bytes.addAndGet(-taken);
    }
}
