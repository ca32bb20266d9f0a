package dev.paymaster.credit.billing;

import dev.paymaster.credit.customer.CustomerLink;
import dev.paymaster.credit.invoice.PaidInvoice;
import dev.paymaster.credit.reversal.PaymentFact;
import dev.paymaster.credit.topup.PaidTopUp;

/** What one event of Stripe's means here. */
sealed interface BillingFact {

    /** Money came in for a service period of ours, or was given back for one. */
    record InvoicePaid(PaidInvoice invoice) implements BillingFact {}

    /** Money came in for a pack of ours. */
    record TopUpPaid(PaidTopUp topUp) implements BillingFact {}

    /** Money came in for what the event doesn't wholly show. */
    record InvoiceCut(String invoiceId) implements BillingFact {}

    /** Whose customer it is, by the customer itself. */
    record CustomerOwned(CustomerLink link) implements BillingFact {}

    /** A user has subscribed. */
    record CheckoutCompleted(CustomerLink link) implements BillingFact {}

    /** Something about a payment: what it paid for, or that money of it came back. */
    record PaymentTold(PaymentFact fact) implements BillingFact {}

    /**
     * An invoice or a checkout without a meaning here, which somebody may want to know of.
     *
     * @param reason for which it is counted, as the metric has it
     */
    record PassedOver(String reason) implements BillingFact {}
}
