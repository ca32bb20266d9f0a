package dev.paymaster.credit.billing;

import dev.paymaster.credit.billing.BillingFact.CheckoutCompleted;
import dev.paymaster.credit.billing.BillingFact.CustomerOwned;
import dev.paymaster.credit.billing.BillingFact.InvoiceCut;
import dev.paymaster.credit.billing.BillingFact.InvoicePaid;
import dev.paymaster.credit.billing.BillingFact.PassedOver;
import dev.paymaster.credit.billing.BillingFact.PaymentTold;
import dev.paymaster.credit.billing.BillingFact.TopUpPaid;
import dev.paymaster.credit.customer.CustomerLink;
import dev.paymaster.credit.invoice.InvoiceReader;
import dev.paymaster.credit.invoice.InvoiceReading.Cut;
import dev.paymaster.credit.invoice.InvoiceReading.Entitles;
import dev.paymaster.credit.invoice.InvoiceReading.Ignored;
import dev.paymaster.credit.reversal.PaymentFact;
import dev.paymaster.credit.reversal.PaymentReader;
import dev.paymaster.credit.stripe.StripeEvent;
import dev.paymaster.credit.stripe.StripeEventReader;
import dev.paymaster.credit.stripe.StripeObject;
import dev.paymaster.credit.stripe.UserId;
import dev.paymaster.credit.topup.TopUpReader;
import dev.paymaster.credit.topup.TopUpReading;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the facts in Stripe's events. Thread-safe. */
final class BillingFacts {
    private static final Logger LOG = LoggerFactory.getLogger(BillingFacts.class);

    private static final String US_DOLLAR = "usd";

    private final Terms terms;

    BillingFacts(Terms terms) {
        this.terms = terms;
    }

    /**
     * The fact in an event, or null when it is none of our business.
     *
     * @throws IllegalArgumentException when it can't be read, or might entitle to something and doesn't say to what
     */
    @Nullable
    BillingFact in(byte[] body) {
        StripeEvent event = StripeEventReader.read(body);
        if (event.account() != null) {
            // Receivers have customers and invoices of their own.
            return null;
        }
        BillingFact fact = factOf(event);
        if (fact != null && event.livemode() != null && event.livemode() != terms.live()) {
            throw new IllegalArgumentException(
                    "event " + event.id() + " is of " + (terms.live() ? "test" : "live")
                            + " mode, and the secret key is of the other: check STRIPE_SECRET_KEY and where Stripe's webhook points");
        }
        return fact;
    }

    private @Nullable BillingFact factOf(StripeEvent event) {
        return switch (event.type()) {
            // invoice.payment_succeeded tells of the same invoice; one of them is enough, and this one comes always.
            case "invoice.paid" -> invoicePaid(event.object());
            case "customer.created", "customer.updated" -> customerOwned(event.object());
            // The first event of a session whose payment takes days says that it isn't paid; then comes the second, or
            // a
            // failure.
            case "checkout.session.completed", "checkout.session.async_payment_succeeded" ->
                checkoutCompleted(event.object());
            case "checkout.session.async_payment_failed" -> new PassedOver("payment_failed");
            // Neither was ever paid, so neither has granted anything. One that is uncollectible may still be paid: it
            // grants then.
            case "invoice.voided" -> new PassedOver("voided");
            case "invoice.marked_uncollectible" -> new PassedOver("uncollectible");
            default -> paymentTold(event);
        };
    }

    private static @Nullable BillingFact customerOwned(StripeObject customer) {
        UUID userId = UserId.of(customer.money().ownerId());
        String id = customer.id();
        return userId == null || id == null ? null : new CustomerOwned(new CustomerLink(id, userId));
    }

    private static @Nullable BillingFact paymentTold(StripeEvent event) {
        PaymentFact fact = PaymentReader.read(event.type(), event.object(), event.createdSeconds());
        return fact == null ? null : new PaymentTold(fact);
    }

    private BillingFact invoicePaid(StripeObject invoice) {
        return switch (InvoiceReader.read(invoice, terms.tariff())) {
            case Entitles entitles -> inDollars(invoice, new InvoicePaid(entitles.invoice()));
            case Cut cut -> new InvoiceCut(cut.invoiceId());
            case Ignored ignored -> {
                LOG.info("invoice {} grants nothing: {}", invoice.id(), ignored.reason());
                yield new PassedOver(ignored.reason().name().toLowerCase(Locale.ROOT));
            }
        };
    }

    /** Credits and what they cost are reckoned in US dollars; what was paid in others is people's to decide. */
    private BillingFact inDollars(StripeObject object, BillingFact fact) {
        String currency = object.money().currency();
        if (US_DOLLAR.equals(currency)) {
            return fact;
        }
        return switch (terms.foreignCurrency()) {
            case IGNORE -> new PassedOver("foreign_currency");
            case REFUSE ->
                throw new IllegalArgumentException(
                        object.id() + " was paid in " + currency
                                + ", and only usd is sold for: refund it, or grant by hand; see setting stripe.foreign-currency");
        };
    }

    private BillingFact topUp(StripeObject session) {
        return switch (TopUpReader.read(session, terms.packs())) {
            case TopUpReading.Paid paid -> inDollars(session, new TopUpPaid(paid.topUp()));
            case TopUpReading.NotPaidYet _ -> new PassedOver("not_paid_yet");
            case TopUpReading.NotOurs _ -> new PassedOver("not_our_checkout");
        };
    }

    private BillingFact checkoutCompleted(StripeObject session) {
        if ("payment".equals(session.mode())) {
            return topUp(session);
        }
        CustomerLink link = CustomerLink.ofCheckout(session);
        if (link == null) {
            LOG.info("checkout {} links no customer to a user", session.id());
            return new PassedOver("not_our_checkout");
        }
        return new CheckoutCompleted(link);
    }
}
