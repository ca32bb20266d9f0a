package dev.paymaster.ledger;

import dev.paymaster.events.credit.CreditEvent;
import dev.paymaster.events.credit.CreditEvent.CreditsCaptured;
import dev.paymaster.events.credit.CreditEvent.CreditsExpired;
import dev.paymaster.events.credit.CreditEvent.CreditsGranted;
import dev.paymaster.events.credit.CreditEvent.CreditsHeld;
import dev.paymaster.events.credit.CreditEvent.CreditsReinstated;
import dev.paymaster.events.credit.CreditEvent.CreditsReleased;
import dev.paymaster.events.credit.CreditEvent.CreditsRevoked;
import dev.paymaster.events.credit.CreditEvent.DebtRepaid;
import dev.paymaster.events.credit.LedgerEntry;

/** Transfers as the events that tell of them. */
public final class Transfers {
    private Transfers() {}

    /** One transfer is one event; the envelope's sequence is the transfer's. */
    public static CreditEvent toEvent(Transfer transfer) {
        return toEvent(transfer, 0);
    }

    /** The same with the cash that bought the lot, which only a grant tells. */
    public static CreditEvent toEvent(Transfer transfer, long revenueCents) {
        LedgerEntry entry = entry(transfer);
        return switch (transfer.kind()) {
            case GRANT -> new CreditsGranted(entry, revenueCents == 0 ? null : revenueCents);
            case REPAY -> new DebtRepaid(entry);
            case HOLD -> new CreditsHeld(entry);
            case CAPTURE -> new CreditsCaptured(entry);
            case RELEASE -> new CreditsReleased(entry);
            case REVOKE -> new CreditsRevoked(entry);
            case REINSTATE -> new CreditsReinstated(entry);
            case EXPIRE -> new CreditsExpired(entry);
        };
    }

    private static LedgerEntry entry(Transfer transfer) {
        return new LedgerEntry(
                transfer.userId(),
                transfer.sequence(),
                transfer.amount(),
                transfer.lotId(),
                transfer.jobId(),
                transfer.ref(),
                transfer.availableAfter(),
                transfer.heldAfter(),
                transfer.debtAfter(),
                transfer.recordedAt());
    }
}
