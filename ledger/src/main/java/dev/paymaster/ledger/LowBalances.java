package dev.paymaster.ledger;

import dev.paymaster.events.credit.CreditEvent.BalanceLow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * Notices when what a user can spend falls below the user's threshold. Whoever is below and stays there is told no second
 * time; whoever comes up to the threshold is told the next time. For one thread.
 */
final class LowBalances {
    private record Entry(UUID userId, long sequence) {}

    private final Map<UUID, Long> thresholds;
    private final Map<UUID, Long> changed = new HashMap<>();
    private final Map<Entry, BalanceLow> told = new HashMap<>();

    /** @param thresholds 0, or nothing, for who has none; given away */
    LowBalances(Map<UUID, Long> thresholds) {
        this.thresholds = thresholds;
    }

    /** Sets a threshold; 0 takes it away. */
    void set(UUID userId, long credits) {
        thresholds.put(userId, credits);
        changed.put(userId, credits);
    }

    Map<UUID, Long> changed() {
        return changed;
    }

    /** Notes what a posting did; its last entry is the one to tell after. */
    void note(Account before, Account after) {
        long threshold = thresholds.getOrDefault(after.userId(), 0L);
        if (before.available() >= threshold && after.available() < threshold) {
            told.put(
                    new Entry(after.userId(), after.sequence()),
                    new BalanceLow(after.userId(), threshold, after.available()));
        }
    }

    /** What to tell after these entries. */
    List<BalanceLow> after(List<Transfer> transfers) {
        if (told.isEmpty()) {
            return List.of();
        }
        return transfers.stream()
                .map(transfer -> told.get(new Entry(transfer.userId(), transfer.sequence())))
                .filter(Objects::nonNull)
                .toList();
    }
}
