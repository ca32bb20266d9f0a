package dev.paymaster.credit.invoice;

import dev.paymaster.credit.invoice.Claim.Period;
import dev.paymaster.credit.invoice.InvoiceReading.Cut;
import dev.paymaster.credit.invoice.InvoiceReading.Entitles;
import dev.paymaster.credit.invoice.InvoiceReading.Ignored;
import dev.paymaster.credit.invoice.InvoiceReading.Reason;
import dev.paymaster.credit.stripe.InvoiceLine;
import dev.paymaster.credit.stripe.StripeObject;
import dev.paymaster.credit.stripe.UserId;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says what a paid invoice entitles to: a function of the invoice and the tariff. */
public final class InvoiceReader {
    private InvoiceReader() {}

    /**
     * Reads the invoice of an {@code invoice.paid} event. One of which the event shows only the first lines isn't granted in
     * part: the rest could never be added, because an invoice has its effect once.
     *
     * <p>One without a subscription grants nothing, but may give back what had waited for an invoice: such lines name their
     * subscriptions.
     *
     * @throws IllegalArgumentException when it might entitle to something, but doesn't say to what
     */
    public static InvoiceReading read(StripeObject invoice, Tariff tariff) {
        List<Item> ours = items(invoice, tariff);
        String subscription = invoice.subscription();
        if (subscription == null) {
            ours = ours.stream().filter(Item::namesItsSubscription).toList();
            if (ours.stream().noneMatch(Item::givesBack) && !invoice.hasMoreLines()) {
                return new Ignored(Reason.NO_SUBSCRIPTION);
            }
        }
        String id = invoice.id();
        if (id == null) {
            throw new IllegalArgumentException("an invoice without id");
        }
        if (invoice.hasMoreLines()) {
            return new Cut(id);
        }
        requireKnownPrices(invoice, ours, tariff);
        List<Part> parts = parts(id, subscription, ours);
        List<GivenBack> givenBack = parts.stream().flatMap(Part::givenBack).toList();
        List<Part> claimed = subscription == null
                ? List.of()
                : parts.stream().filter(Part::entitles).toList();
        if (claimed.isEmpty() && givenBack.isEmpty()) {
            return new Ignored(
                    subscription == null
                            ? Reason.NO_SUBSCRIPTION
                            : ours.isEmpty() ? Reason.UNKNOWN_PRICE : Reason.NOTHING_PAID);
        }
        long givenBackCents = givenBack.stream().mapToLong(GivenBack::cents).sum();
        if (invoice.money().isCalledOff(givenBackCents) && claimed.stream().anyMatch(part -> part.billedCents() > 0)) {
            return new Ignored(Reason.CREDITED);
        }
        long cashCents = Math.max(0, invoice.money().amountPaidCents());
        long paidCents = invoice.money().settledCents(givenBackCents);
        return new Entitles(new PaidInvoice(
                id,
                invoice.customer(),
                UserId.of(invoice.userId()),
                claims(claimed, invoice.paidAt(), cashCents, paidCents),
                givenBack,
                paidCents,
                cashCents));
    }

    /** A line with a price of ours. */
    private record Item(InvoiceLine line, Plan plan) {
        boolean grants() {
            return line.isPaidFor()
                    || (plan.grantOnTrial() && line.amountCents() == 0 && line.quantity() > 0 && !line.givesBack());
        }

        boolean givesBack() {
            return line.givesBack();
        }

        boolean undoes(Item other) {
            return line.amountCents() == -other.line().amountCents()
                    && start().equals(other.start())
                    && line.quantity() == other.line().quantity()
                    && Objects.equals(line.price(), other.line().price());
        }

        boolean isNetOfAll() {
            return line.isNetOfAll();
        }

        boolean namesItsSubscription() {
            return line.subscription() != null;
        }

        /** Lines that don't say are the first. */
        Instant start() {
            return Objects.requireNonNullElse(line.periodStart(), Instant.MIN);
        }

        long credits() {
            // Something without a quantity that is paid for is one.
            return Math.multiplyExact(plan.credits(), Math.max(1, line.quantity()));
        }
    }

