package dev.paymaster.gateway.limits;

import dev.paymaster.gateway.http.Problem;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;

/**
 * A body as it comes, in one array that grows. Parts aren't kept: each would take a hundred bytes more than it has, and may have
 * one. What the array takes is taken from {@link BytesInHand} first. Thread-safe, as whoever sends it may go at any moment.
 */
public final class BodyInHand {
    private static final byte[] NONE = {};

    private final BytesInHand all;
    private final int most;
    private @Nullable ByteBuffer stranger;
    private byte[] bytes = NONE;
    private int size;
    private int taken;
    private boolean ended;

    BodyInHand(BytesInHand all, int most, @Nullable ByteBuffer stranger) {
        this.all = all;
        this.most = most;
        this.stranger = stranger;
    }

    /**
     * Copies a part, and releases it in any case.
     *
     * @throws Problem 413 when the body is too large, 503 when there is no room for it
     */
    public synchronized void append(DataBuffer part) {
        try {
            int length = part.readableByteCount();
            if (!ended) {
                makeRoomFor(size + length);
                part.read(bytes, size, length);
                size += length;
            }
        } finally {
            DataBufferUtils.release(part);
        }
    }

    /** Exactly as much for the first part, which mostly is the only one; then by halves, so that each byte is moved a few times. */
    private void makeRoomFor(int needed) {
        if (needed > most) {
            throw Problem.tooLarge();
        }
        if (needed > bytes.length) {
            int room = Math.min(most, Math.max(needed, bytes.length + bytes.length / 2));
            all.take(room - taken, most, needed > BytesInHand.LARGE, stranger);
            taken = room;
            bytes = Arrays.copyOf(bytes, room);
        }
    }

    /** Hands over the whole body, once. It counts as in hand until {@link #end}. */
    public synchronized byte[] bytes() {
        byte[] whole = size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
        bytes = NONE;
        size = 0;
        return whole;
    }

    /** It has turned out to be no stranger's. */
    public synchronized void known() {
        if (stranger != null) {
            all.known(taken, stranger);
            stranger = null;
        }
    }

    /** Gives back what was taken; what comes afterwards is let go. */
    public synchronized void end() {
        if (!ended) {
            ended = true;
            bytes = NONE;
            all.giveBack(taken, stranger);
        }
    }
}
