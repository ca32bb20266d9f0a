package dev.paymaster.payout.obligation;

import dev.paymaster.messaging.Sha256;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Several jobs of one receiver are paid by one transfer per period. A batch is a payout of its own, whose id is also its
 * job's; it takes jobs in until its period ends or it is first claimed, whichever comes first.
 */
public record Batching(Duration period) {
    /** All of them are listed in the transfer's metadata: Stripe takes 50 values of 500 characters, 13 ids each. */
    public static final int MAX_JOBS = 500;

    /** Eight digits, which Stripe documents as the most for an amount in US dollars. */
    private static final long MAX_CENTS = 99_999_999;

    private static final long VARIANT = 0x8000000000000000L;
    private static final long BELOW_VARIANT = 0x3fffffffffffffffL;
    private static final int RANDOM_BITS = 0xfff;
    private static final int VERSION = 0x7000;

    public Batching {
        if (period.toMillis() < 1) {
            throw new IllegalArgumentException("a batch's period is at least a millisecond");
        }
    }

    /** The period that a moment is in, counted from 1970 on. */
    public long periodAt(Instant now) {
        return Math.floorDiv(now.toEpochMilli(), period.toMillis());
    }

    /** The periods whose batches something may come into now: the next one, too, when this one's is closed. */
    public List<Long> openAt(Instant now) {
        long number = periodAt(now);
        return List.of(number, number + 1);
    }

    public Instant endOf(long number) {
        return Instant.ofEpochMilli((number + 1) * period.toMillis());
    }

    /** The id of a receiver's batch: with its period's start, so that payouts are listed in the order of time. */
    public UUID idOf(UUID receiver, long number) {
        ByteBuffer hash = ByteBuffer.wrap(Sha256.of("batch:" + receiver + ":" + period.toMillis() + ":" + number));
        long time = (number * period.toMillis()) << 16;
        long random = hash.getShort() & RANDOM_BITS;
        return new UUID(time | VERSION | random, VARIANT | (hash.getLong() & BELOW_VARIANT));
    }

    /** A batch of one job. It begins with a lookup, because its jobs may be old. */
    public Payout first(UUID id, Owed job, long number) {
        Owed owed = new Owed(id, id, job.receiver(), job.receiver(), job.amountCents(), describe(1), job.createdAt());
        return new Payout.Due(owed, Key.first(), Plan.lookup(endOf(number)), null);
    }

    /**
     * Whether a batch, as it stands, can take in one more job.
     *
     * @param jobs how many are in it
     */
    public static boolean isOpen(Payout batch, int jobs, Owed job) {
        return batch instanceof Payout.Due
                && batch.key().equals(Key.first())
                && jobs < MAX_JOBS
                && batch.owed().amountCents() <= MAX_CENTS - job.amountCents();
    }

    /** The batch with one job more. */
    public static Payout with(Payout batch, Owed job, int jobs) {
        Owed before = batch.owed();
        Owed after = new Owed(
                before.id(),
                before.jobId(),
                before.sender(),
                before.receiver(),
                Math.addExact(before.amountCents(), job.amountCents()),
                describe(jobs),
                before.createdAt());
        return new Payout.Due(after, batch.key(), ((Payout.Due) batch).plan(), null);
    }

    /**
     * Whether a payout that is to be made now may be made with others: there is no transfer of its own, and none can come any
     * more. Its key was never called, and the one before it, if any, was given up only when a look had shown that.
     */
    public static boolean admits(Payout payout) {
        return isUncalled(payout, Plan.Step.CALL);
    }

    /** What is to be looked for because Stripe may know of it waits for a batch meanwhile; anything else stays as it is. */
    public static Payout looking(Payout payout) {
        return isUncalled(payout, Plan.Step.LOOKUP)
                ? new Payout.Held(
                        payout.owed(),
                        payout.key(),
                        Payout.Reason.BATCHED,
                        "is paid together with others, unless Stripe lists a transfer of its own",
                        payout.next())
                : payout;
    }

    private static boolean isUncalled(Payout payout, Plan.Step step) {
        return payout instanceof Payout.Due due
                && due.plan().step() == step
                && !due.owed().isBatch()
                && !due.key().isUsed()
                && due.key().past().equals(Past.NONE);
    }

    /** Whether a payout joins a batch when the look that is planned for it finds no transfer. */
    public static boolean joinsWhenAbsent(Payout payout) {
        return payout instanceof Payout.Held held
                && (held.waitsFor() == Payout.Reason.BATCHED || held.waitsFor() == Payout.Reason.NEW_RECEIVER);
    }

    /** A job's payout, which waits for its batch. */
    public static Payout member(Owed job, Key key, UUID batchId) {
        return new Payout.Held(
                job, key, Payout.Reason.BATCHED, "is paid together with others by payout " + batchId, null);
    }

    private static String describe(int jobs) {
        return jobs == 1 ? "Payout for 1 job" : "Payout for " + jobs + " jobs";
    }
}
