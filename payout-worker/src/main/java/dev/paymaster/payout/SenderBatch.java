package dev.paymaster.payout;

import static java.util.Objects.requireNonNull;

import dev.paymaster.payout.Senders.Waiting;
import dev.paymaster.payout.obligation.Budget;
import dev.paymaster.payout.obligation.Made;
import dev.paymaster.payout.obligation.ObligationRules;
import dev.paymaster.payout.obligation.Owed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The senders that one batch touches, their rows locked, in memory until {@link #settle()}. What a payout takes of its
 * sender's cash follows from its state alone, so whatever happens to payouts, the sum is right. For one thread and one
 * transaction.
 */
final class SenderBatch {
    private final Senders senders;
    private final boolean capped;
    private final Map<UUID, Budget> budgets;
    private final Map<UUID, Long> lines;
    private final Set<UUID> waiting;
    private final Map<UUID, Owed> joined = new LinkedHashMap<>();
    private final Set<UUID> left = new HashSet<>();
    private final Map<UUID, Budget> changed = new HashMap<>();

    /** @param lines what the first in each line wants, in cents */
    SenderBatch(Senders senders, boolean capped, Map<UUID, Budget> budgets, Map<UUID, Long> lines, Set<UUID> waiting) {
        this.senders = senders;
        this.capped = capped;
        this.budgets = budgets;
        this.lines = lines;
        this.waiting = waiting;
    }

    /** Purchases have brought in so much, or so much has come back when it is negative. */
    void earn(UUID sender, long cents) {
        put(sender, budget(sender).earning(cents));
    }

    Budget budget(UUID sender) {
        return requireNonNull(budgets.get(sender), "the sender is locked");
    }

    /** Whether a new payout can go on: there is cash for it, and none that is older waits for cash. */
    boolean covers(Owed owed) {
        return !capped
                || (!lines.containsKey(owed.sender()) && budget(owed.sender()).covers(owed.amountCents()));
    }

    /** Puts a new payout at the end of its sender's line. */
    void join(Owed owed) {
        joined.put(owed.id(), owed);
        waiting.add(owed.id());
        lines.putIfAbsent(owed.sender(), owed.amountCents());
    }

    /** Whether a payout still waits for cash, among those that were loaded or have joined. */
    boolean isWaiting(UUID payoutId) {
        return waiting.contains(payoutId);
    }

    /**
     * Counts what has become of a payout.
     *
     * @param before absent: it is new
     */
    void follow(@Nullable PayoutRow before, PayoutRow after) {
        if (after.isBatch()) {
            return; // only its jobs once more
        }
        UUID sender = after.payout().owed().sender();
        long more = -taken(before);
        if (!ObligationRules.waitsForRevenue(after.payout()) && waiting.remove(after.id())) {
            left.add(after.id());
            lines.computeIfPresent(sender, (_, _) -> 0L); // who is first now, the table tells
        }
        more += taken(after);
        if (more != 0) {
            put(sender, budget(sender).committing(more));
        }
    }

    private long taken(@Nullable PayoutRow row) {
        if (row == null || (ObligationRules.waitsForRevenue(row.payout()) && waiting.contains(row.id()))) {
            return 0;
        }
        Made made = row.payout().made();
        return row.payout().owed().amountCents() - (made == null ? 0 : made.reversedCents());
    }

    private void put(UUID sender, Budget budget) {
        budgets.put(sender, budget);
        changed.put(sender, budget);
    }

    /**
     * Writes everything and returns who has come to the end of waiting; what they take is counted now, and they must be told.
     */
    List<Waiting> settle() {
        if (!left.isEmpty()) {
            senders.leave(left);
        }
        left.forEach(joined::remove);
        if (!joined.isEmpty()) {
            senders.join(joined.values());
        }
        List<Waiting> covered = advance();
        if (!changed.isEmpty()) {
            senders.save(changed);
        }
        return covered;
    }

    /**
     * Every line whose first is covered goes on, wherever the room comes from; without a cap, whoever still waits from a time
     * with one.
     */
    private List<Waiting> advance() {
        Set<UUID> moving = new HashSet<>(lines.keySet());
        if (capped) {
            moving.removeIf(sender -> !budget(sender).covers(requireNonNull(lines.get(sender))));
        }
        List<Waiting> covered = new ArrayList<>();
        if (!moving.isEmpty()) {
            senders.fronts(moving).forEach((sender, line) -> covered.addAll(advance(sender, line)));
        }
        if (!covered.isEmpty()) {
            senders.leave(covered.stream().map(Waiting::payoutId).toList());
        }
        return covered;
    }

    private List<Waiting> advance(UUID sender, List<Waiting> line) {
        int count = capped
                ? budget(sender).covered(line.stream().map(Waiting::cents).toList())
                : line.size();
        List<Waiting> covered = line.subList(0, count);
        if (count > 0) {
            put(
                    sender,
                    budget(sender)
                            .committing(
                                    covered.stream().mapToLong(Waiting::cents).sum()));
        }
        return covered;
    }
}
