package dev.paymaster.gateway.proof;

import java.time.Duration;
import java.time.Instant;

/**
 * For how long the absence of an effect says nothing. Stripe's clock may be a little ahead of ours; one that is far ahead, as a
 * test clock is, tells of what was made long ago.
 */
record Grace(Instant now, Duration span) {
    boolean isOver(Instant since) {
        return Duration.between(since, now).abs().compareTo(span) >= 0;
    }
}
