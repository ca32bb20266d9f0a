package dev.paymaster.credit.invoice;

/** What a paid invoice turns out to be. */
public sealed interface InvoiceReading {

    /** One that entitles to credits, or takes some back. */
    record Entitles(PaidInvoice invoice) implements InvoiceReading {}

    /** One of which only the first lines are shown; the rest has to be looked up. */
    record Cut(String invoiceId) implements InvoiceReading {}

    /** One that doesn't, and rightly so. */
    record Ignored(Reason reason) implements InvoiceReading {}

    /** Why an invoice entitles to nothing. */
    enum Reason {
        /** It bills no subscription. */
        NO_SUBSCRIPTION,
        /** None of its prices is one of ours. */
        UNKNOWN_PRICE,
        /** Nothing of ours was paid for: a trial. */
        NOTHING_PAID,
        /** Credit notes left nothing to pay of what was billed: so it was called off. */
        CREDITED
    }
}
