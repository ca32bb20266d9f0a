package dev.paymaster.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** All rules about credits: functions of a book and a wish, without clock, chance or I/O. */
final class Decisions {
    private Decisions() {}

    /** Opens a lot; what is owed is paid off from it first. */
    static Posting grant(Book book, Grant grant, UUID lotId, Instant now) {
        Cause cause = Cause.of(grant.sourceRef(), now);
        Lot lot = new Lot(
                lotId,
                book.account().userId(),
                grant.source(),
                grant.sourceRef(),
                grant.amount(),
                grant.amount(),
                grant.periodStart(),
                grant.expiresAt(),
                grant.revenueCents(),
                book.account().sequence() + 1);
        return repay(Posting.on(book).open(lot, cause), lotId, grant.amount(), cause);
    }

    /** Draws lots in spending order, never a lapsed one, and nothing unless there is enough. */
    static HoldDecision hold(Book book, UUID jobId, long amount, Instant now) {
        requirePositive(amount);
        long spendable = book.spendable(now);
        if (spendable < amount) {
            return new HoldResult.Insufficient(amount, spendable);
        }
        return draw(Posting.on(book), TransferKind.HOLD, amount, Cause.ofJob(jobId, now));
    }

    /** Consumes what a job holds. */
    static Posting capture(Book book, UUID jobId, List<Hold> holds, Instant now) {
        Posting posting = Posting.on(book);
        for (Hold hold : holds) {
            posting = posting.move(TransferKind.CAPTURE, hold.amount(), hold.lotId(), Cause.ofJob(jobId, now));
        }
        return posting;
    }

    /** Puts back what a job holds; what came to be owed meanwhile is paid off from it. */
    static Posting release(Book book, UUID jobId, List<Hold> holds, Instant now) {
        Cause cause = Cause.ofJob(jobId, now);
        Posting posting = Posting.on(book);
        for (Hold hold : holds) {
            posting = posting.move(TransferKind.RELEASE, hold.amount(), hold.lotId(), cause);
            posting = repay(posting, hold.lotId(), hold.amount(), cause);
        }
        return posting;
    }

    /**
     * Takes back what was granted: from the lot in question, lapsed or not, then from others in spending order; the
     * rest becomes debt.
     */
    static Posting revoke(Book book, String ref, long amount, @Nullable UUID lotId, Instant now) {
        requirePositive(amount);
        Cause cause = Cause.of(ref, now);
        Posting posting = Posting.on(book);
        for (Lot lot : book.lots()) {
            if (lot.id().equals(lotId) && lot.remaining() > 0) {
                posting = posting.move(TransferKind.REVOKE, Math.min(lot.remaining(), amount), lot.id(), cause);
            }
        }
        posting = draw(posting, TransferKind.REVOKE, amount - drawn(posting), cause);
        long missing = amount - drawn(posting);
        return missing == 0 ? posting : posting.moveDebt(TransferKind.REVOKE, missing, cause);
    }

    /**
     * Gives back what was taken: what is owed is forgiven first, then the lots that are short of something get it, the one
     * in question before the others and lapsed ones last. A lot never gets more than was taken from it, so that what jobs
     * hold of it still has its place. Nobody could spend the credits while they were away, so they get that time back, unless
     * others that were never away are in the lot, too, or as many may come back to it from jobs: these must not live on by it.
     */
    static Posting reinstate(
            Book book, String ref, long amount, Elsewhere elsewhere, @Nullable UUID lotId, Instant now) {
        requirePositive(amount);
        Cause cause = Cause.of(ref, now);
        Posting posting = Posting.on(book);
        long forgiven = Math.min(amount, book.account().debt());
        if (forgiven > 0) {
            posting = posting.moveDebt(TransferKind.REINSTATE, forgiven, cause);
        }
        long left = amount - forgiven;
        for (Lot lot : inOrderOfReturn(book.lots(), lotId, now)) {
            Away away = elsewhere.taken().get(lot.id());
            long back = away == null ? 0 : Math.min(left, away.credits());
            if (away != null && back > 0) {
                posting = lapse(posting, lot, now);
                boolean alone = posting.book().lot(lot.id()).remaining() == 0 && elsewhere.heldOf(lot.id()) < back;
                if (alone) {
                    posting = putOff(posting, lot, away, now);
                }
                posting = posting.move(TransferKind.REINSTATE, back, lot.id(), cause);
                left -= back;
            }
        }
        if (left > 0) {
            throw new IllegalStateException(
                    ref + " would give back " + left + " more credits than were ever taken from the account");
        }
        return posting;
    }

    private static List<Lot> inOrderOfReturn(List<Lot> lots, @Nullable UUID lotId, Instant now) {
        return lots.stream()
                .sorted(Comparator.comparingInt((Lot lot) -> lot.id().equals(lotId) ? 0 : lot.isExpired(now) ? 2 : 1))
                .toList();
    }

    /** Takes away what is left of lapsed lots. */
    static Posting expire(Book book, Instant now) {
        Posting posting = Posting.on(book);
        for (Lot lot : book.lots()) {
            posting = lapse(posting, lot, now);
        }
        return posting;
    }

    private static Posting lapse(Posting posting, Lot lot, Instant now) {
        return lot.isExpired(now) && lot.remaining() > 0
                ? posting.move(TransferKind.EXPIRE, lot.remaining(), lot.id(), Cause.of("lot:" + lot.id(), now))
                : posting;
    }

    private static Posting putOff(Posting posting, Lot lot, Away away, Instant now) {
        Duration gone = Duration.between(away.since(), now);
        return lot.expiresAt() != null && gone.isPositive()
                ? posting.putOff(lot.id(), lot.expiresAt().plus(gone))
                : posting;
    }

    private static Posting draw(Posting start, TransferKind kind, long amount, Cause cause) {
        Posting posting = start;
        long left = amount;
        for (Lot lot : start.book().lots()) {
            long drawn = lot.isExpired(cause.at()) ? 0 : Math.min(lot.remaining(), left);
            if (drawn > 0) {
                posting = posting.move(kind, drawn, lot.id(), cause);
                left -= drawn;
            }
        }
        return posting;
    }

    private static long drawn(Posting posting) {
        return posting.transfers().stream().mapToLong(Transfer::amount).sum();
    }

    private static Posting repay(Posting posting, UUID lotId, long amount, Cause cause) {
        long repaid = Math.min(amount, posting.book().account().debt());
        return repaid == 0 ? posting : posting.move(TransferKind.REPAY, repaid, lotId, cause);
    }

    private static void requirePositive(long amount) {
        if (amount <= 0) {
            throw new IllegalArgumentException("an amount must be positive, not " + amount);
        }
    }
}
