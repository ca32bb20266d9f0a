package dev.paymaster.ledger;

import java.util.Set;
import java.util.UUID;

/**
 * What a batch is going to touch; all of it is loaded at once.
 *
 * @param userIds whose accounts are read or changed; made when missing, and locked
 * @param jobIds whose holds are captured or released; a new hold needs no mention
 * @param sourceRefs of the grants to be made
 * @param reinstatedUserIds of these, who gets back what was taken; what is missing of which lot is loaded for them
 */
public record LedgerScope(Set<UUID> userIds, Set<UUID> jobIds, Set<String> sourceRefs, Set<UUID> reinstatedUserIds) {
    public LedgerScope {
        userIds = Set.copyOf(userIds);
        jobIds = Set.copyOf(jobIds);
        sourceRefs = Set.copyOf(sourceRefs);
        reinstatedUserIds = Set.copyOf(reinstatedUserIds);
        if (!userIds.containsAll(reinstatedUserIds)) {
            throw new IllegalArgumentException("who gets something back must be among the users");
        }
    }

    /** A batch that reinstates nothing. */
    public LedgerScope(Set<UUID> userIds, Set<UUID> jobIds, Set<String> sourceRefs) {
        this(userIds, jobIds, sourceRefs, Set.of());
    }
}
