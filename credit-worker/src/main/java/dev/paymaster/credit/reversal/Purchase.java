package dev.paymaster.credit.reversal;

/** What was paid for. */
public sealed interface Purchase {
    String INVOICE = "invoice:";
    String SESSION = "session:";

    /** How the ledger and commands name it. */
    String ref();

    /** Periods of a subscription. */
    record OfInvoice(String invoiceId) implements Purchase {
        @Override
        public String ref() {
            return INVOICE + invoiceId;
        }
    }

    /** A pack of credits. */
    record OfSession(String sessionId) implements Purchase {
        @Override
        public String ref() {
            return SESSION + sessionId;
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
        if (ref.startsWith(SESSION)) {
            return new OfSession(ref.substring(SESSION.length()));
        }
        throw new IllegalArgumentException(ref + " is no purchase");
    }
}
