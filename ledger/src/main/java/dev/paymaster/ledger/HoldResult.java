package dev.paymaster.ledger;

import java.util.List;

/** What came of a hold. */
public sealed interface HoldResult {

    /** The credits are held; one transfer per lot drawn. */
    record Done(List<Transfer> transfers) implements HoldResult {
        public Done {
            transfers = List.copyOf(transfers);
        }
    }

    /**
     * There isn't enough to hold, and nothing has changed.
     *
     * @param available what could have been held: without lapsed lots, and nothing while there is debt
     */
    record Insufficient(long required, long available) implements HoldResult, HoldDecision {}
}
