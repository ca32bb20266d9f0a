package dev.paymaster.gateway.proof;

import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.stripe.ListPage;
import dev.paymaster.gateway.stripe.ListPage.Item;
import dev.paymaster.gateway.stripe.StripeLists;
import dev.paymaster.gateway.stripe.StripeSettings;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Compares Stripe's lists with what is known here, page by page. Thread-safe. */
@Component
class StripeSide {
    /** Payouts that are asked for one by one, because the newest page of transfers hasn't them. */
    private static final int MAX_LOOKUPS = 20;

    private final StripeLists stripe;
    private final StripeSettings settings;
    private final OurSide ours;
    private final ProofSettings proof;
    private final Clock clock;
    private final Map<String, String> tiers;

    StripeSide(StripeLists stripe, StripeSettings settings, OurSide ours, ProofSettings proof, Clock clock) {
        this.stripe = stripe;
        this.settings = settings;
        this.ours = ours;
        this.proof = proof;
        this.clock = clock;
        this.tiers = settings.prices().entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey, (tier, _) -> tier));
    }

    /**
     * What came of a page.
     *
     * @param last what it ended with; empty: it was the list's last
     */
    record Compared(String last, AtStripeCounts counts, List<Difference> differences) {}

    /** How many of a page were compared, and what is wrong with them; further payouts of ours were looked for. */
    private record Found(long count, long payouts, List<Difference> differences) {}

    /** One page of a list. */
    Mono<Compared> compare(Place.AtStripe at) {
        StripeList list = at.list();
        return stripe.page(list.path(), list.query(at.after()))
                .flatMap(page -> found(at, page.items())
                        .map(found -> new Compared(
                                last(page),
                                AtStripeCounts.of(list, found.count(), found.payouts()),
                                found.differences())));
    }

    private static String last(ListPage page) {
        return page.hasMore() && !page.items().isEmpty()
                ? page.items().getLast().id()
                : "";
    }

    private Mono<Found> found(Place.AtStripe at, List<Item> page) {
        Grace grace = new Grace(clock.instant(), proof.settledAfter());
        return switch (at.list()) {
            case TRANSFERS -> transfers(page, at.after().isEmpty(), grace);
            case INVOICES -> invoices(page, grace);
            case SESSIONS -> packs(page, grace);
            case REFUNDS -> moneyBack(page, MoneyBack::refund, grace);
            case DISPUTES -> moneyBack(page, MoneyBack::dispute, grace);
        };
    }

    private Mono<Found> transfers(List<Item> page, boolean newest, Grace grace) {
        List<StripeTransfer> made = page.stream().map(StripeTransfer::of).toList();
        return ours.payoutsOf(made).flatMap(payouts -> {
            List<Difference> found = StripeTransfer.differences(made, payouts, grace);
            return newest
                    ? newestPaid(made).map(absent -> new Found(made.size(), absent.payouts(), joined(found, absent)))
                    : Mono.just(new Found(made.size(), 0, found));
        });
    }

    /** Whether Stripe has the transfers of the payouts that were paid last. */
    private Mono<Found> newestPaid(List<StripeTransfer> made) {
        Set<String> seen = made.stream().map(StripeTransfer::id).collect(Collectors.toSet());
        return ours.newestPaid().flatMap(paid -> {
            List<Payout> unseen = paid.stream()
                    .filter(payout -> !seen.contains(payout.transferId()))
                    .limit(MAX_LOOKUPS)
                    .toList();
            long found = paid.stream()
                    .filter(payout -> seen.contains(payout.transferId()))
                    .count();
            return absent(unseen).map(absent -> new Found(0, found + unseen.size(), absent));
        });
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

    private Mono<Found> invoices(List<Item> page, Grace grace) {
        List<PaidInvoice> paid = page.stream()
                .map(item -> PaidInvoice.of(item, tiers))
                .filter(invoice -> invoice.entitles() && !settings.passesOver(invoice.currency()))
                .toList();
        return ours.invoices(paid).map(known -> new Found(paid.size(), 0, PaidInvoice.differences(paid, known, grace)));
    }

    private Mono<Found> packs(List<Item> page, Grace grace) {
        List<PaidPack> paid = page.stream()
                .map(PaidPack::of)
                .flatMap(Optional::stream)
                .filter(pack -> !settings.passesOver(pack.currency()))
                .toList();
        return ours.topUps(paid).map(granted -> new Found(paid.size(), 0, PaidPack.differences(paid, granted, grace)));
    }

    private Mono<Found> moneyBack(List<Item> page, Function<Item, Optional<MoneyBack>> reading, Grace grace) {
        List<MoneyBack> all =
                page.stream().map(reading).flatMap(Optional::stream).toList();
        return Mono.zip(ours.recorded(all), ours.notTakenBack(all, grace))
                .map(known -> new Found(
                        all.size(), 0, joined(MoneyBack.differences(all, known.getT1(), grace), known.getT2())));
    }

    private static List<Difference> joined(List<Difference> some, Found more) {
        return joined(some, more.differences());
    }

    private static List<Difference> joined(List<Difference> some, List<Difference> more) {
        List<Difference> all = new ArrayList<>(some);
        all.addAll(more);
        return List.copyOf(all);
    }
}
