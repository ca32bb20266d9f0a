package dev.paymaster.gateway.reconcile;

import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.stripe.ListPage.Item;
import dev.paymaster.gateway.stripe.StripeSettings;
import dev.paymaster.gateway.stripewebhook.StripeEvents;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
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

    /** An invoice that still has no effect is told of again: its price may be known by then. */
    private static final Duration INVOICES_MEMORY = Duration.ofDays(1);

    private final Published published;
    private final StripeEvents events;
    private final StripeSettings stripe;
    private final Map<Catalog, Counter> counters = new EnumMap<>(Catalog.class);

    Missing(Published published, StripeEvents events, StripeSettings stripe, MeterRegistry meters) {
        this.published = published;
        this.events = events;
        this.stripe = stripe;
        for (Catalog list : Catalog.values()) {
            counters.put(
                    list,
                    Counter.builder("paymaster.reconcile.published")
                            .description("What Stripe's lists showed and was handed on")
                            .tag("list", list.column())
                            .register(meters));
        }
    }

    /** Ends the memory of what was published long ago. */
    Mono<Void> forgetOld() {
        return published.forgetOld();
    }

    /** Publishes what of this page is news; how many that was. */
    Mono<Long> publish(Catalog list, List<Item> page) {
        return candidates(list, page)
                .flatMap(events -> without(events, memoryOf(list)))
                .flatMap(this::publish)
                .doOnNext(count -> Objects.requireNonNull(counters.get(list)).increment(count));
    }

    /** Of invoices, those without effect; of what is rarer, all: knowing what had its effect is the workers' affair. */
    private Mono<List<EventOf>> candidates(Catalog list, List<Item> page) {
        String type = list.eventType();
        if (type == null) {
            return Mono.just(page.stream().map(EventOf::event).toList());
        }
        Mono<Set<String>> known = list == Catalog.INVOICES
                ? published.invoices(page.stream().map(Item::id).toList())
                : Mono.just(Set.of());
        return known.map(ids -> page.stream()
                .filter(item -> !ids.contains(item.id()) && (list != Catalog.INVOICES || mayMatter(item)))
                .map(item -> EventOf.object(type, item))
                .toList());
    }

    private static Duration memoryOf(Catalog list) {
        return list == Catalog.INVOICES ? INVOICES_MEMORY : Published.MEMORY;
    }

    /**
     * Only invoices of subscriptions could entitle to anything, and one by hand may give back; neither in a currency that is passed
     * over.
     */
    private boolean mayMatter(Item invoice) {
        JsonNode json = JsonMapper.shared().readTree(invoice.json());
        boolean ofSubscription = !json.path("parent")
                        .path("subscription_details")
                        .path("subscription")
                        .isMissingNode()
                || json.path("subscription").isString();
        return (ofSubscription || mayGiveBack(json.path("lines")))
                && !stripe.passesOver(json.path("currency").asString("usd"));
    }

    /** As far as the list shows its lines; further ones may. */
    private static boolean mayGiveBack(JsonNode lines) {
        return lines.path("has_more").asBoolean(false)
                || lines.path("data")
                        .valueStream()
                        .anyMatch(line -> line.path("amount").asLong(0) < 0);
    }

    private Mono<List<EventOf>> without(List<EventOf> events, Duration memory) {
        return published
                .events(events.stream().map(EventOf::id).toList(), memory)
                .map(told -> events.stream()
                        .filter(event -> !told.contains(event.id()))
                        .toList());
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
