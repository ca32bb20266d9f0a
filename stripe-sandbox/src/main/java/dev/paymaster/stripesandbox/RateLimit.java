package dev.paymaster.stripesandbox;

/**
 * A limit on calls, answered with 429 and {@code Stripe-Rate-Limited-Reason: endpoint-rate} beyond it.
 *
 * @param method such as {@code POST}, or {@code *} for any
 * @param path an exact path such as {@code /v1/transfers}, or {@code *} for all of the API
 * @param perSecond calls per second; as many may come at once after a quiet second
 */
public record RateLimit(String method, String path, int perSecond) {
    public RateLimit {
        if (perSecond < 1) {
            throw new IllegalArgumentException("A rate limit allows at least one call per second");
        }
    }

    boolean applies(String calledMethod, String calledPath) {
        return (method.equals("*") || method.equals(calledMethod)) && (path.equals("*") || path.equals(calledPath));
    }
}
