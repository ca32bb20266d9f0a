package dev.paymaster.payout;

import dev.paymaster.events.payout.PayoutEvent;
import dev.paymaster.events.payout.PayoutSnapshot;
import dev.paymaster.payout.obligation.Made;
import dev.paymaster.payout.obligation.Owed;
import dev.paymaster.payout.obligation.Payout;
import dev.paymaster.payout.obligation.Plan;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A payout with what the table keeps beside its state.
 *
 * @param sequence the number of its latest event, from 1
 * @param calls how many calls to Stripe have a known outcome
 * @param claim the dispatcher's claim whose outcome is awaited; absent when nobody is calling
 * @param batchId the payout that this one is made with; absent: it is made by itself
 * @param jobs how many jobs it pays
 */
record PayoutRow(
        Payout payout,
        long sequence,
        int calls,
        @Nullable UUID claim,
        Instant updatedAt,
        @Nullable UUID batchId,
        int jobs) {

    static PayoutRow created(Payout payout) {
        return new PayoutRow(payout, 1, 0, null, payout.owed().createdAt(), null, 1);
    }

    /** A payout of several jobs is its own job. */
    boolean isBatch() {
        return payout.owed().isBatch();
    }

    /** One that is made with a batch. */
    PayoutRow in(UUID batch) {
        return new PayoutRow(payout, sequence, calls, claim, updatedAt, batch, jobs);
    }

    /** A batch of so many jobs. */
    PayoutRow of(int count) {
        return new PayoutRow(payout, sequence, calls, claim, updatedAt, batchId, count);
    }

    /** After a change that is told to the world. */
    PayoutRow announced(Payout next, Instant now) {
        return new PayoutRow(next, sequence + 1, calls, claim, now, batchId, jobs);
    }

    /** After a change that only concerns the next call. */
    PayoutRow rescheduled(Payout next, Instant now) {
        return new PayoutRow(next, sequence, calls, claim, now, batchId, jobs);
    }

    /** After one more outcome has become known. */
    PayoutRow called() {
        return new PayoutRow(payout, sequence, calls + 1, claim, updatedAt, batchId, jobs);
    }

    /** After the awaited outcome has come, or nothing is to be called any more. */
    PayoutRow unclaimed() {
        return new PayoutRow(payout, sequence, calls, null, updatedAt, batchId, jobs);
    }

    UUID id() {
        return payout.owed().id();
    }

    /** The event that tells of the present state. */
    PayoutEvent event() {
        PayoutSnapshot snapshot = snapshot();
        return switch (payout) {
            case Payout.Due _ -> new PayoutEvent.PayoutScheduled(snapshot);
            case Payout.Held _ -> new PayoutEvent.PayoutHeld(snapshot);
            case Payout.Paid paid -> ofTransfer(paid.made(), snapshot);
            case Payout.Recalled recalled -> ofTransfer(recalled.made(), snapshot);
            case Payout.Failed _ -> new PayoutEvent.PayoutFailed(snapshot);
            case Payout.Reversed _ -> new PayoutEvent.PayoutReversed(snapshot);
        };
    }

    private static PayoutEvent ofTransfer(Made made, PayoutSnapshot snapshot) {
        return made.reversedCents() == 0
                ? new PayoutEvent.PayoutPaid(snapshot)
                : new PayoutEvent.PayoutReversed(snapshot);
    }

    PayoutSnapshot snapshot() {
        Owed owed = payout.owed();
        Plan next = payout.next();
        Made made = payout.made();
        return new PayoutSnapshot(
                owed.id(),
                owed.jobId(),
                owed.receiver(),
                owed.amountCents(),
                payout.status(),
                payout.reason(),
                payout.explanation(),
                payout.key().attempt(),
                next == null ? null : next.at(),
                payout.key().accountId(),
                payout.transfer(),
                owed.createdAt(),
                updatedAt,
                made == null || made.reversedCents() == 0 ? null : made.reversedCents(),
                payout.releaseAt(),
                batchId,
                isBatch() ? jobs : null);
    }
}
