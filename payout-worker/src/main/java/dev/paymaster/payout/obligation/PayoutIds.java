package dev.paymaster.payout.obligation;

import dev.paymaster.messaging.Sha256;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A payout's id follows from its job's, and so do its idempotency keys at Stripe: should a database that was restored to
 * an earlier moment owe a job again, Stripe is asked for the same transfer again, and finds it made.
 */
public final class PayoutIds {
    /** The variant of RFC 9562 in the two highest bits. */
    private static final long VARIANT = 0x8000000000000000L;

    private static final long BELOW_VARIANT = 0x3fffffffffffffffL;

    private static final int TIME_ORDERED = 7;

    private PayoutIds() {}

    /** The id of a job's payout: with the job's time, so that payouts are listed in the order of their jobs. */
    public static UUID of(UUID jobId) {
        byte[] hash = Sha256.of("payout:" + jobId);
        long random = ByteBuffer.wrap(hash).getLong() & BELOW_VARIANT;
        return new UUID(jobId.getMostSignificantBits(), VARIANT | random);
    }

    /** When a job was made, by its id; null when the id doesn't tell. */
    static @Nullable Instant timeOf(UUID jobId) {
        return jobId.version() == TIME_ORDERED ? Instant.ofEpochMilli(jobId.getMostSignificantBits() >>> 16) : null;
    }
}
