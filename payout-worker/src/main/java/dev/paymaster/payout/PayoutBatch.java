package dev.paymaster.payout;

import dev.paymaster.payout.obligation.Payout;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The payouts that one batch of commands touches, in memory until {@link #save()}. For one thread and one transaction. */
final class PayoutBatch {
    private final Payouts payouts;
    private final Map<UUID, PayoutRow> rows = new LinkedHashMap<>();
    private final Set<UUID> jobs = new HashSet<>();
    private final Map<UUID, PayoutRow> fresh = new LinkedHashMap<>();
    private final Map<UUID, PayoutRow> changed = new LinkedHashMap<>();

    PayoutBatch(Payouts payouts, Collection<PayoutRow> loaded) {
        this.payouts = payouts;
        loaded.forEach(this::index);
    }

    @Nullable
    PayoutRow find(UUID id) {
        return rows.get(id);
    }

    /** Whether a job has a payout, among those that were loaded or added. */
    boolean hasPayoutOf(UUID jobId) {
        return jobs.contains(jobId);
    }

    /** All payouts of a receiver that were loaded or added, oldest first. */
    List<PayoutRow> of(UUID receiver) {
        return rows.values().stream()
                .filter(row -> row.payout().owed().receiver().equals(receiver))
                .toList();
    }

    /** Everything that was loaded or added. */
    Collection<PayoutRow> all() {
        return rows.values();
    }

    /** What is made with a batch, among those that were loaded or added. */
    List<PayoutRow> madeWith(UUID batchId) {
        return rows.values().stream()
                .filter(row -> batchId.equals(row.batchId()))
                .toList();
    }

    /** Adds a payout that has just come into being. */
    PayoutRow add(Payout payout) {
        PayoutRow row = PayoutRow.created(payout);
        index(row);
        fresh.put(row.id(), row);
        return row;
    }

    /** Replaces a row by what has become of it. */
    void put(PayoutRow row) {
        rows.put(row.id(), row);
        (fresh.containsKey(row.id()) ? fresh : changed).put(row.id(), row);
    }

    /** Writes what is new and what has changed, one statement each. */
    void save() {
        if (!fresh.isEmpty()) {
            payouts.insert(fresh.values());
        }
        if (!changed.isEmpty()) {
            payouts.update(changed.values());
        }
    }

    private void index(PayoutRow row) {
        rows.put(row.id(), row);
        jobs.add(row.payout().owed().jobId());
    }
}
