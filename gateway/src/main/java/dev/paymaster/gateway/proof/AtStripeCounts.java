package dev.paymaster.gateway.proof;

/**
 * How many were compared: of Stripe's, and of our paid payouts, which were looked for there.
 *
 * @param invoices paid ones with a price of ours
 * @param sessions that packs were paid by
 */
record AtStripeCounts(long transfers, long invoices, long sessions, long refunds, long disputes, long payouts) {
    /** So many of one list. */
    static AtStripeCounts of(StripeList list, long count, long payouts) {
        return switch (list) {
            case TRANSFERS -> new AtStripeCounts(count, 0, 0, 0, 0, payouts);
            case INVOICES -> new AtStripeCounts(0, count, 0, 0, 0, payouts);
            case SESSIONS -> new AtStripeCounts(0, 0, count, 0, 0, payouts);
            case REFUNDS -> new AtStripeCounts(0, 0, 0, count, 0, payouts);
            case DISPUTES -> new AtStripeCounts(0, 0, 0, 0, count, payouts);
        };
    }

    AtStripeCounts plus(AtStripeCounts more) {
        return new AtStripeCounts(
                transfers + more.transfers,
                invoices + more.invoices,
                sessions + more.sessions,
                refunds + more.refunds,
                disputes + more.disputes,
                payouts + more.payouts);
    }
}