    /** All that an invoice says of one service period. */
    private record Part(Period period, List<Item> items) {
        /**
         * The items that tell what was changed from and to: not a tier that was chosen and given up again at the same moment. Where
         * a coupon has left nothing to pay, one that was given up before it was billed has two lines without a sign, at whatever
         * moments: they make no difference.
         */
        List<Item> telling() {
            Map<Long, Item> unpaired = new HashMap<>();
            for (Item item : items) {
                if (item.isNetOfAll() && unpaired.remove(item.credits()) == null) {
                    unpaired.put(item.credits(), item);
                }
            }
            return withoutUndone().stream()
                    .filter(item -> !item.isNetOfAll() || unpaired.containsValue(item))
                    .toList();
        }

        /** Stripe's times are whole seconds. Each line undoes one other, which costs something. */
        private List<Item> withoutUndone() {
            List<Item> left = new ArrayList<>(items);
            for (Item item : items) {
                if (item.line().amountCents() < 0) {
                    left.stream().filter(item::undoes).findFirst().ifPresent(undone -> {
                        left.remove(undone);
                        left.remove(item);
                    });
                }
            }
            return left;
        }

        /** Unused time of a lower tier is given back on the invoice of an upgrade: only the difference came in. */
        long netCents() {
            return items.stream()
                    .filter(item -> item.grants() || item.givesBack())
                    .mapToLong(item -> item.line().revenueCents())
                    .sum();
        }

        long billedCents() {
            return Math.max(0, netCents());
        }

        /** Whoever goes up entitles to the higher tier, though a coupon may leave less to pay for it than is given back. */
        boolean entitles() {
            return credits(Item::grants) > (netCents() > 0 ? 0 : credits(Item::givesBack));
        }

        Stream<GivenBack> givenBack() {
            long netCents = netCents();
            boolean givesBack =
                    items.stream().anyMatch(Item::givesBack) || telling().size() < items.size();
            return netCents > 0 || !givesBack ? Stream.empty() : Stream.of(new GivenBack(period, -netCents));
        }

        /** What was changed at each moment, in order: the lines of a change begin when it was made. */
        private List<Part> changes() {
            return telling().stream()
                    .collect(Collectors.groupingBy(Item::start, TreeMap::new, Collectors.toList()))
                    .values()
                    .stream()
                    .map(each -> new Part(period, each))
                    .toList();
        }

        /**
         * Of the highest tier on it what was paid for: mostly all. Who goes up, and down again before either is billed, is left with the tier that they end
         * with, and of what is above the one that they began with, with the part that they paid for.
         */
        private long creditsPaidFor(long highest) {
            List<Part> changes = changes();
            long upCents = changes.stream().mapToLong(Part::billedCents).sum();
            if (netCents() <= 0 || upCents == netCents()) {
                return highest;
            }
            long before = changes.getFirst().credits(Item::givesBack);
            long after = changes.getLast().credits(Item::grants);
            long paidFor = before + part(highest - before, netCents(), upCents);
            return Math.max(1, Math.min(highest, Math.max(after, paidFor)));
        }

        /**
         * What was changed from, as far as another invoice bills it: the difference alone is billed here, whether or not that was
         * ever paid. A line that gives back 0 cents is one of the last minutes of a period if something is billed with it. Else it is
         * a trial's, which counts only if its tier grants on trial.
         */
        private long creditsPaidForBefore() {
            return changes()
                    .getFirst()
                    .credits(item -> item.line().amountCents() < 0
                            || (item.givesBack()
                                    && (billedCents() > 0 || item.plan().grantOnTrial())));
        }

        private long credits(Predicate<Item> which) {
            return telling().stream()
                    .filter(which)
                    .mapToLong(Item::credits)
                    .max()
                    .orElse(0);
        }

        /** That of the highest tier on it. */
        Claim claim(@Nullable Instant paidAt, long cashCents, long paidCents) {
            Item highest = telling().stream()
                    .filter(Item::grants)
                    .max(Comparator.comparingLong(Item::credits))
                    .orElseThrow();
            Instant start = highest.line().periodStart();
            Plan plan = highest.plan();
            Instant expiresAt = plan.expiryOf(start, paidAt);
            long credits = creditsPaidFor(highest.credits());
            return new Claim(
                    period,
                    plan.tier(),
                    Math.min(credits, creditsPaidForBefore()),
                    credits,
                    start,
                    expiresAt,
                    cashCents,
                    paidCents);
        }
    }

