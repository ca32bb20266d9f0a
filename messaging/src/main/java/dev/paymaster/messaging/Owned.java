package dev.paymaster.messaging;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A partition that this instance owns, as far as it knows. Used by the one thread that polls the partition. */
final class Owned {
    final long epoch;
    long nextOffset;

    /**
     * From taking it over to the end of publishing what its former owner left, and from a batch's begin to its end. After a
     * failure in between, what is stored must be read before going on.
     */
    boolean inDoubt;

    /** The last batch's records are still in the outbox, though they have been published. */
    boolean published;

    /** What the partition's outbox is being emptied by, from the commit or from reading it to the end. */
    @Nullable
    Settling settling;

    /**
     * What is stored is read, and is being published.
     *
     * @param nextOffset the stored one
     */
    record Settling(long nextOffset, CompletableFuture<Void> published) {}

    Owned(long epoch, long nextOffset) {
        this.epoch = epoch;
        this.nextOffset = nextOffset;
    }
}
