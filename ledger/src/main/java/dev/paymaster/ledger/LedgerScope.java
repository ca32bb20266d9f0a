package dev.paymaster.ledger;

import java.util.Set;
import java.util.UUID;

/**
 * What a batch is going to touch; all of it is loaded at once.
 *
 * @param userIds whose accounts are read or changed; made when missing, and locked
 * @param jobIds whose holds are captured or released; a new hold needs no mention
 * @param sourceRefs of the grants to be made
 */
public record LedgerScope(Set<UUID> userIds, Set<UUID> jobIds, Set<String> sourceRefs) {
    public LedgerScope {
        userIds = Set.copyOf(userIds);
        jobIds = Set.copyOf(jobIds);
        sourceRefs = Set.copyOf(sourceRefs);
    }
}
