package dev.paymaster.payout;

import dev.paymaster.events.payout.PayoutCommand.ApplyTransferOutcome;
import dev.paymaster.messaging.Codec;
import dev.paymaster.payout.obligation.Key;
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

    private final JdbcOperations jdbc;

    AttemptLog(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** One line; its components are named like the columns. */
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
        static Entry of(ApplyTransferOutcome outcome, PayoutRow row) {
            return of(outcome, row, NextStep.of(row.payout()));
        }

        /** The line of a second transfer. */
        static Entry ofSecondTransfer(ApplyTransferOutcome outcome, PayoutRow row) {
            return of(
                    outcome,
                    row,
                    "reverse this transfer by hand: the payout was already made by transfer "
                            + row.payout().transfer());
        }

        private static Entry of(ApplyTransferOutcome outcome, PayoutRow row, String nextStep) {
            return new Entry(
                    row.id(),
                    row.calls(),
                    Key.text(row.id(), outcome.attempt()),
                    outcome.at(),
                    outcome.outcome().json(),
                    outcome.detail(),
                    outcome.transferId(),
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
