package dev.paymaster.gateway.reconcile;

import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.stripe.ListPage.Item;
import dev.paymaster.gateway.stripewebhook.StripeEvents;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Publishes what of a page is missing here, oldest first, and says how much that was. Thread-safe. */
@Component
class Missing {
    private static final Logger LOG = LoggerFactory.getLogger(Missing.class);

    /** An invoice that still has no effect is told of again: its price may be known by then. */
    private static final Duration INVOICES_MEMORY = Duration.ofDays(1);

    private final Published published;
    private final StripeEvents events;
    private final Counter eventsPublished;
    private final Counter invoicesPublished;

    Missing(Published published, StripeEvents events, MeterRegistry meters) {
        this.published = published;
        this.events = events;
        this.eventsPublished = counter(meters, Catalog.EVENTS);
        this.invoicesPublished = counter(meters, Catalog.INVOICES);
    }

    private static Counter counter(MeterRegistry meters, Catalog list) {
        return Counter.builder("paymaster.reconcile.published")
                .description("What no webhook brought and Stripe's list showed")
                .tag("list", list.column())
                .register(meters);
    }

    /** Ends the memory of what was published long ago. */
    Mono<Void> forgetOld() {
        return published.forgetOld();
    }

    Mono<Long> events(List<Item> page) {
        return published
                .events(idsOf(page), Published.MEMORY)
                .flatMap(known -> publish(without(page, known), Item::id, Item::json))
                .doOnNext(eventsPublished::increment);
    }

    Mono<Long> invoices(List<Item> page) {
        List<Item> candidates = page.stream().filter(InvoicePaidEvent::matters).toList();
        return published
                .invoices(idsOf(candidates))
                .map(known -> without(candidates, known))
                .flatMap(unknown -> published
                        .events(
                                unknown.stream()
                                        .map(invoice -> InvoicePaidEvent.idOf(invoice.id()))
                                        .toList(),
                                INVOICES_MEMORY)
                        .flatMap(told -> publish(
                                unknown.stream()
                                        .filter(invoice -> !told.contains(InvoicePaidEvent.idOf(invoice.id())))
                                        .toList(),
                                invoice -> InvoicePaidEvent.idOf(invoice.id()),
                                InvoicePaidEvent::of)))
                .doOnNext(invoicesPublished::increment);
    }

    private Mono<Long> publish(List<Item> items, Function<Item, String> eventId, Function<Item, byte[]> event) {
        if (items.isEmpty()) {
            return Mono.just(0L);
        }
        return Flux.fromIterable(items.reversed())
                .concatMap(item -> publish(eventId.apply(item), event.apply(item)))
                .then(published.remember(items.stream().map(eventId).toList()))
                .thenReturn((long) items.size());
    }

    /** What is no event is Stripe's fault, and no reason to pass over those that are. */
    private Mono<Void> publish(String id, byte[] event) {
        return Mono.defer(() -> events.publish(event)).onErrorResume(Problem.class, problem -> {
            if (problem.code().equals("malformed_event")) {
                LOG.error("event {} of Stripe's list can't be handed on: {}", id, problem.detail());
                return Mono.empty();
            }
            return Mono.error(problem);
        });
    }

    private static List<String> idsOf(List<Item> items) {
        return items.stream().map(Item::id).toList();
    }

    private static List<Item> without(List<Item> items, Set<String> known) {
        return items.stream().filter(item -> !known.contains(item.id())).toList();
    }
}
