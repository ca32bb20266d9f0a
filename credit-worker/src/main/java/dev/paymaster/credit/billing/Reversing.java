package dev.paymaster.credit.billing;

import dev.paymaster.credit.billing.BillingFact.CheckoutCompleted;
import dev.paymaster.credit.billing.BillingFact.CustomerOwned;
import dev.paymaster.credit.billing.BillingFact.InvoiceCut;
import dev.paymaster.credit.billing.BillingFact.InvoicePaid;
import dev.paymaster.credit.billing.BillingFact.PassedOver;
import dev.paymaster.credit.billing.BillingFact.PaymentTold;
import dev.paymaster.credit.billing.BillingFact.TopUpPaid;
import dev.paymaster.credit.payment.Payments;
import dev.paymaster.credit.payment.Payments.Open;
import dev.paymaster.credit.payment.ReviewCommands;
import dev.paymaster.credit.reversal.PaymentFact;
import dev.paymaster.credit.reversal.PaymentFact.Linked;
import dev.paymaster.credit.reversal.Purchase;
import dev.paymaster.credit.reversal.Purchase.OfInvoice;
import dev.paymaster.credit.reversal.Purchase.OfSession;
import dev.paymaster.credit.topup.PaidTopUp;
import dev.paymaster.messaging.Message;
import dev.paymaster.messaging.outbox.Outbox;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Records what is said of payments, and has the purchases reviewed of which something came back. A refund may come before
 * the invoice, the invoice before its payment is linked to it: whichever comes last calls for the review. Thread-safe.
 */
final class Reversing {
    private final Payments payments;
    private final ReviewCommands commands;

    Reversing(Payments payments, ReviewCommands commands) {
        this.payments = payments;
        this.commands = commands;
    }

    /** Records the payments of a batch, and tells of which there is news. Comes before anything else is locked, as with reviews. */
    Set<String> record(List<Message<BillingFact>> batch, Instant now) {
        List<PaymentFact> facts = new ArrayList<>();
        for (Message<BillingFact> message : batch) {
            PaymentFact fact = factIn(message.body());
            if (fact != null) {
                facts.add(fact);
            }
        }
        return payments.record(facts, now);
    }

    /** Has reviewed what this batch has made ready for it. */
    void callForReviews(List<Message<BillingFact>> batch, Granting.Outcome granted, Outbox outbox) {
        Map<String, Message<?>> causes = new HashMap<>();
        for (Message<BillingFact> message : batch) {
            PaymentFact fact = factIn(message.body());
            if (fact != null) {
                causes.put(fact.paymentId(), message);
            }
        }
        Set<Purchase> called = new HashSet<>();
        for (Open open : payments.openOf(Set.copyOf(causes.keySet()))) {
            call(open, causes.get(open.paymentId()), called, outbox);
        }
        Map<Purchase, Due> fresh = new HashMap<>();
        granted.fresh().forEach(due -> fresh.put(new OfInvoice(due.invoice().id()), due));
        Set<String> invoiceIds = new HashSet<>();
        granted.fresh().forEach(due -> invoiceIds.add(due.invoice().id()));
        for (Open open : payments.openOfInvoices(invoiceIds)) {
            Due due = fresh.get(open.purchase());
            call(open, due == null ? null : due.cause(), called, outbox);
        }
        for (Due due : granted.reversed()) {
            Purchase purchase = new OfInvoice(due.invoice().id());
            call(new Open(due.invoice().id(), purchase, due.userId()), due.cause(), called, outbox);
        }
    }

    /** A checkout names its payment itself. */
    private static @Nullable PaymentFact factIn(BillingFact fact) {
        return switch (fact) {
            case PaymentTold told -> told.fact();
            case TopUpPaid(PaidTopUp topUp) -> {
                String paymentId = topUp.paymentId();
                yield paymentId == null ? null : new Linked(paymentId, new OfSession(topUp.sessionId()));
            }
            case InvoicePaid _, InvoiceCut _, CheckoutCompleted _, CustomerOwned _, PassedOver _ -> null;
        };
    }

    /** The payments of a batch of which something came back, and of which nobody knows what they paid for. */
    Set<String> unlinked(List<Message<BillingFact>> batch) {
        Set<String> told = new HashSet<>();
        for (Message<BillingFact> message : batch) {
            // A link was stored with this batch.
            if (message.body() instanceof PaymentTold(PaymentFact fact) && !(fact instanceof Linked)) {
                told.add(fact.paymentId());
            }
        }
        return payments.unlinkedOf(told);
    }

    private void call(Open open, @Nullable Message<?> cause, Set<Purchase> called, Outbox outbox) {
        if (cause != null && called.add(open.purchase())) {
            outbox.add(cause, commands.of(open.purchase(), open.userId()));
        }
    }
}
