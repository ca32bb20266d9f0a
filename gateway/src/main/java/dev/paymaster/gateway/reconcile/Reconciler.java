package dev.paymaster.gateway.reconcile;

import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.stripe.StripeLists;
import dev.paymaster.messaging.Ids;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Publishes what Stripe knows and nobody here does. Whatever it publishes may be on its way already, and running twice, or beside
 * webhooks, changes nothing: workers know repetitions by what they are about. Thread-safe.
 *
 * <p>What an instance that dies leaves behind: a lease that ends, and perhaps events that were published and not remembered;
 * they are published again.
 */
@Component
@EnableConfigurationProperties(ReconcileSettings.class)
class Reconciler {
    /** What was handed on that long ago, and has had no effect, is handed on again. */
    private static final Duration BY_ITSELF = Duration.ofDays(1);

    /** As long as the proof takes what has just happened to be under way. */
    private static final Duration ON_DEMAND = Duration.ofMinutes(15);

    private final StripeLists stripe;
    private final Lease lease;
    private final Missing missing;
    private final ReconcileSettings settings;
    private final Ids ids;
    private final Clock clock;

    Reconciler(StripeLists stripe, Lease lease, Missing missing, ReconcileSettings settings, Ids ids, Clock clock) {
        this.stripe = stripe;
        this.lease = lease;
        this.missing = missing;
        this.settings = settings;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * What came of one list.
     *
     * @param complete whether the sweep has reached its end; otherwise the next run goes on with it
     */
    record Swept(long seen, long published, boolean complete, Cursor cursor) {
        private Swept plus(Swept next) {
            return new Swept(seen + next.seen, published + next.published, next.complete, next.cursor);
        }
    }

    /**
     * What came of a run, list by list.
     *
     * @param refusal why Stripe doesn't show the first of the lists that are missing here; null: it has shown all
     */
    record Report(Map<Catalog, Swept> lists, @Nullable Problem refusal) {
        boolean complete() {
            return lists.values().stream().allMatch(Swept::complete);
        }
    }

    /**
     * A run.
     *
     * @param memory for how long it leaves what was handed on alone, though it has had no effect
     */
    private record Run(UUID holder, Duration memory) {}

    /** Runs now; ends with 409 while another run is under way, and, when all others are read, with the refusal of a list. */
    Mono<Report> run() {
        return run(Duration.ZERO, ON_DEMAND)
                .switchIfEmpty(Mono.error(Lease::underWay))
                .flatMap(report -> report.refusal() == null ? Mono.just(report) : Mono.error(report.refusal()));
    }

    /** Runs unless another run is under way, or was less than {@code rest} ago. */
    Mono<Report> run(Duration rest) {
        return run(rest, BY_ITSELF);
    }

    private Mono<Report> run(Duration rest, Duration memory) {
        Run run = new Run(ids.next(), memory);
        return lease.take(run.holder(), rest)
                .filter(taken -> taken)
                .flatMap(_ -> Mono.usingWhen(
                        Mono.just(run),
                        this::sweepAll,
                        mine -> lease.give(mine.holder(), true),
                        (mine, _) -> lease.give(mine.holder(), false),
                        mine -> lease.give(mine.holder(), false)));
    }

    private Mono<Report> sweepAll(Run run) {
        Map<Catalog, Swept> lists = new EnumMap<>(Catalog.class);
        List<Problem> refusals = new ArrayList<>();
        return missing.forgetOld()
                .thenMany(Flux.fromArray(Catalog.values()))
                .concatMap(list -> sweep(run, list)
                        .doOnNext(swept -> lists.put(list, swept))
                        .then()
                        .onErrorResume(Reconciler::isRefused, refusal -> {
                            missing.refused(list, refusal);
                            refusals.add((Problem) refusal);
                            return Mono.empty();
                        }))
                .then(Mono.fromSupplier(() -> new Report(lists, refusals.isEmpty() ? null : refusals.getFirst())));
    }

    /** Stripe has answered, and lets us read others: a restricted key may not see all lists. */
    private static boolean isRefused(Throwable failure) {
        return failure instanceof Problem problem && problem.code().equals("stripe_refused");
    }

    private Mono<Swept> sweep(Run run, Catalog list) {
        return lease.cursor(list).flatMap(cursor -> pages(run, list, cursor, settings.pages()));
    }

    private Mono<Swept> pages(Run run, Catalog list, Cursor cursor, int left) {
        return page(run, list, cursor)
                .flatMap(swept -> swept.complete() || left <= 1
                        ? Mono.just(swept)
                        : pages(run, list, swept.cursor(), left - 1).map(swept::plus));
    }

    private Mono<Swept> page(Run run, Catalog list, Cursor cursor) {
        return stripe.page(
                        list.path(),
                        list.query(
                                cursor.from(lookBack(list), clock.instant().minus(firstLookBack(list))),
                                cursor.resumeAfter()))
                .onErrorResume(
                        Problem.class,
                        refusal -> cursor.resumeAfter() != null && isRefused(refusal)
                                // Stripe has forgotten what the sweep had come to.
                                ? lease.advance(run.holder(), list, cursor.again())
                                        .then(Mono.error(refusal))
                                : Mono.error(refusal))
                .flatMap(page -> missing.publish(list, page.items(), run.memory())
                        .flatMap(count -> {
                            Cursor next = cursor.after(page);
                            return lease.advance(run.holder(), list, next)
                                    .thenReturn(
                                            new Swept(page.items().size(), count, next.resumeAfter() == null, next));
                        }));
    }

    private Duration lookBack(Catalog list) {
        return Objects.requireNonNullElse(list.lookBack(), settings.lookBack());
    }

    private Duration firstLookBack(Catalog list) {
        Duration usual = lookBack(list);
        return usual.compareTo(settings.lookBack()) > 0 ? usual : settings.lookBack();
    }
}
