package dev.paymaster.payout.transfer;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.events.payout.PayoutCommand.ApplyTransferOutcome;
import dev.paymaster.events.payout.PayoutCommand.Outcome;
import dev.paymaster.messaging.Codec;
import dev.paymaster.messaging.Ids;
import dev.paymaster.messaging.outbox.EventWriter;
import dev.paymaster.messaging.outbox.Outgoing;
import dev.paymaster.payout.Samples;
import dev.paymaster.payout.obligation.Key;
import dev.paymaster.payout.obligation.Plan.Step;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CallTest {
    private static final Claim CLAIM = new Claim(
            UUID.randomUUID(),
            new TransferOrder(
                    Key.text(Samples.OWED.id(), 1),
                    Samples.OWED.id(),
                    Samples.OWED.jobId(),
                    Samples.RECEIVER,
                    100,
                    "acct_1",
                    "for a job"),
            1,
            Step.CALL,
            Samples.NOW.plusSeconds(60));

    private final List<Outgoing> published = new ArrayList<>();
    private Instant now = Samples.NOW;
    private int calls;

    @Test
    void tellsWhatStripeHasAnswered() {
        carryOut(Duration.ZERO, Answer.paid("tr_1", "made"));

        assertThat(calls).isEqualTo(1);
        assertThat(published).singleElement().satisfies(outcome -> {
            assertThat(outcome.header("ce_id")).isEqualTo(CLAIM.id().toString());
            assertThat(told(outcome).transferId()).isEqualTo("tr_1");
            assertThat(told(outcome).calledAt()).isEqualTo(Samples.NOW);
            assertThat(told(outcome).calls()).isNull();
        });
    }

    @Test
    void tellsWhenStripeWasCalledFirstAndHowOften() {
        carryOut(Duration.ofSeconds(5), Answer.of(Outcome.UNKNOWN, "lost"));

        assertThat(calls).isEqualTo(2);
        assertThat(published).singleElement().satisfies(outcome -> {
            assertThat(told(outcome).calledAt()).isEqualTo(Samples.NOW);
            assertThat(told(outcome).calls()).isEqualTo(2);
        });
    }

    @Test
    void tellsOfNoCallWhenNoneWasMade() {
        CircuitBreaker open = CircuitBreaker.ofDefaults("test");
        open.transitionToOpenState();

        carryOut(guard(open), Duration.ZERO, Answer.paid("tr_1", "made"));

        assertThat(calls).isZero();
        assertThat(published).singleElement().satisfies(outcome -> {
            assertThat(told(outcome).outcome()).isEqualTo(Outcome.NOT_YET);
            assertThat(told(outcome).calledAt()).isNull();
            assertThat(told(outcome).calls()).isNull();
        });
    }

    @Test
    void tellsThatACallWasLostThoughItsLeaseEndsBeforeTheRepetition() {
        carryOut(Duration.ofSeconds(50), Answer.of(Outcome.UNKNOWN, "lost"));

        assertThat(calls).isEqualTo(1);
        assertThat(published)
                .singleElement()
                .satisfies(outcome -> assertThat(told(outcome).outcome()).isEqualTo(Outcome.UNKNOWN));
    }

    @Test
    void neitherCallsNorTellsWhenItsLeaseIsOver() {
        now = CLAIM.leaseEnd();

        carryOut(Duration.ZERO, Answer.paid("tr_1", "made"));

        assertThat(calls).isZero();
        assertThat(published).isEmpty();
    }

    /** Each call takes so long. */
    private void carryOut(Duration length, Answer answer) {
        carryOut(guard(), length, answer);
    }

    private void carryOut(StripeGuard guard, Duration length, Answer answer) {
        Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
        Transfers transfers = new Transfers() {
            @Override
            public Answer make(TransferOrder order) {
                calls++;
                now = now.plus(length);
                return answer;
            }

            @Override
            public Answer find(TransferOrder order) {
                throw new AssertionError("nobody asked to look");
            }

            @Override
            public Answer reverse(ReversalOrder order) {
                throw new AssertionError("nobody wants it back");
            }

            @Override
            public Answer inspect(ReversalOrder order) {
                throw new AssertionError("nobody asked to look");
            }
        };
        Outcomes outcomes = new Outcomes(new EventWriter("/test", Ids.timeOrdered(), clock), published::addAll, clock);
        new Call(guard, transfers, outcomes, new SimpleMeterRegistry(), clock).carryOut(CLAIM);
    }

    static StripeGuard guard() {
        return guard(CircuitBreaker.of(
                "test", StripeGuard.judging(CircuitBreakerConfig.custom()).build()));
    }

    private static StripeGuard guard(CircuitBreaker breaker) {
        return new StripeGuard(
                Bulkhead.ofDefaults("test"),
                breaker,
                RateLimiter.ofDefaults("test"),
                Retry.of(
                        "test",
                        RetryConfig.custom()
                                .maxAttempts(2)
                                .waitDuration(Duration.ofMillis(1))
                                .retryOnResult(StripeGuard::isLost)
                                .retryOnException(_ -> false)
                                .build()),
                () -> true);
    }

    private static ApplyTransferOutcome told(Outgoing outcome) {
        return Codec.read(requireNonNull(outcome.value()), ApplyTransferOutcome.class);
    }
}
