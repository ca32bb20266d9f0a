package dev.paymaster.messaging;

/**
 * Another instance has taken over a partition, or it has moved on since; what this one was about to commit has been
 * rolled back.
 */
final class FencedException extends RuntimeException {
    FencedException(int expected, int updated) {
        super("of " + expected + " partitions, " + (expected - updated) + " belong to another owner or have moved on");
    }
}
