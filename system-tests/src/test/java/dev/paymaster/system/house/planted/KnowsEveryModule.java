package dev.paymaster.system.house.planted;

import dev.paymaster.ledger.Account;
import java.util.UUID;

/** Reaches into a module that it has no business with. */
final class KnowsEveryModule {
    private KnowsEveryModule() {}

    static long balanceOf(UUID userId) {
        return Account.empty(userId).available();
    }
}
