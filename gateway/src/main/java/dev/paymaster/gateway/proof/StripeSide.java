package dev.paymaster.gateway.proof;

import static java.util.function.Predicate.not;

import dev.paymaster.gateway.http.Problem;
import dev.paymaster.gateway.proof.Place.Sweep;
import dev.paymaster.gateway.stripe.ListPage;
import dev.paymaster.gateway.stripe.ListPage.Item;
import dev.paymaster.gateway.stripe.StripeLists;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Compares Stripe's lists with what is known here, page by page: of each what was made since some time before a run last found all of
 * it in order. Thread-safe.
 */
@Component
class StripeSide {
    private final StripeLists stripe;
    private final Effects effects;
    private final OurSide ours;
    private final Marks marks;
    private final TierCredits credits;
    private final ProofSettings proof;
    private final Clock clock;

    StripeSide(
            StripeLists stripe,
            Effects effects,
            OurSide ours,
            Marks marks,
            TierCredits credits,
            ProofSettings proof,
            Clock clock) {
        this.stripe = stripe;
        this.effects = effects;
        this.ours = ours;
        this.marks = marks;
        this.credits = credits;
        this.proof = proof;
        this.clock = clock;
    }

    /** What came of a page, and where to go on. */
    record Compared(Place next, AtStripeCounts counts, List<Difference> differences) {}

    /** How many of a page were compared, and what is wrong with them. */
    private record Found(long count, List<Difference> differences) {}

    /**
     * One page of a list.
     *
     * @param all whether a way that begins here goes through the whole list
     */
    Mono<Compared> compare(Place.AtStripe at, boolean all) {
        Sweep begun = at.sweep();
        return begun == null ? sweep(at, all).flatMap(sweep -> compare(at.in(sweep), sweep)) : compare(at, begun);
    }

    private Mono<Sweep> sweep(Place.AtStripe at, boolean all) {
        if (!at.after().isEmpty()) {
            return Mono.just(Sweep.UNKNOWN);
        }
        long upto = clock.instant().minus(proof.settledAfter()).getEpochSecond();
        long lookBack = at.list().lookBack(proof.lookBack()).toSeconds();
        return all
                ? Mono.just(new Sweep(0, upto))
                : marks.of(at.list())
                        // Whoever set it may have had a clock that was ahead.
                        .map(mark -> new Sweep(Math.max(0, Math.min(mark, upto) - lookBack), upto));
    }

    private Mono<Compared> compare(Place.AtStripe at, Sweep sweep) {
        StripeList list = at.list();
        Grace grace = new Grace(clock.instant(), proof.settledAfter());
        return stripe.page(list.path(), list.query(at.after(), sweep.since())).flatMap(page -> switch (list) {
            case TRANSFERS -> transfers(at, sweep, page, grace);
            case INVOICES -> compared(at, sweep, page, invoices(page.items(), grace));
            case SESSIONS -> compared(at, sweep, page, packs(page.items(), grace));
            case REFUNDS -> compared(at, sweep, page, moneyBack(page.items(), MoneyBack::refund, grace));
            case DISPUTES -> compared(at, sweep, page, moneyBack(page.items(), MoneyBack::dispute, grace));
        });
    }

    private Mono<Compared> compared(Place.AtStripe at, Sweep sweep, ListPage page, Mono<Found> found) {
        return found.flatMap(of -> goingOn(
                at.after(last(page), null),
                sweep,
                AtStripeCounts.of(at.list(), of.count(), 0),
                of.differences(),
                List.of()));
    }

    /**
     * Further on in a list, or in the next one.
     *
     * @param to the same list, after the page; after nothing: it was the last one
     * @param wrong what is looked for until it is gone; noted at once, for the caller may never come to the end of the list
     * @param strange what is named, and stays as it is
     */
    private Mono<Compared> goingOn(
            Place.AtStripe to, Sweep sweep, AtStripeCounts counts, List<Difference> wrong, List<Difference> strange) {
        boolean ended = to.after().isEmpty();
        Sweep after = sweep.with(wrong);
        Compared compared = new Compared(ended ? to.next() : to.in(after), counts, Difference.joined(wrong, strange));
        return noted(to.list(), after, ended || !wrong.isEmpty(), compared);
    }

