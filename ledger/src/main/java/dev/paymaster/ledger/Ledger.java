package dev.paymaster.ledger;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The door to all balances. Thread-safe; the batches that it opens are not.
 *
 * <p>Whatever a batch does becomes true with the caller's transaction or not at all, so a record that is delivered
 * again meets either nothing of it or all of it.
 */
public final class Ledger {
    private final LedgerStore store;
    private final Supplier<UUID> lotIds;

    /**
     * @param jdbc on the data source of the caller's transactions
     * @param lotIds new ids for lots, best growing with time, because they are indexed
     */
    public Ledger(JdbcOperations jdbc, Supplier<UUID> lotIds) {
        this.store = new LedgerStore(jdbc);
        this.lotIds = lotIds;
    }

    /**
     * Opens a batch inside the caller's transaction: makes missing accounts, locks all of them in ascending order of
     * user id until the transaction ends, and loads what the scope names, one round trip per table.
     *
     * @throws IllegalStateException outside a transaction, where the locks would mean nothing
     * @throws org.springframework.dao.DataAccessException when the database can't be reached, or refuses
     */
    public LedgerBatch open(LedgerScope scope) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("a ledger batch needs a transaction");
        }
        Set<UUID> made = store.makeAccounts(scope.userIds());
        Set<UUID> known = new HashSet<>(scope.userIds());
        known.removeAll(made);
        List<LedgerStore.Locked> locked = store.lockAccounts(known);
        Map<UUID, List<Hold>> holds = store.loadHolds(scope.jobIds());
        Elsewhere elsewhere =
                new Elsewhere(store.loadTaken(scope.reversedUserIds()), store.loadHeld(scope.reversedUserIds()));
        Map<String, Long> lapsed = store.loadLapsed(scope.reversedUserIds());
        Set<UUID> touched = lotsOf(holds);
        touched.addAll(elsewhere.taken().keySet());
        Map<UUID, List<Lot>> lots = store.loadLots(known, touched);
        Map<UUID, Book> books = HashMap.newHashMap(scope.userIds().size());
        made.forEach(userId -> books.put(userId, new Book(Account.empty(userId), List.of())));
        Map<UUID, Long> thresholds = new HashMap<>();
        for (LedgerStore.Locked each : locked) {
            UUID userId = each.account().userId();
            books.put(userId, new Book(each.account(), lots.getOrDefault(userId, List.of())));
            thresholds.put(userId, each.lowBelow());
        }
        Set<String> granted = new HashSet<>(store.loadGranted(scope.sourceRefs()));
        return new LedgerBatch(
                store, lotIds, scope, books, holds, granted, elsewhere, lapsed, new LowBalances(thresholds));
    }

    /**
     * Whose lots lapsed in a span of time and have something left.
     *
     * @param limit how many users at most, in no order
     */
    public List<UUID> usersWithLapsedLots(Instant from, Instant to, int limit) {
        return store.findLapsed(from, to, limit);
    }

    private static Set<UUID> lotsOf(Map<UUID, List<Hold>> holds) {
        Set<UUID> lotIds = new HashSet<>();
        holds.values().forEach(all -> all.forEach(hold -> lotIds.add(hold.lotId())));
        return lotIds;
    }
}
