package dev.paymaster.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

/**
 * An account with its lots: all that a decision needs to know of a user.
 *
 * @param lots every lot with something left, and perhaps empty ones, in spending order
 */
record Book(Account account, List<Lot> lots) {
    Book {
        lots = List.copyOf(lots);
        long left = 0;
        for (Lot lot : lots) {
            left = Math.addExact(left, lot.remaining());
        }
        if (left != account.available()) {
            throw new IllegalStateException("account " + account.userId() + " has " + account.available()
                    + " available, and its lots have " + left + " left");
        }
    }

    /** What a job may hold: nothing of a lapsed lot, and nothing at all while there is debt. */
    long spendable(Instant now) {
        if (account.debt() > 0) {
            return 0;
        }
        long sum = 0;
        for (Lot lot : lots) {
            if (!lot.isExpired(now)) {
                sum = Math.addExact(sum, lot.remaining());
            }
        }
        return sum;
    }

    Lot lot(UUID id) {
        return lots.get(indexOf(id));
    }

    /** The book with a new lot at its place, already counted in {@code account}. */
    Book withNew(Lot lot, Account account) {
        int found = Collections.binarySearch(lots, lot, Lot.SPENDING_ORDER);
        List<Lot> more = new ArrayList<>(lots);
        more.add(found < 0 ? -found - 1 : found + 1, lot);
        return new Book(account, more);
    }

    /** The book with a lot changed, already counted in {@code account}. */
    Book with(Lot lot, Account account) {
        List<Lot> changed = new ArrayList<>(lots);
        changed.set(indexOf(lot.id()), lot);
        return new Book(account, changed);
    }

    /** The book with a lot that lapses at another time, at its new place. */
    Book rescheduled(Lot lot) {
        List<Lot> changed = new ArrayList<>(lots);
        changed.set(indexOf(lot.id()), lot);
        changed.sort(Lot.SPENDING_ORDER);
        return new Book(account, changed);
    }

    private int indexOf(UUID lotId) {
        for (int i = 0; i < lots.size(); i++) {
            if (lots.get(i).id().equals(lotId)) {
                return i;
            }
        }
        throw new IllegalStateException("account " + account.userId() + " has no lot " + lotId);
    }
}
