package dev.paymaster.payout.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paymaster.events.payout.PayoutCommand.Outcome;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StripeGuardTest {
    private final CircuitBreaker breaker = CircuitBreaker.of(
            "test",
            StripeGuard.judging(CircuitBreakerConfig.custom())
                    .slidingWindowSize(4)
                    .minimumNumberOfCalls(4)
                    .build());
    private final StripeGuard guard = guard(100);
    private final Deque<Answer> answers = new ArrayDeque<>();
    private int calls;
    private int tokens = 100;

    @Test
    void repeatsALostCallOnceAtOnce() {
        answers.addAll(List.of(answer(Outcome.UNKNOWN), Answer.paid("tr_1", "made")));

        assertThat(guard.call(this::stripe).transferId()).isEqualTo("tr_1");
        assertThat(calls).isEqualTo(2);
    }

    @Test
    void keepsInMindThatACallWasLostWhenItsRepetitionIsNotMade() {
        StripeGuard slow = guard(1);
        answers.add(answer(Outcome.UNKNOWN));

        assertThat(slow.call(this::stripe).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(calls).isEqualTo(1);
    }

    @Test
    void leavesTheRepetitionToTheQueueWhenAllWorkersLimitIsUsedUp() {
        tokens = 1;
        answers.addAll(List.of(answer(Outcome.UNKNOWN), Answer.paid("tr_1", "made"), answer(Outcome.UNKNOWN)));

        assertThat(guard.call(this::stripe).outcome()).isEqualTo(Outcome.PAID);
        assertThat(guard.call(this::stripe).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(calls).isEqualTo(3);
        assertThat(breaker.getMetrics().getNumberOfBufferedCalls()).isEqualTo(3);
    }

    /** A refusal may come before Stripe looks at the key, while the first call is still under way. */
    @ParameterizedTest
    @EnumSource(names = {"REFUSED", "NOT_PAYABLE", "INSUFFICIENT_FUNDS", "NOT_YET"})
    void keepsInMindThatACallWasLostWhenItsRepetitionIsRefused(Outcome refusal) {
        answers.addAll(List.of(answer(Outcome.UNKNOWN), answer(refusal)));

        assertThat(guard.call(this::stripe).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(calls).isEqualTo(2);
    }

    @Test
    void believesARepeatedLook() {
        answers.addAll(List.of(answer(Outcome.UNKNOWN), answer(Outcome.ABSENT)));

        assertThat(guard.call(this::stripe).outcome()).isEqualTo(Outcome.ABSENT);
    }

    @Test
    void leavesWhatIsLostTwiceToTheQueue() {
        answers.addAll(List.of(answer(Outcome.UNKNOWN), answer(Outcome.UNKNOWN), Answer.paid("tr_1", "made")));

        assertThat(guard.call(this::stripe).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(calls).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(
            names = {"UNKNOWN", "PAID"},
            mode = EnumSource.Mode.EXCLUDE)
    void repeatsNothingElse(Outcome outcome) {
        answers.add(answer(outcome));

        assertThat(guard.call(this::stripe).outcome()).isEqualTo(outcome);
        assertThat(calls).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"UNKNOWN", "REFUSED"})
    void stopsCallingWhenMostCallsFail(Outcome trouble) {
        for (int i = 0; i < 4; i++) {
            answers.add(answer(trouble));
            answers.add(answer(trouble));
            guard.call(this::stripe);
        }
        int before = calls;

        assertThat(guard.capacity()).isZero();
        assertThat(guard.call(this::stripe).outcome()).isEqualTo(Outcome.NOT_YET);
        assertThat(calls).isEqualTo(before);
    }

    @Test
    void triesOneCallAtATimeAfterAPause() {
        breaker.transitionToOpenState();
        breaker.transitionToHalfOpenState();

        assertThat(guard.capacity()).isEqualTo(1);
        assertThat(guard.enter()).isTrue();
        assertThat(guard.capacity()).isZero();
        guard.leave();
        assertThat(guard.capacity()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"NOT_YET", "INSUFFICIENT_FUNDS", "NOT_PAYABLE", "ABSENT"})
    void goesOnCallingWhenAnswersAreOfOnePayoutOnly(Outcome outcome) {
        for (int i = 0; i < 8; i++) {
            answers.add(answer(outcome));
            guard.call(this::stripe);
        }

        assertThat(guard.capacity()).isEqualTo(2);
    }

    @Test
    void countsThePlacesThatAreLeft() {
        assertThat(guard.enter()).isTrue();
        assertThat(guard.capacity()).isEqualTo(1);
        assertThat(guard.enter()).isTrue();
        assertThat(guard.capacity()).isZero();
        assertThat(guard.enter()).isFalse();

        guard.leave();

        assertThat(guard.capacity()).isEqualTo(1);
    }

    @Test
    void putsOffWhatIsBeyondItsOwnLimit() {
        StripeGuard slow = guard(1);
        answers.addAll(List.of(Answer.paid("tr_1", "made"), Answer.paid("tr_2", "made")));

        assertThat(slow.call(this::stripe).outcome()).isEqualTo(Outcome.PAID);
        assertThat(slow.call(this::stripe).outcome()).isEqualTo(Outcome.NOT_YET);
        assertThat(calls).isEqualTo(1);
    }

    @Test
    void takesItsOwnRefusalsForNoFailureOfStripe() {
        StripeGuard slow = guard(1);
        answers.add(Answer.paid("tr_1", "made"));
        for (int i = 0; i < 5; i++) {
            slow.call(this::stripe);
        }
        for (int i = 0; i < 4; i++) {
            assertThatThrownBy(() -> guard.call(StripeGuardTest::tooLate)).isInstanceOf(LeaseOver.class);
        }

        assertThat(breaker.getState()).isEqualTo(CircuitBreaker.State.CLOSED);
        assertThat(breaker.getMetrics().getNumberOfFailedCalls()).isZero();
    }

    @Test
    void keepsInMindThatACallWasLostWhenTheLeaseEndsBeforeItsRepetition() {
        answers.add(answer(Outcome.UNKNOWN));

        Answer answer = guard.call(() -> answers.isEmpty() ? tooLate() : stripe());

        assertThat(answer.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(calls).isEqualTo(1);
    }

    private static Answer tooLate() {
        throw new LeaseOver();
    }

    private StripeGuard guard(int perHour) {
        return new StripeGuard(
                Bulkhead.of(
                        "test", BulkheadConfig.custom().maxConcurrentCalls(2).build()),
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
                        RetryConfig.<Answer>custom()
                                .maxAttempts(2)
                                .waitDuration(Duration.ofMillis(1))
                                .retryOnResult(StripeGuard::isLost)
                                .retryOnException(_ -> false)
                                .build()),
                () -> tokens-- > 0);
    }

    private Answer stripe() {
        calls++;
        return answers.removeFirst();
    }

    private static Answer answer(Outcome outcome) {
        return Answer.of(outcome, "said");
    }
}
