package dev.paymaster.messaging;

/** A partition that this instance owns, as far as it knows. Used by the one thread that polls the partition. */
final class Owned {
    final long epoch;
    long nextOffset;

    /** From a batch's begin to its end; after a failure in between, what is stored must be read before going on. */
    boolean inDoubt;

    /** The last batch's records are still in the outbox, though they have been published. */
    boolean published;

    Owned(long epoch, long nextOffset) {
        this.epoch = epoch;
        this.nextOffset = nextOffset;
    }
}
