package dev.paymaster.ledger;

import dev.paymaster.events.credit.CreditEvent.BalanceLow;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Many changes to the ledger, decided in memory one after the other, and saved together. Each call sees what the calls
 * before it did. For one thread and one transaction; nothing is in the database before {@link #save()}.
 *
 * <p>All amounts are whole credits and positive; a call with another amount, or for a user, job or source that the
 * scope didn't name, is a bug of the caller and throws.
 */
public final class LedgerBatch {
    private final LedgerStore store;
    private final Supplier<UUID> lotIds;
    private final LedgerScope scope;
    private final Map<UUID, Book> books;
    private final Map<UUID, List<Hold>> holds;
    private final Set<String> granted;
    private final Elsewhere elsewhere;
    private final Map<String, Long> lapsed;
    private final LowBalances lowBalances;
    private final Map<UUID, Lot> openedLots = new LinkedHashMap<>();
    private final Map<UUID, Lot> changedLots = new HashMap<>();
    private final List<Transfer> transfers = new ArrayList<>();

    LedgerBatch(
            LedgerStore store,
            Supplier<UUID> lotIds,
            LedgerScope scope,
            Map<UUID, Book> books,
            Map<UUID, List<Hold>> holds,
            Set<String> granted,
            Elsewhere elsewhere,
            Map<String, Long> lapsed,
            LowBalances lowBalances) {
        this.store = store;
        this.lotIds = lotIds;
        this.scope = scope;
        this.books = books;
        this.holds = holds;
        this.granted = granted;
        this.elsewhere = elsewhere;
        this.lapsed = lapsed;
        this.lowBalances = lowBalances;
    }

    /**
     * Sets credits aside for a new job, from the lots that lapse soonest, then from the oldest.
     *
     * @throws IllegalStateException when the job already holds credits
     */
    public HoldResult hold(UUID userId, UUID jobId, long amount, Instant now) {
        if (holds.containsKey(jobId)) {
            throw new IllegalStateException("job " + jobId + " already holds credits");
        }
        return switch (Decisions.hold(book(userId), jobId, amount, micros(now))) {
            case HoldResult.Insufficient insufficient -> insufficient;
            case Posting posting -> {
                List<Transfer> done = record(posting);
                holds.put(jobId, done.stream().map(Hold::of).toList());
                yield new HoldResult.Done(done);
            }
        };
    }

    /**
     * Consumes exactly what the job holds, one transfer per lot.
     *
     * @throws IllegalStateException when the job holds nothing of this user
     */
    public List<Transfer> capture(UUID userId, UUID jobId, Instant now) {
        return record(Decisions.capture(book(userId), jobId, takeHolds(userId, jobId), micros(now)));
    }

    /**
     * Gives back what the job holds to the lots it came from, one transfer per lot. What the user has come to owe
     * meanwhile is paid off from it, by further transfers.
     *
     * @throws IllegalStateException when the job holds nothing of this user
     */
    public List<Transfer> release(UUID userId, UUID jobId, Instant now) {
        return record(Decisions.release(book(userId), jobId, takeHolds(userId, jobId), micros(now)));
    }

    /**
     * Opens a lot. What the user owes is paid off from it at once, by a second transfer.
     *
     * @return the transfers; none when the source has granted before
     */
    public List<Transfer> grant(UUID userId, Grant grant, Instant now) {
        if (!scope.sourceRefs().contains(grant.sourceRef())) {
            throw new IllegalStateException("source " + grant.sourceRef() + " is not in the scope of this batch");
        }
        if (!granted.add(grant.sourceRef())) {
            return List.of();
        }
        return record(Decisions.grant(book(userId), grant, lotIds.get(), micros(now)));
    }

    /**
     * Takes credits back: from the lot first, if one is given, then from the others in spending order; what isn't there
     * becomes debt.
     *
     * @param ref unique per refund or dispute; a second revocation with it fails when the batch is saved
     */
    public List<Transfer> revoke(UUID userId, String ref, long amount, @Nullable UUID lotId, Instant now) {
        return record(Decisions.revoke(book(userId), ref, amount, lotId, micros(now)));
    }

    /**
     * Gives back what was taken from the user, for whatever reason: debt is forgiven first, then the lots get back what
     * they are short of, the given one before the others. A lot lapses later by the time for which some of it was away, if it has
     * nothing else, in it or in jobs.
     *
     * @param ref unique per reinstatement; a second one with it fails when the batch is saved
     * @throws IllegalStateException when that is more than was ever taken, or the scope didn't say that something is
     *     given back to this user
     */
    public List<Transfer> reinstate(UUID userId, String ref, long amount, @Nullable UUID lotId, Instant now) {
        requireReversed(userId);
        return record(Decisions.reinstate(book(userId), ref, amount, elsewhere, lotId, micros(now)));
    }

    /**
     * What lapsed of the lots that these sources opened for the user, all in all.
     *
     * @throws IllegalStateException when the scope didn't say that a purchase of this user is reversed
     */
    public long lapsed(UUID userId, Set<String> sourceRefs) {
        requireReversed(userId);
        return sourceRefs.stream()
                .mapToLong(ref -> lapsed.getOrDefault(ref, 0L))
                .sum();
    }

    private void requireReversed(UUID userId) {
        if (!scope.reversedUserIds().contains(userId)) {
            throw new IllegalStateException("the scope of this batch takes or gives nothing back of user " + userId);
        }
    }

    /** The lot that a source opened, or null when it opened none that this batch has to know of. */
    public @Nullable UUID lotOf(UUID userId, String sourceRef) {
        for (Lot lot : book(userId).lots()) {
            if (lot.sourceRef().equals(sourceRef)) {
                return lot.id();
            }
        }
        return null;
    }

    /** The cash that bought the lot of a transfer that a call to this batch has returned; 0 without a lot. */
    public long revenueOf(Transfer transfer) {
        return transfer.lotId() == null
                ? 0
                : book(transfer.userId()).lot(transfer.lotId()).revenueCents();
    }

    /** Takes away what is left of the user's lapsed lots, one transfer per lot. */
    public List<Transfer> expire(UUID userId, Instant now) {
        return record(Decisions.expire(book(userId), micros(now)));
    }

    /**
     * Has a user told, from now on, when what can be spent falls below a number.
     *
     * @param credits absent: never
     */
    public void setThreshold(UUID userId, @Nullable Long credits) {
        lowBalances.set(book(userId).account().userId(), credits == null ? 0 : credits);
    }

    /** What has to be told after the events of these transfers, which a call to this batch has returned. */
    public List<BalanceLow> lowBalances(List<Transfer> made) {
        return lowBalances.after(made);
    }

    /** The account as it is after all calls so far. */
    public Account account(UUID userId) {
        return book(userId).account();
    }

    /** Writes everything, one round trip per table. Call it once, last. */
    public void save() {
        Map<UUID, Account> changed = new HashMap<>();
        transfers.forEach(transfer -> changed.put(transfer.userId(), account(transfer.userId())));
        store.saveAccounts(changed.values());
        store.saveThresholds(lowBalances.changed());
        store.insertLots(openedLots.values());
        store.updateLots(changedLots.values());
        store.insertTransfers(transfers);
    }

    private List<Transfer> record(Posting posting) {
        Book after = posting.book();
        lowBalances.note(book(after.account().userId()).account(), after.account());
        books.put(after.account().userId(), after);
        for (Transfer transfer : posting.transfers()) {
            transfers.add(transfer);
            if (transfer.lotId() != null) {
                note(after.lot(transfer.lotId()), transfer);
            }
        }
        return posting.transfers();
    }

    private void note(Lot lot, Transfer transfer) {
        TransferKind kind = transfer.kind();
        if (kind != TransferKind.CAPTURE) {
            boolean opened = kind == TransferKind.GRANT || openedLots.containsKey(lot.id());
            (opened ? openedLots : changedLots).put(lot.id(), lot);
        }
        // Of others, what was before isn't known.
        if (scope.reversedUserIds().contains(lot.userId())) {
            elsewhere.note(lot.id(), transfer);
            if (kind == TransferKind.EXPIRE) {
                lapsed.merge(lot.sourceRef(), transfer.amount(), Math::addExact);
            }
        }
    }

    private List<Hold> takeHolds(UUID userId, UUID jobId) {
        List<Hold> taken = holds.remove(jobId);
        if (taken == null || !taken.getFirst().userId().equals(userId)) {
            throw new IllegalStateException("job " + jobId + " holds no credits of user " + userId
                    + (scope.jobIds().contains(jobId) ? "" : " that are in the scope of this batch"));
        }
        return taken;
    }

    private Book book(UUID userId) {
        Book book = books.get(userId);
        if (book == null) {
            throw new IllegalStateException("user " + userId + " is not in the scope of this batch");
        }
        return book;
    }

    /** As exact as the database, so that an event says the same time as the row. */
    private static Instant micros(Instant now) {
        return now.truncatedTo(ChronoUnit.MICROS);
    }
}
