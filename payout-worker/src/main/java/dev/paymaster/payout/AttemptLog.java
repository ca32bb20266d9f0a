package dev.paymaster.payout;

import dev.paymaster.events.payout.PayoutCommand.ApplyReversal;
import dev.paymaster.events.payout.PayoutCommand.ApplyReversalOutcome;
import dev.paymaster.events.payout.PayoutCommand.ApplyTransferOutcome;
import dev.paymaster.events.payout.PayoutCommand.Outcome;
import dev.paymaster.messaging.Codec;
import dev.paymaster.messaging.Message;
import dev.paymaster.payout.obligation.Key;
import dev.paymaster.payout.obligation.Payout;
import dev.paymaster.payout.recovery.NextStep;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/** Table {@code payouts.attempt}: each call whose outcome has become known, an immediate repetition with it, what it means and what happens next. Thread-safe. */
final class AttemptLog {
    private static final String INSERT = """
            INSERT INTO payouts.attempt (payout_id, number, key, at, outcome, detail, transfer_id, next_step,
                called_at, calls, command_id)
            SELECT payout_id, number, key, at, outcome, detail, transfer_id, next_step, called_at, calls, command_id
            FROM json_populate_recordset(NULL::payouts.attempt, ?::json)
            ON CONFLICT (transfer_id) DO NOTHING""";

    private static final String REVERSED = "reversed";
    private static final String PARTLY_REVERSED = "partly_reversed";

    private static final String KNOWN = "nothing: it was known already";
    private static final String NOT_AWAITED = "nothing: it was not awaited any more";

    private final JdbcOperations jdbc;

    AttemptLog(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * One line; its components are named like the columns.
     *
     * @param at by the database's clock, as all times in a payout's life; of what Stripe told by itself, by Stripe's
     * @param transferId where it is told of for the first time
     * @param calledAt when Stripe was called first, by the caller's clock; absent: not at all, or an older version called
     * @param calls if more than one
     * @param commandId of the command that told the outcome
     */
    record Entry(
            UUID payoutId,
            int number,
            String key,
            Instant at,
            String outcome,
            String detail,
            @Nullable String transferId,
            String nextStep,
            @Nullable Instant calledAt,
            @Nullable Integer calls,
            @Nullable String commandId) {

        /** The line of an outcome that was applied: {@code row} is the payout after it. */
        static Entry of(Message<?> cause, ApplyTransferOutcome outcome, PayoutRow row, Instant now) {
            return of(cause, outcome, row, now, NextStep.of(row.payout()));
        }

        /** The line of a second transfer. */
        static Entry ofSecondTransfer(Message<?> cause, ApplyTransferOutcome outcome, PayoutRow row, Instant now) {
            return of(
                    cause,
                    outcome,
                    row,
                    now,
                    "reverse this transfer by hand: the payout was already made by transfer "
                            + row.payout().transfer());
        }

        /** The line of a call whose outcome changes nothing. */
        static Entry ofIgnored(Message<?> cause, ApplyTransferOutcome outcome, PayoutRow row, Instant now) {
            return of(cause, outcome, row, now, outcome.outcome() == Outcome.PAID ? KNOWN : NOT_AWAITED)
                    .withoutTransfer();
        }

        /** The line of a call with which a transfer was to be taken back, or of a look at it. */
        static Entry of(Message<?> cause, ApplyReversalOutcome outcome, PayoutRow row, Instant now) {
            return of(cause, outcome, row, now, NextStep.of(row.payout()));
        }

        /** The same when it changes nothing. */
        static Entry ofIgnored(Message<?> cause, ApplyReversalOutcome outcome, PayoutRow row, Instant now) {
            return of(cause, outcome, row, now, outcome.outcome() == Outcome.PAID ? KNOWN : NOT_AWAITED);
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
                    NextStep.of(row.payout()),
                    null,
                    null,
                    null);
        }

        /** The same line of a transfer that others have told of. */
        Entry withoutTransfer() {
            return new Entry(payoutId, number, key, at, outcome, detail, null, nextStep, calledAt, calls, commandId);
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

        private static Entry of(
                Message<?> cause, ApplyReversalOutcome outcome, PayoutRow row, Instant now, String nextStep) {
            return new Entry(
                    row.id(),
                    row.calls(),
                    Key.ofReversal(row.id(), outcome.number()),
                    now,
                    meaning(outcome, row),
                    outcome.detail(),
                    null,
                    nextStep,
                    outcome.calledAt(),
                    outcome.calls(),
                    cause.envelope().id());
        }

        private static Entry of(
                Message<?> cause, ApplyTransferOutcome outcome, PayoutRow row, Instant now, String nextStep) {
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
                    nextStep,
                    outcome.calledAt(),
                    outcome.calls(),
                    cause.envelope().id());
        }
    }

    /** Adds lines, in one statement, in the caller's transaction. One transfer is told of once. */
    void append(List<Entry> entries) {
        if (!entries.isEmpty()) {
            jdbc.update(INSERT, Codec.json().writeValueAsString(entries));
        }
    }

    /** Whether a command has its line already. */
    boolean tellsOf(UUID payoutId, String commandId) {
        return !jdbc.queryForList(
                        "SELECT number FROM payouts.attempt WHERE payout_id = ? AND command_id = ?",
                        Integer.class,
                        payoutId,
                        commandId)
                .isEmpty();
    }
}
