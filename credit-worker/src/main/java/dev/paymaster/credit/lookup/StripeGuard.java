package dev.paymaster.credit.lookup;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RequestNotPermitted;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Stands before each call of a look-up: none while Stripe fails most of them, not more a second than this instance may make,
 * and again after a short, uneven wait where that may help. Thread-safe.
 *
 * <p>The limit is each instance's own. One instance calls from one thread, five times a second at most, so that it takes
 * twenty of them to come to what Stripe lets a platform read. Sharing a limit would cost a row that all lock for each call,
 * and save nothing: questions are shared already, and few.
 */
public final class StripeGuard {
    private final CircuitBreaker breaker;
    private final RateLimiter limiter;
    private final Retry retry;

    public StripeGuard(CircuitBreaker breaker, RateLimiter limiter, Retry retry) {
        this.breaker = breaker;
        this.limiter = limiter;
        this.retry = retry;
    }

    /** Whether it is worth while to begin a look-up. */
    boolean mayAsk() {
        return switch (breaker.getState()) {
            case OPEN, FORCED_OPEN -> false;
            case CLOSED, HALF_OPEN, DISABLED, METRICS_ONLY -> true;
        };
    }

    /**
     * Makes one call, which reads only.
     *
     * @throws NoAnswerException when the call says so to the end, or isn't made
     */
    public <T extends @Nullable Object> T ask(Supplier<T> call) {
        Supplier<T> limited = RateLimiter.decorateSupplier(limiter, call);
        Supplier<T> broken = CircuitBreaker.decorateSupplier(breaker, limited);
        try {
            return Retry.decorateSupplier(retry, broken).get();
        } catch (CallNotPermittedException e) {
            throw new NoAnswerException("not asked: Stripe has failed too many calls lately", false, e);
        } catch (RequestNotPermitted e) {
            throw new NoAnswerException("not asked: this instance's rate limit is used up", false, e);
        }
    }

    /** What the breaker goes by: Stripe, or this platform's access to it, rather than one question or this instance. */
    public static CircuitBreakerConfig.Builder judging(CircuitBreakerConfig.Builder breaker) {
        return breaker.recordException(NoAnswerException.class::isInstance)
                .ignoreException(RequestNotPermitted.class::isInstance);
    }

    /** What is asked again at once. */
    public static <T> RetryConfig.Builder<T> repeating(RetryConfig.Builder<T> retry) {
        return retry.retryOnException(e -> e instanceof NoAnswerException none && none.isPassing());
    }
}
