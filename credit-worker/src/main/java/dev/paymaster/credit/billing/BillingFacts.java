package dev.paymaster.credit.billing;

import dev.paymaster.credit.billing.BillingFact.CheckoutCompleted;
import dev.paymaster.credit.billing.BillingFact.InvoicePaid;
import dev.paymaster.credit.billing.BillingFact.PassedOver;
import dev.paymaster.credit.billing.BillingFact.PaymentTold;
import dev.paymaster.credit.customer.CustomerLink;
import dev.paymaster.credit.invoice.InvoiceReader;
import dev.paymaster.credit.invoice.InvoiceReading.Entitles;
import dev.paymaster.credit.invoice.InvoiceReading.Ignored;
import dev.paymaster.credit.invoice.Tariff;
import dev.paymaster.credit.reversal.PaymentFact;
import dev.paymaster.credit.reversal.PaymentReader;
import dev.paymaster.credit.stripe.StripeEvent;
import dev.paymaster.credit.stripe.StripeEventReader;
import dev.paymaster.credit.stripe.StripeObject;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the facts in Stripe's events. Thread-safe. */
final class BillingFacts {
    private static final Logger LOG = LoggerFactory.getLogger(BillingFacts.class);

    private final Tariff tariff;

    BillingFacts(Tariff tariff) {
        this.tariff = tariff;
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
        return switch (event.type()) {
            // invoice.payment_succeeded tells of the same invoice; one of them is enough, and this one comes always.
            case "invoice.paid" -> invoicePaid(event.object());
            case "checkout.session.completed" -> checkoutCompleted(event.object());
            // Neither was ever paid, so neither has granted anything. One that is uncollectible may still be paid: it
            // grants then.
            case "invoice.voided" -> new PassedOver("voided");
            case "invoice.marked_uncollectible" -> new PassedOver("uncollectible");
            default -> paymentTold(event);
        };
    }

    private static @Nullable BillingFact paymentTold(StripeEvent event) {
        PaymentFact fact = PaymentReader.read(event.type(), event.object());
        return fact == null ? null : new PaymentTold(fact);
    }

    private BillingFact invoicePaid(StripeObject invoice) {
        return switch (InvoiceReader.read(invoice, tariff)) {
            case Entitles entitles -> new InvoicePaid(entitles.invoice());
            case Ignored ignored -> {
                LOG.info("invoice {} grants nothing: {}", invoice.id(), ignored.reason());
                yield new PassedOver(ignored.reason().name().toLowerCase(Locale.ROOT));
            }
        };
    }

    private static BillingFact checkoutCompleted(StripeObject session) {
        CustomerLink link = CustomerLink.ofCheckout(session);
        if (link == null) {
            LOG.info("checkout {} links no customer to a user", session.id());
            return new PassedOver("not_our_checkout");
        }
        return new CheckoutCompleted(link);
    }
}
