package dev.paymaster.credit.payment;

import dev.paymaster.credit.reversal.Purchase.OfInvoice;

/** What the ledger knows lots by that purchases opened. */
public final class LotRefs {
    private LotRefs() {}

    /**
     * Nearly every invoice claims one period, and its lot is named after it; those of further claims are numbered.
     *
     * @param number of the claim within the invoice: 1, 2 …
     */
    public static String ofInvoice(String invoiceId, int number) {
        String ref = new OfInvoice(invoiceId).ref();
        return number == 1 ? ref : ref + "/" + number;
    }
}