    private Mono<Compared> noted(StripeList list, Sweep sweep, boolean news, Compared compared) {
        return news ? marks.note(list, sweep).thenReturn(compared) : Mono.just(compared);
    }

    private static String last(ListPage page) {
        return page.hasMore() && !page.items().isEmpty()
                ? page.items().getLast().id()
                : "";
    }

    /**
     * A page of transfers, and the payouts that were paid in the time that it is of. Those whose transfer isn't on it are asked for one
     * by one: payouts learn of their transfer a moment later, or much later. If there are too many, the page comes again. Transfers of
     * others never become ours, and don't have all of them read again each time.
     */
    private Mono<Compared> transfers(Place.AtStripe at, Sweep sweep, ListPage page, Grace grace) {
        List<StripeTransfer> made =
                page.items().stream().map(StripeTransfer::of).toList();
        String last = last(page);
        Instant from = Instant.ofEpochSecond(
                last.isEmpty() ? sweep.since() : page.items().getLast().created());
        return Mono.zip(ours.payoutsOf(made), ours.paidBetween(from, at.until()))
                .flatMap(both -> {
                    List<Payout> paid = both.getT2();
                    Mono<List<Difference>> absent = absent(made, paid);
                    if (paid.size() >= OurSide.MOST_PAID) {
                        return absent.flatMap(found -> {
                            Sweep after = sweep.with(found);
                            Place.AtStripe again =
                                    at.after(at.after(), paid.getLast().updatedAt());
                            AtStripeCounts counts = AtStripeCounts.of(StripeList.TRANSFERS, 0, paid.size());
                            Compared compared = new Compared(again.in(after), counts, found);
                            return noted(at.list(), after, !found.isEmpty(), compared);
                        });
                    }
                    List<StripeTransfer> likeOurs = made.stream()
                            .filter(not(StripeTransfer::isOfOthers))
                            .toList();
                    List<Difference> wrong = StripeTransfer.differences(likeOurs, both.getT1(), grace);
                    List<Difference> strange = made.stream()
                            .filter(StripeTransfer::isOfOthers)
                            .map(StripeTransfer::strange)
                            .toList();
                    return absent.flatMap(found -> goingOn(
                            at.after(last, from),
                            sweep,
                            AtStripeCounts.of(StripeList.TRANSFERS, made.size(), paid.size()),
                            Difference.joined(wrong, found),
                            strange));
                });
    }

    /** Paid payouts that Stripe has no transfer of. */
    private Mono<List<Difference>> absent(List<StripeTransfer> made, List<Payout> paid) {
        Set<String> seen = made.stream().map(StripeTransfer::id).collect(Collectors.toSet());
        return Flux.fromIterable(paid)
                .filter(payout -> !seen.contains(String.valueOf(payout.transferId())))
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
        List<PaidInvoice> paid = effects.comparedInvoices(page);
        return ours.invoices(paid)
                .map(known -> new Found(
                        paid.size(),
                        Difference.joined(
                                PaidInvoice.differences(paid, known, grace), credits.differences(paid, known, grace))));
    }

    private Mono<Found> packs(List<Item> page, Grace grace) {
        List<PaidPack> paid = effects.comparedPacks(page);
        return ours.topUps(paid).map(granted -> new Found(paid.size(), PaidPack.differences(paid, granted, grace)));
    }

    private Mono<Found> moneyBack(List<Item> page, Function<Item, Optional<MoneyBack>> reading, Grace grace) {
        List<MoneyBack> all =
                page.stream().map(reading).flatMap(Optional::stream).toList();
        return Mono.zip(ours.recorded(all), ours.notTakenBack(all, grace))
                .map(known -> new Found(
                        all.size(),
                        Difference.joined(MoneyBack.differences(all, known.getT1(), grace), known.getT2())));
    }
}
