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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Says what a paid invoice entitles to: a function of the invoice and the tariff. */
public final class InvoiceReader {
    private InvoiceReader() {}

    /**
     * Reads the invoice of an {@code invoice.paid} event. One of which the event shows only the first lines isn't granted in
     * part: the rest could never be added, because an invoice has its effect once.
     *
     * @throws IllegalArgumentException when it might entitle to something, but doesn't say to what
     */
    public static InvoiceReading read(StripeObject invoice, Tariff tariff) {
        String id = invoice.id();
        String subscription = invoice.subscription();
        if (subscription == null) {
            return new Ignored(Reason.NO_SUBSCRIPTION);
        }
        if (id == null) {
            throw new IllegalArgumentException("an invoice without id");
        }
        if (invoice.hasMoreLines()) {
            return new Cut(id);
        }
        List<Item> ours = items(invoice, tariff);
        List<Claim> claims = claims(id, subscription, ours);
        if (claims.isEmpty()) {
            return new Ignored(ours.isEmpty() ? Reason.UNKNOWN_PRICE : Reason.NOTHING_PAID);
        }
        long cashCents = Math.max(0, invoice.money().amountPaidCents());
        return new Entitles(new PaidInvoice(
                id,
                invoice.customer(),
                UserId.of(invoice.userId()),
                broughtIn(claims, cashCents),
                invoice.money().settledCents(),
                cashCents));
    }

    /** A line with a price of ours. */
    private record Item(InvoiceLine line, Plan plan) {
        boolean grants() {
            return line.isPaidFor() || (plan.grantOnTrial() && line.amountCents() == 0);
        }

        /** Unused time of a lower tier is given back on the invoice of an upgrade: only the difference came in. */
        long revenueCents() {
            return grants() || line.proration() ? line.revenueCents() : 0;
        }

        Claim claim(Period period, long revenueCents) {
            return new Claim(
                    period,
                    plan.tier(),
                    credits(),
                    line.periodStart(),
                    plan.expiryOf(line.periodStart()),
                    Math.max(0, revenueCents));
        }

        long credits() {
            return Math.multiplyExact(plan.credits(), line.quantity());
        }
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

    /** One claim per service period, in the order in which the lines stand: that of the highest tier paid for. */
    private static List<Claim> claims(String id, String subscription, List<Item> ours) {
        Map<Period, List<Item>> byPeriod = new LinkedHashMap<>();
        for (Item item : ours) {
            byPeriod.computeIfAbsent(periodOf(id, subscription, item.line()), _ -> new ArrayList<>())
                    .add(item);
        }
        List<Claim> claims = new ArrayList<>();
        byPeriod.forEach((period, items) -> {
            long revenueCents = items.stream().mapToLong(Item::revenueCents).sum();
            items.stream()
                    .filter(Item::grants)
                    .max(Comparator.comparingLong(Item::credits))
                    .ifPresent(highest -> claims.add(highest.claim(period, revenueCents)));
        });
        return claims;
    }

    /**
     * No more came in than was paid: where credit notes, lines of others or the customer's balance have paid for some, each claim
     * has its part of the cash, and the parts add up to the cent.
     */
    private static List<Claim> broughtIn(List<Claim> claims, long cashCents) {
        long billed = claims.stream().mapToLong(Claim::revenueCents).sum();
        if (billed <= cashCents) {
            return claims;
        }
        List<Claim> paid = new ArrayList<>();
        long billedSoFar = 0;
        long paidSoFar = 0;
        for (Claim claim : claims) {
            billedSoFar += claim.revenueCents();
            long upto = BigInteger.valueOf(billedSoFar)
                    .multiply(BigInteger.valueOf(cashCents))
                    .divide(BigInteger.valueOf(billed))
                    .longValueExact();
            paid.add(claim.bringing(upto - paidSoFar));
            paidSoFar = upto;
        }
        return paid;
    }

    private static Period periodOf(String id, String subscription, InvoiceLine line) {
        Instant end = line.periodEnd();
        if (end == null) {
            throw new IllegalArgumentException("invoice " + id + " has a line of ours without a service period");
        }
        String own = line.subscription();
        return new Period(own != null ? own : subscription, end);
    }
}
