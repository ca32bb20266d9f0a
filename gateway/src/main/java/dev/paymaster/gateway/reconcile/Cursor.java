package dev.paymaster.gateway.reconcile;

import dev.paymaster.gateway.stripe.ListPage;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a list has been read. Times are Stripe's seconds: ours may differ.
 *
 * @param since the newest that finished sweeps have seen; null: none has finished
 * @param newest the newest that the sweep under way has seen
 * @param resumeAfter where the sweep under way has come to; null between sweeps
 */
record Cursor(
        @Nullable Long since,
        @Nullable Long newest,
        @Nullable String resumeAfter) {
    static final Cursor START = new Cursor(null, null, null);

    /**
     * The oldest that the sweep still looks at.
     *
     * @param lookBack before what finished sweeps have seen
     * @param first where the first sweep of all ends
     */
    long from(Duration lookBack, Instant first) {
        return Math.max(0, since == null ? first.getEpochSecond() : since - lookBack.toSeconds());
    }

    /** After one page more. */
    Cursor after(ListPage page) {
        Long seen = page.items().isEmpty()
                ? newest
                : Long.valueOf(Math.max(
                        newest == null ? 0 : newest, page.items().getFirst().created()));
        if (page.hasMore() && !page.items().isEmpty()) {
            return new Cursor(since, seen, page.items().getLast().id());
        }
        return new Cursor(seen == null ? since : Long.valueOf(Math.max(seen, since == null ? 0 : since)), null, null);
    }

    /** The sweep anew: what it had come to isn't there any more. */
    Cursor again() {
        return new Cursor(since, null, null);
    }
}
