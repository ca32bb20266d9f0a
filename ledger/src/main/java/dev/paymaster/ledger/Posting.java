package dev.paymaster.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A book after some transfers, and the transfers. */
record Posting(Book book, List<Transfer> transfers) implements HoldDecision {
    Posting {
        transfers = List.copyOf(transfers);
    }

    static Posting on(Book book) {
        return new Posting(book, List.of());
    }

    /** One more transfer, which opens a lot with all that was granted. */
    Posting open(Lot lot, Cause cause) {
        Account after = book.account().after(TransferKind.GRANT, lot.granted(), true);
        return plus(book.withNew(lot, after), TransferKind.GRANT, lot.granted(), lot.id(), cause);
    }

    /** One more transfer, from or to a lot. */
    Posting move(TransferKind kind, long amount, UUID lotId, Cause cause) {
        Account after = book.account().after(kind, amount, true);
        Book moved = kind.available(true) == 0
                ? new Book(after, book.lots())
                : book.with(book.lot(lotId).plus(amount * kind.available(true)), after);
        return plus(moved, kind, amount, lotId, cause);
    }

    /** A lot lapses at another time; that is no transfer. */
    Posting putOff(UUID lotId, Instant expiresAt) {
        return new Posting(book.rescheduled(book.lot(lotId).until(expiresAt)), transfers);
    }

    /** One more transfer that only changes the debt. */
    Posting moveDebt(TransferKind kind, long amount, Cause cause) {
        Account after = book.account().after(kind, amount, false);
        return plus(new Book(after, book.lots()), kind, amount, null, cause);
    }

    private Posting plus(Book after, TransferKind kind, long amount, @Nullable UUID lotId, Cause cause) {
        Account account = after.account();
        List<Transfer> more = new ArrayList<>(transfers);
        more.add(new Transfer(
                account.userId(),
                account.sequence(),
                kind,
                amount,
                lotId,
                cause.jobId(),
                cause.ref(),
                account.available(),
                account.held(),
                account.debt(),
                cause.at()));
        return new Posting(after, more);
    }
}
