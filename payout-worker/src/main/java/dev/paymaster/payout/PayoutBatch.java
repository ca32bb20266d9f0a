package dev.paymaster.payout;

import dev.paymaster.payout.obligation.Payout;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The payouts that one batch of commands touches, in memory until {@link #save()}. For one thread and one transaction. */
final class PayoutBatch {
    private final Payouts payouts;
    private final Map<UUID, PayoutRow> rows = new LinkedHashMap<>();
    private final Map<UUID, UUID> byJob = new HashMap<>();
    private final Set<UUID> fresh = new LinkedHashSet<>();
    private final Set<UUID> changed = new LinkedHashSet<>();

    PayoutBatch(Payouts payouts, Collection<PayoutRow> loaded) {
        this.payouts = payouts;
        loaded.forEach(this::index);
    }

    @Nullable
    PayoutRow find(UUID id) {
        return rows.get(id);
    }

    @Nullable
    PayoutRow ofJob(UUID jobId) {
        UUID id = byJob.get(jobId);
        return id == null ? null : rows.get(id);
    }

    /** All payouts of a receiver that were loaded or added, oldest first. */
    List<PayoutRow> of(UUID receiver) {
        return rows.values().stream()
                .filter(row -> row.payout().owed().receiver().equals(receiver))
                .toList();
    }

    /** Adds a payout that has just come into being. */
    PayoutRow add(Payout payout) {
        PayoutRow row = PayoutRow.created(payout);
        index(row);
        fresh.add(row.id());
        return row;
    }

    /** Replaces a row by what has become of it. */
    void put(PayoutRow row) {
        rows.put(row.id(), row);
        if (!fresh.contains(row.id())) {
            changed.add(row.id());
        }
    }

    /** Writes what is new and what has changed, one statement each. */
    void save() {
        if (!fresh.isEmpty()) {
            payouts.insert(named(fresh));
        }
        if (!changed.isEmpty()) {
            payouts.update(named(changed));
        }
    }

    private List<PayoutRow> named(Set<UUID> ids) {
        List<PayoutRow> named = new ArrayList<>(ids.size());
        for (UUID id : ids) {
            PayoutRow row = rows.get(id);
            if (row != null) {
                named.add(row);
            }
        }
        return named;
    }

    private void index(PayoutRow row) {
        rows.put(row.id(), row);
        byJob.put(row.payout().owed().jobId(), row.id());
    }
}
