package dev.paymaster.payout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.StateTransition;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ConfigurableApplicationContext;

/** A running worker leaves Stripe alone while it fails, and stops with a call under way. */
class CircuitTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    /** So many failures of its first calls open the circuit. */
    private static final int JOBS = 12;

    private final Surroundings around = Surroundings.shared();

    @AfterEach
    void heal() {
        around.stripe.heal();
    }

    @Test
    void opensWhileStripeFailsAndPaysEachJobOnceWhenItClosesAgain() {
        List<StateTransition> turns = new CopyOnWriteArrayList<>();
        List<UUID> jobs;
        try (ConfigurableApplicationContext worker = around.worker()) {
            var breaker = worker.getBean(CircuitBreakerRegistry.class).circuitBreaker("stripe");
            breaker.getEventPublisher().onStateTransition(turn -> turns.add(turn.getStateTransition()));
            UUID receiver = around.activeReceiver();
            around.stripe.faults("""
                    {"seed": 1, "rules": [{"kind": "error_before", "method": "POST", "path": "/v1/transfers"}]}""");

            jobs = Stream.generate(() -> around.verifyJob(receiver)).limit(JOBS).toList();
            await().atMost(SOON).until(() -> state(worker, "open") == 1);
            assertThat(worker.getBean("payoutDispatcherHealthIndicator", HealthIndicator.class)
                            .health())
                    .isEqualTo(Health.up().build());
            await().atMost(SOON).until(() -> turns.contains(StateTransition.HALF_OPEN_TO_OPEN));
            assertThat(around.countPaid(jobs)).isZero();
            assertThat(jobs)
                    .allSatisfy(job -> assertThat(around.stripe.transfers(job)).isEmpty());

            around.stripe.heal();
            await().atMost(SOON).until(() -> around.countPaid(jobs) == JOBS);
            assertThat(state(worker, "closed")).isOne();
        }

        assertThat(turns)
                .startsWith(StateTransition.CLOSED_TO_OPEN, StateTransition.OPEN_TO_HALF_OPEN)
                .endsWith(StateTransition.OPEN_TO_HALF_OPEN, StateTransition.HALF_OPEN_TO_CLOSED);
        assertThat(jobs)
                .allSatisfy(job -> assertThat(around.stripe.transfers(job)).hasSize(1));
    }

    /** As everybody sees it who looks at the metrics. */
    private static double state(ConfigurableApplicationContext worker, String state) {
        return worker.getBean(MeterRegistry.class)
                .get("resilience4j.circuitbreaker.state")
                .tags("name", "stripe", "state", state)
                .gauge()
                .value();
    }

    /** Were it forgotten, its lease would have to end first, and Stripe would be asked again. */
    @Test
    void keepsTheAnswerOfACallThatIsUnderWayWhenItStops() {
        around.stripe.faults("""
                {"seed": 1, "rules": [{"kind": "latency", "method": "POST", "path": "/v1/transfers", "millis": 1000}]}""");
        UUID job;
        try (ConfigurableApplicationContext worker = around.worker()) {
            UUID receiver = around.activeReceiver();
            Bulkhead calls = worker.getBean(BulkheadRegistry.class).bulkhead("stripe");
            int places = calls.getMetrics().getAvailableConcurrentCalls();

            job = around.verifyJob(receiver);
            await().atMost(SOON)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> calls.getMetrics().getAvailableConcurrentCalls() < places);
        }
        assertThat(around.stripe.transfers(job)).hasSize(1);

        around.stripe.heal();
        try (ConfigurableApplicationContext _ = around.worker()) {
            around.awaitStatus(job, "paid");
        }
        assertThat(around.stripe.transfers(job)).hasSize(1);
        assertThat(around.outcomesOf(job)).containsExactly("paid");
    }
}
