package dev.paymaster.credit.lookup;

import dev.paymaster.credit.lookup.Answer.Found;
import dev.paymaster.credit.lookup.Answer.NotOurs;
import dev.paymaster.credit.lookup.Answer.Nothing;
import dev.paymaster.events.Envelope;
import dev.paymaster.events.Topics;
import dev.paymaster.messaging.Codec;
import dev.paymaster.messaging.DecisionTime;
import dev.paymaster.messaging.outbox.Outgoing;
import dev.paymaster.messaging.outbox.Publisher;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Looks up what is due, one after the other, and tells what it finds on {@code stripe.events}, in the form of Stripe's own
 * events. Nothing is taken up while Stripe isn't to be asked, so that nothing waits longer than Stripe is away. Each instance
 * of the service may: what is told twice has its effect once. For one thread.
 */
public final class SearchRound implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(SearchRound.class);

    /** A round is short; the rest is for the next. */
    private static final int MAX_LOOKUPS = 20;

    private final Lookups lookups;
    private final StripeSearch stripe;
    private final StripeGuard guard;
    private final Publisher publisher;
    private final MeterRegistry meters;
    private final DecisionTime time;

    /** @param guard of the calls that the search makes */
    public SearchRound(
            Lookups lookups,
            StripeSearch stripe,
            StripeGuard guard,
            Publisher publisher,
            MeterRegistry meters,
            DecisionTime time) {
        this.lookups = lookups;
        this.stripe = stripe;
        this.guard = guard;
        this.publisher = publisher;
        this.meters = meters;
        this.time = time;
    }

    @Override
    public void run() {
        lookups.forgetAnswered();
        for (int i = 0; i < MAX_LOOKUPS && guard.mayAsk(); i++) {
            Lookup lookup = lookups.claim(time.now());
            if (lookup == null) {
                return;
            }
            apply(lookup);
        }
    }

    private void apply(Lookup lookup) {
        switch (find(lookup)) {
            case Found(List<Finding> findings) -> {
                publisher.publish(findings.stream().map(this::event).toList());
                lookups.forget(lookup);
            }
            case NotOurs(String customerId) -> {
                if (lookups.noteNotOurs(lookup, customerId, time.now())) {
                    count(lookup, "given_up");
                    LOG.info("{} is none of ours, and isn't asked for again until something is told of it", lookup);
                }
            }
            case Nothing() -> lookups.noteNothing(lookup);
            case null -> {}
        }
    }

    /** What Stripe says; null when it says nothing. */
    private @Nullable Answer find(Lookup lookup) {
        try {
            Answer answer = stripe.find(lookup);
            count(lookup, answer instanceof Found ? "found" : "nothing");
            LOG.info("looked up {}: {}", lookup, answer instanceof Found ? "found" : "nothing");
            return answer;
        } catch (NoAnswerException e) {
            count(lookup, "unanswered");
            LOG.warn("could not look up {}, will try again soon: {}", lookup, e.getMessage());
            lookups.askSoonAgain(lookup, time.now());
            return null;
        } catch (RuntimeException e) {
            count(lookup, "failed");
            LOG.warn("could not look up {}, will try again later: {}", lookup, e.toString());
            return null;
        }
    }

    private void count(Lookup lookup, String outcome) {
        meters.counter("paymaster.stripe.lookups", "kind", lookup.kind().column(), "outcome", outcome)
                .increment();
    }

    /** Keyed as the gateway keys: by the customer, else by the object. */
    private Outgoing event(Finding finding) {
        ObjectNode object = finding.object();
        Instant now = time.now();
        String id = object.path("id").asString("");
        ObjectNode event = Codec.json()
                .createObjectNode()
                .put("id", "found_" + id)
                .put("object", "event")
                .put("created", now.getEpochSecond())
                .put("type", finding.eventType());
        if (object.path("livemode").isBoolean()) { // refunds don't say it
            event.put("livemode", object.path("livemode").booleanValue());
        }
        event.putObject("data").set("object", object);
        String customer = finding.eventType().startsWith("customer.")
                ? id
                : object.path("customer").asString("");
        Envelope envelope =
                Envelope.of("found:" + finding.eventType() + ":" + id, "/credit-worker", finding.eventType(), id, now);
        return Outgoing.of(Topics.STRIPE_EVENTS, customer.isEmpty() ? id : customer, envelope, Codec.write(event));
    }
}
