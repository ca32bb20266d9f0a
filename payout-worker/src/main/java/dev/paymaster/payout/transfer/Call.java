package dev.paymaster.payout.transfer;

import dev.paymaster.messaging.Failures;
import dev.paymaster.payout.obligation.Plan.Step;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done with one claim: Stripe is called, and what came of it is published. Thread-safe. */
final class Call {
    private static final Logger LOG = LoggerFactory.getLogger(Call.class);

    private final StripeGuard guard;
    private final Transfers transfers;
    private final Outcomes outcomes;
    private final MeterRegistry meters;
    private final Clock clock;

    Call(StripeGuard guard, Transfers transfers, Outcomes outcomes, MeterRegistry meters, Clock clock) {
        this.guard = guard;
        this.transfers = transfers;
        this.outcomes = outcomes;
        this.meters = meters;
        this.clock = clock;
    }

    /** Carries out a claim. Fails only in the log: then the lease ends, and some dispatcher uses the same key again. */
    void carryOut(Claim claim) {
        String key = claim.order().key();
        Tries tries = new Tries();
        Answer answer;
        try {
            answer = guard.call(() -> ask(claim, tries));
        } catch (LeaseOver e) {
            LOG.warn("{} was not called: this worker was too slow, and its lease is over", key);
            return;
        } catch (RuntimeException e) {
            if (Thread.currentThread().isInterrupted()) {
                LOG.warn("the call of {} was stopped; its lease will end: {}", key, Failures.withCause(e));
            } else {
                // Whatever Stripe does is an answer, so this is a mistake here.
                LOG.error("the call of {} failed without an answer; its lease will end", key, e);
            }
            return;
        }
        LOG.debug("{} {}: {}", claim.step(), key, answer);
        try {
            outcomes.publish(claim, answer, tries);
        } catch (RuntimeException e) {
            LOG.warn("the outcome of {} was not published; its lease will end: {}", key, Failures.withCause(e));
            LOG.debug("{}", key, e);
        }
    }

    private Answer ask(Claim claim, Tries tries) {
        Instant now = clock.instant();
        if (claim.isTooLate(now)) {
            throw new LeaseOver();
        }
        tries.begin(now);
        Timer.Sample sample = Timer.start(meters);
        Answer answer = switch (claim.order()) {
            case TransferOrder order -> claim.step() == Step.CALL ? transfers.make(order) : transfers.find(order);
            case ReversalOrder order ->
                claim.step() == Step.REVERSE ? transfers.reverse(order) : transfers.inspect(order);
        };
        sample.stop(Timer.builder("paymaster.stripe.calls")
                .description("Calls to Stripe by their meaning")
                .tag("step", claim.step().column())
                .tag("outcome", answer.outcome().json())
                .register(meters));
        return answer;
    }
}
