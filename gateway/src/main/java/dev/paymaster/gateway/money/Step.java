package dev.paymaster.gateway.money;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One thing that happened to the money or the credits of a job. */
sealed interface Step {
    /** What happened, as programs know it. */
    String step();

    Instant at();

    /**
     * Cash that bought a lot, whole: other jobs may have drawn from it too.
     *
     * @param step {@code invoice} or {@code topup}
     * @param at when it was taken note of here
     * @param id of the invoice or the Checkout session
     * @param eventId of Stripe's event that told of it, where that is known
     */
    record CashIn(
            String step,
            Instant at,
            long cents,
            String id,
            @Nullable String eventId,
            UUID lotId) implements Step {}

    /**
     * A lot, as it was granted.
     *
     * @param sequence of the ledger's entry
     */
    record Granted(String step, Instant at, long credits, UUID lotId, String source, String ref, long sequence)
            implements Step {
        static final String STEP = "grant";
    }

    /**
     * Credits that the job moved.
     *
     * @param step {@code hold}, {@code capture}, {@code release} or {@code repay}
     * @param lotId absent where it is the sum over all lots
     */
    record Moved(
            String step,
            Instant at,
            long credits,
            @Nullable UUID lotId,
            @Nullable Long sequence) implements Step {}

    /** What the receiver is owed, as it stands. */
    record Owed(
            String step,
            Instant at,
            long cents,
            UUID payoutId,
            String status,
            @Nullable String reason) implements Step {
        static final String STEP = "payout";
    }

    /**
     * Cash that went to the receiver's account, or came back from it.
     *
     * @param step which of the two directions
     * @param accountId absent where it isn't known any more, because the money came back and went out once more
     */
    record CashOut(
            String step,
            Instant at,
            long cents,
            UUID payoutId,
            @Nullable String transferId,
            @Nullable String accountId) implements Step {
        static final String TRANSFER = "transfer";
        static final String REVERSAL = "reversal";
    }
}
