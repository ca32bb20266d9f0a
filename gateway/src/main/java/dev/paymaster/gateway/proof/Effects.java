package dev.paymaster.gateway.proof;

import dev.paymaster.gateway.catalogue.CatalogueSettings;
import dev.paymaster.gateway.stripe.ListPage.Item;
import dev.paymaster.gateway.stripe.StripeSettings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Whether what Stripe's lists show has had its effect here, for whoever hands it on again. Thread-safe. */
@Component
public class Effects {
    /** Credits, and what they cost, are reckoned in it. */
    private static final String US_DOLLAR = "usd";

    private final OurSide ours;
    private final StripeSettings settings;
    private final Tiers tiers;

    Effects(OurSide ours, StripeSettings settings, CatalogueSettings catalogue) {
        this.ours = ours;
        this.settings = settings;
        this.tiers = new Tiers(settings.tierByPrice(), catalogue.grantingOnTrial());
    }

    /**
     * What of a page. Of the rest nobody sees here whether it has had an effect.
     *
     * @param had the ids of what has had all of it, or waits for its user
     * @param missing the ids of what should have had one: the proof names it in the end
     */
    public record Seen(Set<String> had, Set<String> missing) {
        /** Of what leaves no trace. */
        public static final Seen NOTHING = new Seen(Set.of(), Set.of());

        private static <T> Seen of(List<T> due, Function<T, String> id, Predicate<T> hadIt) {
            Map<Boolean, Set<String>> ids = due.stream()
                    .collect(Collectors.partitioningBy(hadIt, Collectors.mapping(id, Collectors.toUnmodifiableSet())));
            return new Seen(ids.getOrDefault(true, Set.of()), ids.getOrDefault(false, Set.of()));
        }
    }

    /** Of paid invoices. */
    public Mono<Seen> ofInvoices(List<Item> page) {
        List<PaidInvoice> all = invoices(page);
        return ours.invoices(all).map(known -> {
            Set<String> missing = all.stream()
                    .filter(invoice -> isDue(invoice) && !known.containsKey(invoice.id()))
                    .map(PaidInvoice::id)
                    .collect(Collectors.toUnmodifiableSet());
            return new Seen(known.keySet(), missing);
        });
    }

    /** Of complete Checkout sessions. */
    public Mono<Seen> ofSessions(List<Item> page) {
        List<PaidPack> due = comparedPacks(page).stream()
                .filter(pack -> isSoldFor(pack.currency()))
                .toList();
        return ours.topUps(due).map(granted -> Seen.of(due, PaidPack::id, pack -> granted.containsKey(pack.id())));
    }

    /** Of refunds. */
    public Mono<Seen> ofRefunds(List<Item> page) {
        return ofMoneyBack(page, MoneyBack::refund);
    }

    /** Of disputes. */
    public Mono<Seen> ofDisputes(List<Item> page) {
        return ofMoneyBack(page, MoneyBack::dispute);
    }

    /** Of transfers, as far as they were taken back. What isn't ours, or was never wanted back, needs no effect. */
    public Mono<Seen> ofTransfers(List<Item> page) {
        List<StripeTransfer> all = page.stream().map(StripeTransfer::of).toList();
        List<StripeTransfer> back =
                all.stream().filter(transfer -> transfer.backCents() > 0).toList();
        Mono<Set<String>> missing = back.isEmpty() ? Mono.just(Set.of()) : ours.notKnownAsTakenBack(back);
        return missing.map(ids -> Seen.of(all, StripeTransfer::id, transfer -> !ids.contains(transfer.id())));
    }

    private Mono<Seen> ofMoneyBack(List<Item> page, Function<Item, Optional<MoneyBack>> reading) {
        List<MoneyBack> due =
                page.stream().map(reading).flatMap(Optional::stream).toList();
        return ours.recorded(due)
                .map(recorded -> Seen.of(due, MoneyBack::id, back -> back.isTold(recorded.get(back.id()))));
    }

    /** Those that pay for something of ours, or give it back; in whatever currency, unless that is passed over. */
    List<PaidInvoice> comparedInvoices(List<Item> page) {
        return invoices(page).stream()
                .filter(invoice -> invoice.entitles() && !settings.passesOver(invoice.currency()))
                .toList();
    }

    private List<PaidInvoice> invoices(List<Item> page) {
        return page.stream().map(item -> PaidInvoice.of(item, tiers)).toList();
    }

    private static boolean isDue(PaidInvoice invoice) {
        return invoice.entitles() && isSoldFor(invoice.currency());
    }

    /** What was paid in others is passed over, or it is among the dead letters, and people's to decide: handed on again, it still is. */
    private static boolean isSoldFor(String currency) {
        return currency.equals(US_DOLLAR);
    }

    /** What to do about what was paid and has come to nothing. */
    static String remedy(Instant paidAt, String currency) {
        return "paid at " + paidAt
                + (isSoldFor(currency)
                        ? "; POST /api/admin/reconcile hands it on, if it was made within reconcile.look-back"
                        : " in " + currency
                                + ", and nothing was given for it, because only usd is sold for: refund it, or grant by hand;"
                                + " it stays named. With stripe.foreign-currency=ignore, nothing in other currencies is named");
    }

    /** Those that have paid for a pack; in whatever currency, unless that is passed over. */
    List<PaidPack> comparedPacks(List<Item> page) {
        return page.stream()
                .map(PaidPack::of)
                .flatMap(Optional::stream)
                .filter(pack -> !settings.passesOver(pack.currency()))
                .toList();
    }
}
