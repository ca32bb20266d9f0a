package dev.paymaster.system.house.planted;

import java.time.Instant;

/** Looks pure, and asks the clock. */
final class DecidesWithAClock {
    private DecidesWithAClock() {}

    static boolean isLate(Instant deadline) {
        return Instant.now().isAfter(deadline);
    }
}
