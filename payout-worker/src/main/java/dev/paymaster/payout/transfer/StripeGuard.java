package dev.paymaster.payout.transfer;

import dev.paymaster.events.payout.PayoutCommand.Outcome;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RequestNotPermitted;
import io.github.resilience4j.retry.Retry;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the dispatcher and Stripe: at most so many calls at once, none while Stripe fails most of them, never
 * more a second than this instance may make, and one immediate repetition of a call whose answer was lost, with the same
 * key, if all workers' limit has a token left for it. Thread-safe.
 */
final class StripeGuard {
    private final Bulkhead bulkhead;
    private final CircuitBreaker breaker;
    private final RateLimiter limiter;
    private final Retry retry;
    private final Tokens tokens;

    StripeGuard(Bulkhead bulkhead, CircuitBreaker breaker, RateLimiter limiter, Retry retry, Tokens tokens) {
        this.bulkhead = bulkhead;
        this.breaker = breaker;
        this.limiter = limiter;
        this.retry = retry;
        this.tokens = tokens;
    }

    /** How many calls may be started now. */
    int capacity() {
        int free = bulkhead.getMetrics().getAvailableConcurrentCalls();
        return switch (breaker.getState()) {
            case OPEN, FORCED_OPEN -> 0;
            // One call at a time finds out whether Stripe is back.
            case HALF_OPEN -> free == bulkhead.getMetrics().getMaxAllowedConcurrentCalls() ? 1 : 0;
            case CLOSED, DISABLED, METRICS_ONLY -> free;
        };
    }

    /** Takes one of the places that {@link #capacity()} counted; whoever gets true calls {@link #leave()} in the end. */
    boolean enter() {
        return bulkhead.tryAcquirePermission();
    }

    void leave() {
        bulkhead.onComplete();
    }

    /**
     * Makes the call. What the guard itself refuses is an answer too: no call was made, so it is not yet.
     *
     * @throws LeaseOver when the call says so, unless it only gave up the repetition of one that was lost
     */
    Answer call(Supplier<Answer> call) {
        return call(call, why -> Answer.of(Outcome.NOT_YET, why));
    }

    /**
     * The same for any kind of answer.
     *
     * @param refused the answer when no call was made, and why
     */
    <A extends Reply> A call(Supplier<A> call, Function<String, A> refused) {
        AtomicReference<@Nullable A> lost = new AtomicReference<>();
        Supplier<A> limited = RateLimiter.decorateSupplier(limiter, () -> remembered(call.get(), lost));
        Supplier<A> allowed = () -> {
            if (lost.get() != null && !tokens.take()) {
                throw RequestNotPermitted.createRequestNotPermitted(limiter);
            }
            return limited.get();
        };
        Supplier<A> broken = CircuitBreaker.decorateSupplier(breaker, allowed);
        try {
            A answer = Retry.decorateSupplier(retry, broken).get();
            return answer.tellsOfEarlier() ? answer : lostOr(lost, answer);
        } catch (CallNotPermittedException e) {
            return lostOr(lost, refused.apply("not called: Stripe has failed too many calls lately"));
        } catch (RequestNotPermitted e) {
            return lostOr(lost, refused.apply("not called: this instance's rate limit is used up"));
        } catch (LeaseOver e) {
            A answer = lost.get();
            if (answer == null) {
                throw e;
            }
            return answer;
        }
    }

    private static <A extends Reply> A remembered(A answer, AtomicReference<@Nullable A> lost) {
        if (answer.isLost()) {
            lost.set(answer);
        }
        return answer;
    }

    /** If only the repetition of a lost call was refused, the call itself may still be under way. */
    private static <A extends Reply> A lostOr(AtomicReference<@Nullable A> lost, A answer) {
        A earlier = lost.get();
        return earlier != null ? earlier : answer;
    }

    /** What the breaker goes by. That a call was not made, for reasons of this instance, says nothing of Stripe. */
    static CircuitBreakerConfig.Builder judging(CircuitBreakerConfig.Builder breaker) {
        return breaker.recordResult(StripeGuard::isTrouble)
                .ignoreException(e -> e instanceof RequestNotPermitted || e instanceof LeaseOver);
    }

    private static boolean isTrouble(Object result) {
        return result instanceof Reply reply && reply.isTrouble();
    }

    /** What may be tried again at once with the same key. */
    static boolean isLost(Object result) {
        return result instanceof Reply reply && reply.isLost();
    }
}
