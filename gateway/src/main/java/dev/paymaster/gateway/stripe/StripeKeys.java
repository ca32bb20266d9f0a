package dev.paymaster.gateway.stripe;

import com.stripe.net.RequestOptions;
import java.time.Clock;
import org.springframework.stereotype.Component;

/**
 * Idempotency keys for what may be asked of Stripe twice at once, or again after a lost answer, and must be made once.
 * Stripe replays a saved failure for 24 hours (docs.stripe.com/api/idempotent_requests); a key that changes every ten
 * minutes gets past it. Thread-safe.
 */
@Component
public final class StripeKeys {
    private static final long SECONDS = 600;

    private final Clock clock;

    StripeKeys(Clock clock) {
        this.clock = clock;
    }

    /** Options with a key for what is made now. */
    public RequestOptions keyFor(String what) {
        String key = what + ":" + clock.instant().getEpochSecond() / SECONDS;
        return RequestOptions.builder().setIdempotencyKey(key).build();
    }
}
