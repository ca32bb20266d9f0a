package dev.paymaster.payout.transfer;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The calls to Stripe that one claim has led to: one, none, or one and its immediate repetition. For one thread. */
final class Tries {
    private @Nullable Instant first;
    private int count;

    void begin(Instant now) {
        if (first == null) {
            first = now;
        }
        count++;
    }

    /** When the first of them began; null: none has. */
    @Nullable
    Instant first() {
        return first;
    }

    /** How many there were, if more than one. */
    @Nullable
    Integer several() {
        return count > 1 ? count : null;
    }
}
