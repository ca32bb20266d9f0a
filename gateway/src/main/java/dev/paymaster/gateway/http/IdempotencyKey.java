package dev.paymaster.gateway.http;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;

/** The header {@code Idempotency-Key}, with which a client may send a POST again and have it take effect once. */
public final class IdempotencyKey {
    public static final String HEADER = "Idempotency-Key";

    /** In an answer that was given before. */
    public static final String REPLAYED_HEADER = "Idempotent-Replayed";

    /** As Stripe has it. */
    private static final int MAX_LENGTH = 255;

    private IdempotencyKey() {}

    /**
     * The key of a request, or null without one.
     *
     * @throws Problem 400 when it is empty, too long or stands there twice
     */
    public static @Nullable String of(ServerWebExchange exchange) {
        List<String> values = exchange.getRequest().getHeaders().getOrEmpty(HEADER);
        if (values.isEmpty()) {
            return null;
        }
        String key = values.getFirst();
        if (values.size() > 1 || key.isBlank() || key.length() > MAX_LENGTH) {
            throw Problem.badRequest(
                    "invalid_idempotency_key", HEADER + " takes one value of 1 to " + MAX_LENGTH + " characters");
        }
        return key;
    }
}
