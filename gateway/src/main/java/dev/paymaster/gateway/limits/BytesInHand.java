package dev.paymaster.gateway.limits;

import dev.paymaster.gateway.http.Problem;
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

    /** One address or one caller alone can't keep others away. */
    private static final int PART_OF_ROOM = 4;

    private final long max = Math.min(MOST, Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
    private final AtomicLong bytes = new AtomicLong();
    private final ConcurrentMap<Object, Long> ofEach = new ConcurrentHashMap<>();

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
        return new BodyInHand(this, most, AddressLimit.address(exchange));
    }

    /**
     * Takes some more for a body or an answer.
     *
     * @param most what one of them may have in any case
     * @param large whether it has come to more than nearly all of them
     * @param who has a quarter of the room; null: somebody without such a bound
     * @throws Problem 503 if there is no room for them
     */
    void take(int more, int most, boolean large, @Nullable Object who) {
        if (bytes.addAndGet(more) > (large ? max / 2 : max)) {
            bytes.addAndGet(-more);
            throw full();
        }
        if (who != null && ofEach.merge(who, (long) more, Long::sum) > Math.max(most, max / PART_OF_ROOM)) {
            giveBack(more, who);
            throw full();
        }
    }

    private static Problem full() {
        return Problem.unavailable("overloaded", "too much is being read or answered; try again");
    }

    void giveBack(int taken, @Nullable Object who) {
        bytes.addAndGet(-taken);
        if (who != null) {
            known(taken, who);
        }
    }

    /** What was somebody's is nobody's in particular any more, and still in hand. */
    void known(int taken, Object who) {
        ofEach.computeIfPresent(who, (_, held) -> held == taken ? null : held - taken);
    }
}
