package dev.paymaster.credit.stripe;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of an invoice.
 *
 * @param amountCents before discounts, unless it is net of them; negative when it credits unused time
 * @param discountCents what discounts took off it
 * @param net whether it is a part of a period under discounts: its amount may be net of them, so that they have no amounts
 * @param credit whether it says which line it credits: without an amount, nothing else tells
 * @param quantity how many of the price; 1 where the line doesn't say
 * @param price id of the price; absent on lines without one
 * @param subscription the subscription it bills, if the line says so
 * @param periodStart start of the service period
 * @param periodEnd end of the service period
 */
public record InvoiceLine(
        long amountCents,
        long discountCents,
        boolean net,
        boolean credit,
        long quantity,
        @Nullable String price,
        @Nullable String subscription,
        @Nullable Instant periodStart,
        @Nullable Instant periodEnd) {

    /** What it brought in. */
    public long revenueCents() {
        return Math.subtractExact(amountCents, discountCents);
    }

    /** Whether it gives unused time back. */
    public boolean givesBack() {
        return amountCents < 0 || (amountCents == 0 && credit);
    }

    /** Whether it was paid for: with money, or with a coupon that left nothing to pay. A trial is neither. */
    public boolean isPaidFor() {
        return amountCents > 0 || (amountCents == 0 && !credit && (discountCents > 0 || net));
    }

    /** Whether a coupon has left nothing of a part of a period, be it billed or credited. */
    public boolean isNetOfAll() {
        return amountCents == 0 && discountCents == 0 && (net || credit);
    }
}
