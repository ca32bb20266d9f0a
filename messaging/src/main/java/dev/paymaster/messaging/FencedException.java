package dev.paymaster.messaging;

/** Another instance has taken over a partition; what this one was about to commit has been rolled back. */
final class FencedException extends RuntimeException {
    FencedException(int expected, int updated) {
        super("of " + expected + " partitions, " + (expected - updated) + " belong to another instance now");
    }
}
