package dev.paymaster.credit.stripe;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of an invoice.
 *
 * @param amountCents before discounts; negative when it credits unused time
 * @param discountCents what discounts took off it
 * @param quantity how many of the price; at least 1
 * @param price id of the price; absent on lines without one
 * @param subscription the subscription it bills, if the line says so
 * @param periodStart start of the service period
 * @param periodEnd end of the service period
 */
public record InvoiceLine(
        long amountCents,
        long discountCents,
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
        return amountCents < 0;
    }

    /** Whether it was paid for: with money, or with a coupon that left nothing to pay. A trial is neither. */
    public boolean isPaidFor() {
        return amountCents > 0 || (amountCents == 0 && discountCents > 0);
    }
}
