package dev.paymaster.ledger;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Why and when something is posted. */
record Cause(String ref, @Nullable UUID jobId, Instant at) {
    static Cause of(String ref, Instant at) {
        return new Cause(ref, null, at);
    }

    static Cause ofJob(UUID jobId, Instant at) {
        return new Cause("job:" + jobId, jobId, at);
    }
}
