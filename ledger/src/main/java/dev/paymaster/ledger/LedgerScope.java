package dev.paymaster.ledger;

import java.util.Set;
import java.util.UUID;

/**
 * What a batch is going to touch; all of it is loaded at once.
 *
 * @param userIds whose accounts are read or changed; made when missing, and locked
 * @param jobIds whose holds are captured or released; a new hold needs no mention
 * @param sourceRefs of the grants to be made
 * @param reversedUserIds of these, whose purchases are taken back or given again; what was taken of which lot, what jobs
 *     hold of it, and what lapsed, is loaded for them
 */
public record LedgerScope(Set<UUID> userIds, Set<UUID> jobIds, Set<String> sourceRefs, Set<UUID> reversedUserIds) {
    public LedgerScope {
        userIds = Set.copyOf(userIds);
        jobIds = Set.copyOf(jobIds);
        sourceRefs = Set.copyOf(sourceRefs);
        reversedUserIds = Set.copyOf(reversedUserIds);
        if (!userIds.containsAll(reversedUserIds)) {
            throw new IllegalArgumentException("whose purchases are reversed must be among the users");
        }
    }

    /** A batch that reverses no purchase. */
    public LedgerScope(Set<UUID> userIds, Set<UUID> jobIds, Set<String> sourceRefs) {
        this(userIds, jobIds, sourceRefs, Set.of());
    }
}
