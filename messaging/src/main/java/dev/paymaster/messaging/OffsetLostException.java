package dev.paymaster.messaging;

import org.apache.kafka.common.TopicPartition;

/** The log no longer holds the next record to process: someone must decide that what is missing may be passed over. */
final class OffsetLostException extends RuntimeException {
    OffsetLostException(TopicPartition partition, long stored, long beginning, long end) {
        super(
                "%s: the next record to process is %d, but the log holds %d to %d (topic made anew, or records expired unread)."
                                .formatted(partition, stored, beginning, end)
                        + " To accept the loss and go on at %d, restart once with MESSAGING_ACCEPT_LOSS=%s@%d"
                                .formatted(beginning, partition, stored));
    }
}