    /**
     * Who changes to a price that no tier has would lose what the old one is given back for, and for good: an invoice has its
     * effect once. People have to say whether that price is a tier's.
     */
    private static void requireKnownPrices(StripeObject invoice, List<Item> ours, Tariff tariff) {
        for (Item item : ours) {
            unknownSuccessor(item, ours, invoice.lines(), tariff).ifPresent(line -> {
                throw new IllegalArgumentException("invoice " + invoice.id() + " changes from "
                        + item.line().price() + " to " + line.price()
                        + ", which is no tier's price: if it is to be one's, add it to its settings and replay this; else"
                        + " discard this, and take the rest of the period's credits with POST /api/credits/grants");
            });
        }
    }

    /** What others sell beside our prices has had a line of its own before, which is given back in the same change. */
    private static Optional<InvoiceLine> unknownSuccessor(
            Item item, List<Item> ours, List<InvoiceLine> lines, Tariff tariff) {
        List<InvoiceLine> change =
                lines.stream().filter(line -> isOneChange(line, item.line())).toList();
        Set<String> before = change.stream()
                .filter(InvoiceLine::givesBack)
                .map(InvoiceLine::price)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        boolean known = ours.stream().anyMatch(other -> !other.givesBack() && change.contains(other.line()));
        return known || !item.givesBack()
                ? Optional.empty()
                : change.stream()
                        .filter(InvoiceLine::isPaidFor)
                        .filter(line -> line.price() != null
                                && tariff.planOf(line.price()) == null
                                && !before.contains(line.price()))
                        .findFirst();
    }

    private static boolean isOneChange(InvoiceLine one, InvoiceLine other) {
        return one.periodStart() != null
                && Objects.equals(one.periodStart(), other.periodStart())
                && Objects.equals(one.subscription(), other.subscription());
    }

    private static List<Item> items(StripeObject invoice, Tariff tariff) {
        List<Item> items = new ArrayList<>();
        for (InvoiceLine line : invoice.lines()) {
            Plan plan = tariff.planOf(line.price());
            if (plan != null) {
                items.add(new Item(line, plan));
            }
        }
        return items;
    }

    /** One for each service period, in the order in which the lines stand. */
    private static List<Part> parts(String id, @Nullable String subscription, List<Item> ours) {
        Map<Period, List<Item>> byPeriod = new LinkedHashMap<>();
        for (Item item : ours) {
            byPeriod.computeIfAbsent(periodOf(id, subscription, item.line()), _ -> new ArrayList<>())
                    .add(item);
        }
        return byPeriod.entrySet().stream()
                .map(each -> new Part(each.getKey(), each.getValue()))
                .toList();
    }

    private static List<Claim> claims(List<Part> parts, @Nullable Instant paidAt, long cashCents, long paidCents) {
        List<Long> billed = parts.stream().map(Part::billedCents).toList();
        List<Long> cash = shared(billed, cashCents);
        List<Long> paid = shared(billed, paidCents);
        List<Claim> claims = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            claims.add(parts.get(i).claim(paidAt, cash.get(i), paid.get(i)));
        }
        return claims;
    }

    /**
     * No more came in than was paid: where credit notes, lines of others or the customer's balance have paid for some, each claim
     * has its part of the cash, and the parts add up to the cent.
     */
    private static List<Long> shared(List<Long> billed, long paidCents) {
        long whole = billed.stream().mapToLong(Long::longValue).sum();
        if (whole <= paidCents) {
            return billed;
        }
        List<Long> paid = new ArrayList<>();
        long billedSoFar = 0;
        long paidSoFar = 0;
        for (long cents : billed) {
            billedSoFar += cents;
            long upto = part(billedSoFar, paidCents, whole);
            paid.add(upto - paidSoFar);
            paidSoFar = upto;
        }
        return paid;
    }

    /** Rounded down. */
    private static long part(long of, long numerator, long denominator) {
        return BigInteger.valueOf(of)
                .multiply(BigInteger.valueOf(numerator))
                .divide(BigInteger.valueOf(denominator))
                .longValueExact();
    }

    private static Period periodOf(String id, @Nullable String subscription, InvoiceLine line) {
        Instant end = line.periodEnd();
        String own = line.subscription() != null ? line.subscription() : subscription;
        if (end == null || own == null) {
            throw new IllegalArgumentException("invoice " + id + " has a line of ours without a service period");
        }
        return new Period(own, end);
    }
}
