package dev.paymaster.stripesandbox;

import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/** Counts calls against the limits: one bucket of tokens each, refilled continuously. Thread-safe. */
final class RateLimiter {
    private static final double NANOS_PER_SECOND = 1e9;

    private final List<RateLimit> limits;
    private final LongSupplier nanoTime;
    private final double[] tokens;
    private final long[] filledAt;

    RateLimiter(List<RateLimit> limits, LongSupplier nanoTime) {
        this.limits = List.copyOf(limits);
        this.nanoTime = nanoTime;
        this.tokens = limits.stream().mapToDouble(RateLimit::perSecond).toArray();
        this.filledAt = new long[limits.size()];
        Arrays.fill(filledAt, nanoTime.getAsLong());
    }

    /** Takes one token from every limit that applies; false if one of them has none. */
    synchronized boolean admits(String method, String path) {
        for (int i = 0; i < tokens.length; i++) {
            if (limits.get(i).applies(method, path)) {
                refill(i);
                if (tokens[i] < 1) {
                    return false;
                }
                tokens[i]--;
            }
        }
        return true;
    }

    private void refill(int index) {
        long now = nanoTime.getAsLong();
        int perSecond = limits.get(index).perSecond();
        double gained = (now - filledAt[index]) / NANOS_PER_SECOND * perSecond;
        tokens[index] = Math.min(perSecond, tokens[index] + gained);
        filledAt[index] = now;
    }
}
