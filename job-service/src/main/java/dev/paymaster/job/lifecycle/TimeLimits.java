package dev.paymaster.job.lifecycle;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long jobs may wait.
 *
 * @param accept for a receiver; null: for ever
 * @param submit for the receiver's result; null: for ever
 * @param verify for the sender's judgement; null: for ever
 */
public record TimeLimits(
        @Nullable Duration accept,
        @Nullable Duration submit,
        @Nullable Duration verify) {
    /** Everything may take for ever. */
    public static final TimeLimits NONE = new TimeLimits(null, null, null);
}
