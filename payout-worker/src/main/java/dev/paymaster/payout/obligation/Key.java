package dev.paymaster.payout.obligation;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The current idempotency key of a payout, and what is known of the calls made with it. The next key is used only after
 * Stripe's list of transfers has shown that no earlier one has made a transfer.
 *
 * @param attempt the number in the key, from 1
 * @param unknowns how many calls with this key ended without a readable answer
 * @param waits how often Stripe has put the payout off, in a row; waits grow with it
 * @param doubtUntil until then a call whose answer was lost may still take effect, so a lookup proves nothing
 * @param firstUsedAt when the first call with this key was claimed; absent: never
 * @param accountId where the money goes, fixed with the first use
 * @param past what has become of earlier transfers
 */
public record Key(
        int attempt,
        int unknowns,
        int waits,
        @Nullable Instant doubtUntil,
        @Nullable Instant firstUsedAt,
        @Nullable String accountId,
        Past past) {

    /**
     * How long after its first use a key still means the same transfer. Stripe forgets keys after 24 hours
     * (docs.stripe.com/api/idempotent_requests); an hour is left for a claim that is slow to be used. An older key is not
     * used again before a lookup has shown that it made no transfer.
     */
    public static final Duration MEMORY = Duration.ofHours(23);

    public Key {
        if (attempt < 1 || unknowns < 0 || waits < 0) {
            throw new IllegalArgumentException("not a key: " + attempt + ", " + unknowns + ", " + waits);
        }
        if (firstUsedAt != null && accountId == null) {
            throw new IllegalArgumentException("a key's destination is fixed when it is first used");
        }
    }

    /** A key of a payout that has never had a transfer. */
    public Key(
            int attempt,
            int unknowns,
            int waits,
            @Nullable Instant doubtUntil,
            @Nullable Instant firstUsedAt,
            @Nullable String accountId) {
        this(attempt, unknowns, waits, doubtUntil, firstUsedAt, accountId, Past.NONE);
    }

    public static Key first() {
        return new Key(1, 0, 0, null, null, null);
    }

    /** The key as Stripe sees it. */
    public static String text(UUID payoutId, int attempt) {
        return "payout:" + payoutId + ":" + attempt;
    }

    /** The key of a reversal as Stripe sees it. */
    public static String ofReversal(UUID payoutId, int number) {
        return "reversal:" + payoutId + ":" + number;
    }

    /** A fresh key. What was lost with this one still makes the next one more patient. */
    public Key next() {
        return new Key(attempt + 1, 0, waits + unknowns, null, null, null, past);
    }

    /** After a call that ended without a readable answer. */
    public Key unknown(Instant doubtUntil) {
        return new Key(attempt, unknowns + 1, waits, doubtUntil, firstUsedAt, accountId, past);
    }

    /** After an answer that means: later. */
    public Key putOff() {
        return new Key(attempt, unknowns, waits + 1, doubtUntil, firstUsedAt, accountId, past);
    }

    /** After something outside has changed: patience starts anew. */
    public Key fresh() {
        return new Key(attempt, unknowns, 0, doubtUntil, firstUsedAt, accountId, past);
    }

    /** Before the transfer is to be made once more: the one that was taken back counts no more. */
    Key without(String transferId) {
        return new Key(attempt, unknowns, 0, doubtUntil, firstUsedAt, accountId, past.without(transferId));
    }

    /**
     * The next key of a reversal. What is counted here is of that key from now on, which is as good as it was: once a
     * transfer is known, the key that made it isn't used any more.
     *
     * @param patience how many waits came before it
     */
    public Key recalling(int patience) {
        return new Key(attempt, 0, patience, doubtUntil, null, accountId, past.recalling());
    }

    public boolean isUsed() {
        return firstUsedAt != null;
    }

    /** The first moment, from {@code earliest} on, at which a lookup tells the truth. */
    public Instant settled(Instant earliest) {
        return doubtUntil == null || doubtUntil.isBefore(earliest) ? earliest : doubtUntil;
    }
}
