package dev.paymaster.messaging;

import java.util.function.LongSupplier;

/**
 * What Kafka holds of a partition that is being taken over.
 *
 * @param topicId of the topic that it is of; another one of the same name has another
 * @param beginning the offset of its first record
 * @param end the offset after its last record, some time ago
 * @param endNow asks for that again
 */
record PartitionLog(String topicId, long beginning, long end, LongSupplier endNow) {

    /**
     * Whether the record of that offset is there, or the next to come. A former owner may have moved on since the end was asked
     * for, so only one that is asked for now, when nobody else can move on any more, shows that something is lost.
     */
    boolean holds(long next) {
        return next >= beginning && (next <= end || next <= endNow.getAsLong());
    }
}
