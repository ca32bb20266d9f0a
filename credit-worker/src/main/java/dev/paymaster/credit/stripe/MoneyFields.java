package dev.paymaster.credit.stripe;

import org.jspecify.annotations.Nullable;

/**
 * What an object says of money. Amounts that it doesn't have are 0.
 *
 * @param currency in lower case: {@code usd}
 * @param status of a refund, a dispute, a credit note
 * @param paymentStatus of a session: {@code paid}, {@code unpaid}, {@code no_payment_required}
 * @param paymentIntent that paid, or was charged; of an invoice payment, the one inside it
 * @param charge of a refund or dispute; of an invoice payment, the one inside it
 * @param invoice of an invoice payment or a credit note
 * @param createdSeconds when the object was made, in seconds since 1970
 * @param amountCents of a refund, a dispute, a charge
 * @param amountRefundedCents of a charge: what was refunded of it by now
 * @param amountPaidCents of an invoice
 * @param startingBalanceCents of an invoice: what the customer owed before it was finalised; negative: was owed
 * @param endingBalanceCents of an invoice: the same, after
 * @param totalCents of an invoice: what it bills, after discounts, with taxes; negative: it gives back
 * @param creditedCents of an invoice: what credit notes took off it before it was paid
 * @param amountTotalCents of a session
 * @param postPaymentCents of a credit note: what it gives back of a paid invoice
 * @param refundsCents of a credit note: what of that it gives back by refunds
 * @param outOfBandCents of a credit note: what of that it gives back outside of Stripe
 * @param ownerId {@code user_id} in the object's own metadata
 * @param pack {@code pack} in the object's own metadata
 * @param packCredits {@code credits} in the object's own metadata: how many the pack was sold with
 */
public record MoneyFields(
        @Nullable String currency,
        @Nullable String status,
        @Nullable String paymentStatus,
        @Nullable String paymentIntent,
        @Nullable String charge,
        @Nullable String invoice,
        long createdSeconds,
        long amountCents,
        long amountRefundedCents,
        long amountPaidCents,
        long startingBalanceCents,
        long endingBalanceCents,
        long totalCents,
        long creditedCents,
        long amountTotalCents,
        long postPaymentCents,
        long refundsCents,
        long outOfBandCents,
        @Nullable String ownerId,
        @Nullable String pack,
        @Nullable String packCredits) {
    /** Nothing at all. */
    public static final MoneyFields NONE =
            new MoneyFields(null, null, null, null, null, null, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, null, null, null);

    /** Whether credit notes left nothing to pay of an invoice, neither in cash nor from the balance nor with what it gives back. */
    public boolean isCalledOff(long givenBackCents) {
        return creditedCents > 0 && creditedCents >= Math.addExact(totalCents, givenBackCents);
    }

    /**
     * What all that an invoice bills was settled with, in cents: what was paid, what the customer's balance took over, and what
     * it gives back itself. A balance that was owed to the customer pays; one that the customer owed is on top of the invoice,
     * and isn't part of its price. What is given back and not needed adds to the balance.
     */
    public long settledCents(long givenBackCents) {
        long fromBalanceCents = Math.subtractExact(endingBalanceCents, startingBalanceCents);
        return Math.max(0, Math.addExact(Math.addExact(amountPaidCents, fromBalanceCents), givenBackCents));
    }
}
