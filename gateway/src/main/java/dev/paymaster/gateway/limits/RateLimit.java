package dev.paymaster.gateway.limits;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.limits.LimitSettings.Rate;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A token bucket for each of many. Who hasn't been seen for as long as a bucket takes to fill is forgotten. Thread-safe.
 *
 * @param <K> by what they are told apart
 */
public final class RateLimit<K> {
    /** More at a time are an attack; then the least seen begin anew. */
    private static final int MAX_KNOWN = 100_000;

    private final @Nullable LoadingCache<K, Bucket> buckets;

    public RateLimit(Rate rate) {
        this.buckets = rate.perSecond() == 0
                ? null
                : Caffeine.newBuilder()
                        .maximumSize(MAX_KNOWN)
                        .expireAfterAccess(Duration.ofSeconds(1L + rate.burst() / rate.perSecond()))
                        .build(_ -> bucket(rate));
    }

    private static Bucket bucket(Rate rate) {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(rate.burst()).refillGreedy(rate.perSecond(), Duration.ofSeconds(1)))
                .build();
    }

    /**
     * Takes a token.
     *
     * @throws Problem 429 saying when to come again, if there is none left
     */
    public void take(K who) {
        if (buckets != null) {
            ConsumptionProbe taken = buckets.get(who).tryConsumeAndReturnRemaining(1);
            if (!taken.isConsumed()) {
                throw tooMany(Duration.ofNanos(taken.getNanosToWaitForRefill()));
            }
        }
    }

    /**
     * Takes nothing.
     *
     * @throws Problem 429 if there is no token left
     */
    public void requireNotStopped(K who) {
        Bucket bucket = buckets == null ? null : buckets.getIfPresent(who);
        if (bucket != null && bucket.getAvailableTokens() <= 0) {
            throw tooMany(Duration.ofSeconds(1));
        }
    }

    private static Problem tooMany(Duration wait) {
        return Problem.tooManyRequests(
                "too many requests in a short time; slow down, and try again after Retry-After", wait);
    }
}
