package dev.paymaster.ledger;

import java.util.Map;
import java.util.UUID;

/**
 * Credits of lots that are not in them and may come back, by lot. For one thread; its maps change with what is noted.
 *
 * @param taken what was revoked, or went into debt, and has not come back
 * @param held what jobs hold
 */
record Elsewhere(Map<UUID, Away> taken, Map<UUID, Long> held) {

    /** Notes what a transfer from or to a lot has changed. */
    void note(UUID lotId, Transfer transfer) {
        long amount = transfer.amount();
        switch (transfer.kind()) {
            case REVOKE -> taken.compute(lotId, (_, before) -> Away.revoked(before, amount, transfer.recordedAt()));
            case REPAY -> taken.compute(lotId, (_, before) -> Away.owed(before, amount, transfer.recordedAt()));
            case REINSTATE -> taken.compute(lotId, (_, before) -> Away.returned(before, amount, transfer.recordedAt()));
            case HOLD -> held.merge(lotId, amount, Math::addExact);
            case CAPTURE, RELEASE -> held.merge(lotId, -amount, Math::addExact);
            case GRANT, EXPIRE -> {}
        }
    }

    long heldOf(UUID lotId) {
        return held.getOrDefault(lotId, 0L);
    }
}
