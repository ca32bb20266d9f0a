package dev.paymaster.credit.reversal;

/** What was paid for. */
public sealed interface Purchase {
    String INVOICE = "invoice:";

    /** How the ledger and commands name it. */
    String ref();

    /** Periods of a subscription. */
    record OfInvoice(String invoiceId) implements Purchase {
        @Override
        public String ref() {
            return INVOICE + invoiceId;
        }
    }

    /**
     * The purchase of that name.
     *
     * @throws IllegalArgumentException when it is none
     */
    static Purchase of(String ref) {
        if (ref.startsWith(INVOICE)) {
            return new OfInvoice(ref.substring(INVOICE.length()));
        }
        throw new IllegalArgumentException(ref + " is no purchase");
    }
}
