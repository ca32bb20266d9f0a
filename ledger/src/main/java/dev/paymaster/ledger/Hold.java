package dev.paymaster.ledger;

import java.util.UUID;

/** What one job has set aside of one lot. */
record Hold(UUID userId, UUID jobId, UUID lotId, long amount) {
    static Hold of(Transfer transfer) {
        UUID jobId = transfer.jobId();
        UUID lotId = transfer.lotId();
        if (jobId == null || lotId == null) {
            throw new IllegalStateException("a hold without job or lot: " + transfer);
        }
        return new Hold(transfer.userId(), jobId, lotId, transfer.amount());
    }
}
