package dev.paymaster.credit.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class StripeGuardTest {
    private final CircuitBreaker breaker = CircuitBreaker.of(
            "test",
            StripeGuard.judging(CircuitBreakerConfig.custom())
                    .slidingWindowSize(4)
                    .minimumNumberOfCalls(4)
                    .build());
    private int calls;

    @Test
    void repeatsWhatPassesAndGivesUpInTheEnd() {
        assertThatThrownBy(() -> guard(100).ask(failing(new NoAnswerException("HTTP 503", true, null))))
                .isInstanceOf(NoAnswerException.class)
                .hasMessage("HTTP 503");
        assertThat(calls).isEqualTo(3);
    }

    @Test
    void asksARefusedKeyNotAgainAndThenNotAtAll() {
        StripeGuard guard = guard(100);
        for (int i = 0; i < 4; i++) {
            assertThat(guard.mayAsk()).isTrue();
            assertThatThrownBy(() -> guard.ask(failing(new NoAnswerException("HTTP 401", false, null))))
                    .hasMessage("HTTP 401");
        }

        assertThat(guard.mayAsk()).isFalse();
        assertThatThrownBy(() -> guard.ask(() -> ++calls))
                .isInstanceOf(NoAnswerException.class)
                .hasMessageStartingWith("not asked");
        assertThat(calls).isEqualTo(4);
    }

    @Test
    void goesOnWhenStripeRefusesOneQuestion() {
        StripeGuard guard = guard(100);
        for (int i = 0; i < 8; i++) {
            assertThatThrownBy(() -> guard.ask(failing(new IllegalStateException("HTTP 400"))))
                    .hasMessage("HTTP 400");
        }

        assertThat(guard.mayAsk()).isTrue();
        assertThat(calls).isEqualTo(8);
    }

    @Test
    void takesItsOwnLimitForNoFailureOfStripe() {
        StripeGuard slow = guard(1);
        assertThat(slow.ask(() -> ++calls)).isEqualTo(1);
        for (int i = 0; i < 8; i++) {
            assertThatThrownBy(() -> slow.ask(() -> ++calls)).isInstanceOf(NoAnswerException.class);
        }

        assertThat(calls).isEqualTo(1);
        assertThat(slow.mayAsk()).isTrue();
    }

    private Supplier<Integer> failing(RuntimeException failure) {
        return () -> {
            calls++;
            throw failure;
        };
    }

    private StripeGuard guard(int perHour) {
        return new StripeGuard(
                breaker,
                RateLimiter.of(
                        "test",
                        RateLimiterConfig.custom()
                                .limitForPeriod(perHour)
                                .limitRefreshPeriod(Duration.ofHours(1))
                                .timeoutDuration(Duration.ZERO)
                                .build()),
                Retry.of(
                        "test",
                        StripeGuard.repeating(RetryConfig.<Object>custom())
                                .maxAttempts(3)
                                .waitDuration(Duration.ofMillis(1))
                                .build()));
    }
}
