package dev.paymaster.payout;

import dev.paymaster.events.payout.PayoutCommand.ApplyReversal;
import dev.paymaster.events.payout.PayoutCommand.ApplyReversalOutcome;
import dev.paymaster.events.payout.PayoutCommand.ApplyTransferOutcome;
import dev.paymaster.events.payout.PayoutCommand.Outcome;
import dev.paymaster.messaging.Codec;
import dev.paymaster.payout.obligation.Key;
import dev.paymaster.payout.obligation.Payout;
import dev.paymaster.payout.recovery.NextStep;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/** Table {@code payouts.attempt}: each call whose outcome is known, what it means and what happens next. Thread-safe. */
final class AttemptLog {
    private static final String INSERT = """
            INSERT INTO payouts.attempt (payout_id, number, key, at, outcome, detail, transfer_id, next_step)
            SELECT payout_id, number, key, at, outcome, detail, transfer_id, next_step
            FROM json_populate_recordset(NULL::payouts.attempt, ?::json)
            ON CONFLICT (transfer_id) DO NOTHING""";

    private static final String REVERSED = "reversed";
    private static final String PARTLY_REVERSED = "partly_reversed";

    private final JdbcOperations jdbc;

    AttemptLog(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * One line; its components are named like the columns.
     *
     * @param at by the database's clock, as all times in a payout's life; of what Stripe told by itself, by Stripe's
     */
    record Entry(
            UUID payoutId,
            int number,
            String key,
            Instant at,
            String outcome,
            String detail,
            @Nullable String transferId,
            String nextStep) {

        /** The line of an outcome that was applied: {@code row} is the payout after it. */
        static Entry of(ApplyTransferOutcome outcome, PayoutRow row, Instant now) {
            return of(outcome, row, now, NextStep.of(row.payout()));
        }

        /** The line of a second transfer. */
        static Entry ofSecondTransfer(ApplyTransferOutcome outcome, PayoutRow row, Instant now) {
            return of(
                    outcome,
                    row,
                    now,
                    "reverse this transfer by hand: the payout was already made by transfer "
                            + row.payout().transfer());
        }

        /** The line of a call with which a transfer was to be taken back, or of a look at it. */
        static Entry of(ApplyReversalOutcome outcome, PayoutRow row, Instant now) {
            return new Entry(
                    row.id(),
                    row.calls(),
                    Key.ofReversal(row.id(), outcome.number()),
                    now,
                    meaning(outcome, row),
                    outcome.detail(),
                    null,
                    NextStep.of(row.payout()));
        }

        /** The line of what Stripe told by itself: no key was used. */
        static Entry of(ApplyReversal reversal, PayoutRow row) {
            return new Entry(
                    row.id(),
                    row.calls(),
                    "transfer.reversed",
                    reversal.at(),
                    row.payout() instanceof Payout.Reversed ? REVERSED : PARTLY_REVERSED,
                    "Stripe tells that " + reversal.reversedCents() + " cents of transfer " + reversal.transferId()
                            + " have been taken back",
                    null,
                    NextStep.of(row.payout()));
        }

        private static String meaning(ApplyReversalOutcome outcome, PayoutRow row) {
            Long cents = outcome.reversedCents();
            if (cents == null) {
                return outcome.outcome().json();
            }
            if (cents == 0) {
                return "not_reversed";
            }
            return cents < row.payout().owed().amountCents() ? PARTLY_REVERSED : REVERSED;
        }

        private static Entry of(ApplyTransferOutcome outcome, PayoutRow row, Instant now, String nextStep) {
            String transferId = outcome.transferId();
            boolean gone = transferId != null && row.payout().key().past().tookBack(transferId);
            return new Entry(
                    row.id(),
                    row.calls(),
                    Key.text(row.id(), outcome.attempt()),
                    now,
                    (gone ? Outcome.ABSENT : outcome.outcome()).json(),
                    outcome.detail(),
                    gone ? null : transferId,
                    nextStep);
        }
    }

    /** Adds lines, in one statement, in the caller's transaction. One transfer is told of once. */
    void append(List<Entry> entries) {
        if (!entries.isEmpty()) {
            jdbc.update(INSERT, Codec.json().writeValueAsString(entries));
        }
    }
}
