package dev.paymaster.gateway.reconcile;

import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.proof.Effects;
import dev.paymaster.gateway.proof.Effects.Seen;
import dev.paymaster.gateway.stripe.ListPage.Item;
import dev.paymaster.gateway.stripe.StripeSettings;
import dev.paymaster.gateway.stripewebhook.StripeEvents;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Publishes what of a page is missing here, oldest first, and says how much that was. Thread-safe. */
@Component
class Missing {
    private static final Logger LOG = LoggerFactory.getLogger(Missing.class);

    private final Published published;
    private final StripeEvents events;
    private final Effects effects;
    private final StripeSettings stripe;
    private final Set<String> prices;
    private final Map<Catalog, Counter> counters = new EnumMap<>(Catalog.class);
    private final Map<Catalog, Counter> refusals = new EnumMap<>(Catalog.class);

    Missing(Published published, StripeEvents events, Effects effects, StripeSettings stripe, MeterRegistry meters) {
        this.published = published;
        this.events = events;
        this.effects = effects;
        this.stripe = stripe;
        this.prices = stripe.tierByPrice().keySet();
        for (Catalog list : Catalog.values()) {
            counters.put(
                    list,
                    Counter.builder("paymaster.reconcile.published")
                            .description("What Stripe's lists showed and was handed on")
                            .tag("list", list.column())
                            .register(meters));
            refusals.put(
                    list,
                    Counter.builder("paymaster.reconcile.refused")
                            .description("Runs in which Stripe didn't show a list")
                            .tag("list", list.column())
                            .register(meters));
        }
    }

    /** Tells that nobody knows what of a list is missing. */
    void refused(Catalog list, Throwable refusal) {
        LOG.warn("Stripe doesn't show its {}: {}", list.column(), refusal.toString());
        Objects.requireNonNull(refusals.get(list)).increment();
    }

    /** Ends the memory of what was published long ago. */
    Mono<Void> forgetOld() {
        return published.forgetOld();
    }

    /**
     * Publishes what of this page is news; how many that was.
     *
     * @param memory after which what should have had an effect, and hasn't, is published again: it may have been lost
     */
    Mono<Long> publish(Catalog list, List<Item> page, Duration memory) {
        return effects(list, page)
                .flatMap(seen -> news(list, page, seen, memory))
                .flatMap(this::publish)
                .doOnNext(count -> Objects.requireNonNull(counters.get(list)).increment(count));
    }

    private Mono<Seen> effects(Catalog list, List<Item> page) {
        return switch (list) {
            case INVOICES -> effects.ofInvoices(page);
            case SESSIONS -> effects.ofSessions(page);
            case REFUNDS -> effects.ofRefunds(page);
            case DISPUTES -> effects.ofDisputes(page);
            case TRANSFERS -> effects.ofTransfers(page);
            case EVENTS, CREDIT_NOTES -> Mono.just(Seen.NOTHING);
        };
    }

    /** What nobody sees the effect of is news once in each of its states. */
    private Mono<List<EventOf>> news(Catalog list, List<Item> page, Seen seen, Duration memory) {
        List<EventOf> candidates = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (Item item : page) {
            if (!seen.had().contains(item.id()) && (list != Catalog.INVOICES || mayMatter(item))) {
                EventOf event = eventOf(list, item);
                candidates.add(event);
                (seen.missing().contains(item.id()) ? missing : others).add(event.id());
            }
        }
        return Mono.zip(published.events(missing, memory), published.events(others, Published.MEMORY))
                .map(told -> candidates.stream()
                        .filter(event -> !told.getT1().contains(event.id())
                                && !told.getT2().contains(event.id()))
                        .toList());
    }

    private static EventOf eventOf(Catalog list, Item item) {
        String type = list.eventType();
        return type == null ? EventOf.event(item) : EventOf.object(type, item);
    }

    /**
     * Only invoices of subscriptions could entitle to anything, and one by hand may give back; neither in a currency that is passed
     * over, or for what others sell.
     */
    private boolean mayMatter(Item invoice) {
        JsonNode json = JsonMapper.shared().readTree(invoice.json());
        boolean ofSubscription = !json.path("parent")
                        .path("subscription_details")
                        .path("subscription")
                        .isMissingNode()
                || json.path("subscription").isString();
        JsonNode lines = json.path("lines");
        return (ofSubscription || mayGiveBack(lines))
                && !isOfOthers(lines)
                && !stripe.passesOver(json.path("currency").asString("usd"));
    }

    /** As far as the list shows its lines; further ones may. */
    private static boolean mayGiveBack(JsonNode lines) {
        return lines.path("has_more").asBoolean(false)
                || lines.path("data")
                        .valueStream()
                        .anyMatch(line -> line.path("amount").asLong(0) < 0);
    }

    /** Whether all lines are shown, and all are of prices that aren't ours. */
    private boolean isOfOthers(JsonNode lines) {
        return !lines.path("has_more").asBoolean(false)
                && lines.path("data").valueStream().allMatch(line -> {
                    String price = line.at("/pricing/price_details/price").asString("");
                    return !price.isEmpty() && !prices.contains(price);
                });
    }

    private Mono<Long> publish(List<EventOf> news) {
        if (news.isEmpty()) {
            return Mono.just(0L);
        }
        return Flux.fromIterable(news.reversed())
                .concatMap(this::publish)
                .then(published.remember(news.stream().map(EventOf::id).toList()))
                .thenReturn((long) news.size());
    }

    /** What is no event is Stripe's fault, and no reason to pass over those that are. */
    private Mono<Void> publish(EventOf event) {
        return Mono.defer(() -> events.publish(event.json())).onErrorResume(Problem.class, problem -> {
            if (problem.code().equals("malformed_event")) {
                LOG.error("event {} of Stripe's list can't be handed on: {}", event.id(), problem.detail());
                return Mono.empty();
            }
            return Mono.error(problem);
        });
    }
}
