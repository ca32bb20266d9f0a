package dev.paymaster.gateway.proof;

import java.util.Map;
import java.util.Set;

/**
 * The tiers that are sold, as far as it matters what an invoice bills.
 *
 * @param byPrice the tier that each price buys
 * @param grantingOnTrial those of which a free trial grants, too
 */
record Tiers(Map<String, String> byPrice, Set<String> grantingOnTrial) {
    Tiers {
        byPrice = Map.copyOf(byPrice);
        grantingOnTrial = Set.copyOf(grantingOnTrial);
    }
}
