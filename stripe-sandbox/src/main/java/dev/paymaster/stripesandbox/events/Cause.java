package dev.paymaster.stripesandbox.events;

import org.jspecify.annotations.Nullable;

/**
 * The request that made something happen: it stands in the event's {@code request}. Nothing caused what time brings.
 */
public record Cause(@Nullable String requestId, @Nullable String idempotencyKey) {
    public static final Cause NONE = new Cause(null, null);

    /** Bound for as long as a request is executed. */
    public static final ScopedValue<Cause> CURRENT = ScopedValue.newInstance();

    static Cause current() {
        return CURRENT.orElse(NONE);
    }
}
