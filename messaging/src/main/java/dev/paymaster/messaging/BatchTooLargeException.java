package dev.paymaster.messaging;

import dev.paymaster.messaging.outbox.Outbox;

/**
 * A batch would take up too much memory, by what it loads or by what it publishes. No record is at fault: the batch is halved. One
 * record alone may have as much as it needs.
 */
public final class BatchTooLargeException extends RuntimeException {
    /**
     * What several records may load, and publish, together: no more than one of the largest allowed size, which must fit anyway. A
     * batch has it in several forms at once, and each consuming thread has a batch.
     */
    public static final int MAX_BYTES = Outbox.MAX_RECORD_BYTES;

    public BatchTooLargeException(String what, long bytes) {
        super(what + " has " + bytes + " bytes, more than " + MAX_BYTES);
    }
}
