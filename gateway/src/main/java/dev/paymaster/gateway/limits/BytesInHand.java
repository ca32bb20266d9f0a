package dev.paymaster.gateway.limits;

import dev.paymaster.gateway.http.Problem;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;

/**
 * How many bytes of bodies or answers are in hand at once, for one purpose: no more than an eighth of the heap, so that they fit
 * into it however small it is. Thread-safe.
 */
public final class BytesInHand {
    /** Some thousands of usual bodies. Whoever has more heap than that has it for other things. */
    private static final long MOST = 64L << 20;

    private static final int PART_OF_HEAP = 8;

    /** Larger than nearly all bodies: when half of the room is taken, larger ones have to come again. */
    static final int LARGE = 256 << 10;

    /** One address alone can't keep others away. */
    private static final int PART_OF_ROOM = 4;

    private final long max = Math.min(MOST, Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
    private final AtomicLong bytes = new AtomicLong();
    private final ConcurrentMap<ByteBuffer, Long> ofStrangers = new ConcurrentHashMap<>();

    /**
     * A body of somebody who is known.
     *
     * @param most bytes that it may have
     */
    public BodyInHand body(int most) {
        return new BodyInHand(this, most, null);
    }

    /**
     * A body of whoever has shown nothing yet: all of one address together have a quarter of the room, and always as much as one
     * body may have, until each is {@linkplain BodyInHand#known known}.
     */
    public BodyInHand bodyOfStranger(int most, ServerWebExchange exchange) {
        return new BodyInHand(this, most, Strangers.address(exchange));
    }

    /**
     * Takes some more for a body.
     *
     * @param large whether it has come to more than nearly all bodies
     * @throws Problem 503 if there is no room for them
     */
    void take(int more, int most, boolean large, @Nullable ByteBuffer stranger) {
        if (bytes.addAndGet(more) > (large ? max / 2 : max)) {
            bytes.addAndGet(-more);
            throw full();
        }
        if (stranger != null
                && ofStrangers.merge(stranger, (long) more, Long::sum) > Math.max(most, max / PART_OF_ROOM)) {
            giveBack(more, stranger);
            throw full();
        }
    }

    private static Problem full() {
        return Problem.unavailable("overloaded", "too much is being read or answered; try again");
    }

    void giveBack(int taken, @Nullable ByteBuffer stranger) {
        bytes.addAndGet(-taken);
        if (stranger != null) {
            known(taken, stranger);
        }
    }

    /** What was a stranger's is nobody's in particular any more, and still in hand. */
    void known(int taken, ByteBuffer stranger) {
        ofStrangers.computeIfPresent(stranger, (_, held) -> held == taken ? null : held - taken);
    }
}
