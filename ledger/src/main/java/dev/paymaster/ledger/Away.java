package dev.paymaster.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Credits of a lot that were revoked, or went into debt, and have not come back.
 *
 * @param since when some of them last were revoked or came back; of what went into debt alone, when the first did
 */
record Away(long credits, Instant since) {

    /** What is away once so many have been revoked at that moment, too. */
    static Away revoked(@Nullable Away before, long amount, Instant at) {
        return new Away(Math.addExact(before == null ? 0 : before.credits, amount), at);
    }

    /** What is away once so many have gone into debt at that moment, too. */
    static Away owed(@Nullable Away before, long amount, Instant at) {
        return before == null || before.credits == 0
                ? new Away(amount, at)
                : new Away(Math.addExact(before.credits, amount), before.since);
    }

    /** What is still away once so many have come back at that moment. */
    static Away returned(@Nullable Away before, long amount, Instant at) {
        return new Away(Math.subtractExact(before == null ? 0 : before.credits, amount), at);
    }
}
