package dev.paymaster.messaging;

import org.apache.kafka.common.TopicPartition;

/** The log no longer holds the next record to process: someone must decide that what is missing may be passed over. */
final class OffsetLostException extends RuntimeException {
    OffsetLostException(TopicPartition partition, boolean madeAnew, long stored, long beginning, long end) {
        super("%s: the next record to process is %d, but the log holds %d to %d (%s)."
                        .formatted(
                                partition,
                                stored,
                                beginning,
                                end,
                                madeAnew ? "of a topic that was made anew" : "records expired unread")
                + " To accept the loss and go on at %d, restart once with MESSAGING_ACCEPT_LOSS=%s@%d"
                        .formatted(beginning, partition, stored));
    }
}
