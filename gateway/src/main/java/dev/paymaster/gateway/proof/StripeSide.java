package dev.paymaster.gateway.proof;

import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.http.Rows;
import dev.paymaster.gateway.stripe.ListPage.Item;
import dev.paymaster.gateway.stripe.StripeLists;
import dev.paymaster.gateway.stripe.StripeSettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Compares the newest transfers and paid invoices of Stripe's with what is known here. Thread-safe. */
@Component
class StripeSide {
    /** What was made at Stripe reaches us within moments; for so long its absence says nothing. */
    static final Duration GRACE = Duration.ofMinutes(15);

    /** The most that Stripe gives at once. */
    private static final String PAGE = "100";

    /** Payouts that are asked for one by one, because the pages didn't reach back to them. */
    private static final int MAX_LOOKUPS = 20;

    private final StripeLists stripe;
    private final StripeSettings settings;
    private final DatabaseClient database;
    private final Clock clock;

    StripeSide(StripeLists stripe, StripeSettings settings, DatabaseClient database, Clock clock) {
        this.stripe = stripe;
        this.settings = settings;
        this.database = database;
        this.clock = clock;
    }

    /**
     * What came of it.
     *
     * @param transfers how many of Stripe's were compared
     * @param invoices how many paid ones of Stripe's were compared
     * @param payouts how many paid payouts of ours were looked for there
     */
    record Compared(long transfers, long invoices, long payouts, List<Difference> differences) {}

    /** @param pages of each list, newest first */
    Mono<Compared> compare(int pages) {
        return all("/v1/transfers", Map.of(), pages)
                .flatMap(transfers -> all("/v1/invoices", Map.of("status", "paid"), pages)
                        .flatMap(invoices -> compare(transfers, invoices)));
    }

    private Mono<Compared> compare(List<Item> transfers, List<Item> invoices) {
        List<StripeTransfer> made = transfers.stream().map(StripeTransfer::of).toList();
        Instant settled = clock.instant().minus(GRACE);
        Set<String> ours = new HashSet<>(settings.prices().values());
        List<PaidInvoice> paid = invoices.stream()
                .map(PaidInvoice::of)
                .filter(invoice -> invoice.entitles(ours))
                .toList();
        return Mono.zip(payoutsOf(made), newestPaid(), usersOf(paid)).flatMap(known -> {
            List<Difference> found = new ArrayList<>(StripeTransfer.differences(made, known.getT1(), settled));
            found.addAll(PaidInvoice.differences(paid, known.getT3(), settled));
            Set<String> seen = made.stream().map(StripeTransfer::id).collect(Collectors.toSet());
            List<Payout> unseen = known.getT2().stream()
                    .filter(payout -> !seen.contains(payout.transferId()))
                    .limit(MAX_LOOKUPS)
                    .toList();
            long looked = known.getT2().stream()
                            .filter(payout -> seen.contains(payout.transferId()))
                            .count()
                    + unseen.size();
            return absent(unseen).map(absent -> {
                found.addAll(absent);
                return new Compared(made.size(), paid.size(), looked, List.copyOf(found));
            });
        });
    }

    private Mono<List<Item>> all(String path, Map<String, String> filter, int pages) {
        return page(path, filter, pages, "").collectList();
    }

    private Flux<Item> page(String path, Map<String, String> filter, int left, String after) {
        if (left == 0) {
            return Flux.empty();
        }
        Map<String, String> query = new LinkedHashMap<>(filter);
        query.put("limit", PAGE);
        if (!after.isEmpty()) {
            query.put("starting_after", after);
        }
        return stripe.page(path, query)
                .flatMapMany(page -> Flux.concat(
                        Flux.fromIterable(page.items()),
                        page.hasMore() && !page.items().isEmpty()
                                ? page(
                                        path,
                                        filter,
                                        left - 1,
                                        page.items().getLast().id())
                                : Flux.empty()));
    }

    /** A paid payout that Stripe has no transfer of. */
    private Mono<List<Difference>> absent(List<Payout> unseen) {
        return Flux.fromIterable(unseen)
                .concatMap(payout -> stripe.object("/v1/transfers/" + payout.transferId())
                        .flatMap(_ -> Mono.<Difference>empty())
                        .onErrorResume(
                                Problem.class,
                                refusal -> refusal.code().equals("stripe_refused")
                                        ? Mono.just(new Difference(
                                                "paid_payout_has_its_transfer",
                                                payout.id().toString(),
                                                "Stripe knows no transfer " + payout.transferId()))
                                        : Mono.error(refusal)))
                .collectList();
    }

    private Mono<Map<UUID, Payout>> payoutsOf(List<StripeTransfer> transfers) {
        UUID[] jobs = transfers.stream()
                .flatMap(transfer -> transfer.jobId().stream())
                .distinct()
                .toArray(UUID[]::new);
        return payouts(database.sql(Payout.COLUMNS + " WHERE job_id = ANY (:jobs)")
                        .bind("jobs", jobs))
                .collectMap(Payout::jobId);
    }

    private Mono<List<Payout>> newestPaid() {
        return payouts(database.sql(Payout.COLUMNS + " WHERE status = 'paid' ORDER BY id DESC LIMIT " + PAGE))
                .collectList();
    }

    private static Flux<Payout> payouts(DatabaseClient.GenericExecuteSpec statement) {
        return statement.map(Payout::of).all();
    }

    /** Whose these invoices are here; those that wait for their user are nobody's. */
    private Mono<Map<String, String>> usersOf(List<PaidInvoice> invoices) {
        return database.sql("""
                        SELECT invoice_id, user_id::text AS user_id FROM api.applied_invoice WHERE invoice_id = ANY (:ids)
                        UNION ALL
                        SELECT invoice_id, '' FROM api.parked_invoice WHERE invoice_id = ANY (:ids)""")
                .bind("ids", invoices.stream().map(PaidInvoice::id).toArray(String[]::new))
                .map(row -> Map.entry(Rows.text(row, "invoice_id"), Rows.text(row, "user_id")))
                .all()
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }
}
