package dev.paymaster.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Credits of a lot that were revoked, or went into debt, and have not come back.
 *
 * @param since when the first of them went, or some of them last came back
 */
record Away(long credits, Instant since) {

    /** What is away once so many have gone at that moment, too. */
    static Away more(@Nullable Away before, long amount, Instant at) {
        return before == null || before.credits == 0
                ? new Away(amount, at)
                : new Away(Math.addExact(before.credits, amount), before.since);
    }

    /** What is still away once so many have come back at that moment. */
    static Away less(@Nullable Away before, long amount, Instant at) {
        return new Away(Math.subtractExact(before == null ? 0 : before.credits, amount), at);
    }
}
