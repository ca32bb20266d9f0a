package dev.paymaster.credit.reversal;

import dev.paymaster.credit.reversal.PaymentFact.Kind;
import dev.paymaster.credit.reversal.PaymentFact.Linked;
import dev.paymaster.credit.reversal.PaymentFact.RefundedInAll;
import dev.paymaster.credit.reversal.PaymentFact.Reversal;
import dev.paymaster.credit.reversal.Purchase.OfInvoice;
import dev.paymaster.credit.stripe.MoneyFields;
import dev.paymaster.credit.stripe.StripeObject;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads events about payments: a function of the event. */
public final class PaymentReader {
    /** States in which a refund's money is back. */
    private static final Set<String> REFUND_ENDED = Set.of("failed", "canceled");

    /** A dispute that takes no money: an inquiry, or one that the card network settled before it began. */
    private static final String INQUIRY = "warning_";

    private static final String PREVENTED = "prevented";

    private PaymentReader() {}

    /**
     * What the event says of a payment; null when it says nothing of one.
     *
     * @param seconds when it happened, since 1970
     * @throws IllegalArgumentException when it is about a payment, but doesn't say which
     */
    public static @Nullable PaymentFact read(String type, StripeObject object, long seconds) {
        return switch (type) {
            case "invoice_payment.paid" -> linked(object);
            case "charge.refunded" ->
                new RefundedInAll(
                        paymentOf(object, required(object.id(), object)),
                        object.money().amountRefundedCents(),
                        seconds);
            case "refund.created", "refund.updated", "charge.refund.updated" -> refund(object, false, seconds);
            case "refund.failed" -> refund(object, true, seconds);
            case "charge.dispute.created",
                    "charge.dispute.updated",
                    "charge.dispute.closed",
                    "charge.dispute.funds_reinstated" -> dispute(object, false);
            case "charge.dispute.funds_withdrawn" -> dispute(object, true);
            case "credit_note.created", "credit_note.updated" -> creditNote(object, false);
            case "credit_note.voided" -> creditNote(object, true);
            default -> null;
        };
    }

    /** An invoice that was paid outside of Stripe has a payment of another kind, and no refund will ever name it. */
    private static @Nullable PaymentFact linked(StripeObject object) {
        MoneyFields money = object.money();
        String payment = money.paymentIntent() != null ? money.paymentIntent() : money.charge();
        String invoice = money.invoice();
        return payment == null || invoice == null ? null : new Linked(payment, new OfInvoice(invoice));
    }

    private static @Nullable PaymentFact refund(StripeObject object, boolean failed, long seconds) {
        MoneyFields money = object.money();
        boolean ended = failed || (money.status() != null && REFUND_ENDED.contains(money.status()));
        if (money.paymentIntent() == null && money.charge() == null) {
            // Of a customer's cash balance, for example: nothing was bought with it.
            return null;
        }
        return new Reversal(
                paymentOf(object, money.charge()),
                null,
                Kind.REFUND,
                required(object.id(), object),
                money.amountCents(),
                0,
                true,
                ended,
                money.createdSeconds(),
                ended ? failedAt(seconds, money.createdSeconds()) : Reversal.NEVER);
    }

    /** What is told of a refund as it stands, perhaps weeks later, has the refund's own time: that isn't when it failed. */
    private static long failedAt(long seconds, long madeSeconds) {
        return seconds > madeSeconds ? seconds : Reversal.NEVER;
    }

    private static PaymentFact dispute(StripeObject object, boolean withdrawn) {
        MoneyFields money = object.money();
        String status = required(money.status(), object);
        return new Reversal(
                paymentOf(object, money.charge()),
                null,
                Kind.DISPUTE,
                required(object.id(), object),
                money.amountCents(),
                withdrawn || !(status.startsWith(INQUIRY) || status.equals(PREVENTED)),
                status.equals("won"));
    }

    /** What it gives back by refunds, these tell by themselves. */
    private static @Nullable PaymentFact creditNote(StripeObject object, boolean voided) {
        MoneyFields money = object.money();
        long otherwise = money.postPaymentCents() - money.refundsCents();
        if (otherwise <= 0) {
            return null;
        }
        String invoice = required(money.invoice(), object);
        return new Reversal(
                invoice,
                new OfInvoice(invoice),
                Kind.CREDIT_NOTE,
                required(object.id(), object),
                otherwise,
                Math.clamp(money.outOfBandCents(), 0, otherwise),
                true,
                voided || "void".equals(money.status()),
                0,
                Reversal.NEVER);
    }

    private static String paymentOf(StripeObject object, @Nullable String charge) {
        String intent = object.money().paymentIntent();
        return required(intent != null ? intent : charge, object);
    }

    private static String required(@Nullable String field, StripeObject object) {
        if (field == null) {
            throw new IllegalArgumentException("object " + object.id() + " lacks an id, a status or a payment");
        }
        return field;
    }
}
