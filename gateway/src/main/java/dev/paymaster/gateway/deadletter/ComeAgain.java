package dev.paymaster.gateway.deadletter;

import dev.paymaster.messaging.Failures;
import java.time.Duration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.ListenerUtils;
import org.springframework.kafka.listener.MessageListenerContainer;

/**
 * Letters that could not be kept come again after a pause, for ever: none is passed over. A poll or a commit that has failed is
 * done again after the same pause. Spring's own handlers would log a stack trace of each of these, and of a stop meanwhile.
 */
record ComeAgain(Duration pause) implements CommonErrorHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ComeAgain.class);

    @Override
    public boolean seeksAfterHandling() {
        return true;
    }

    /** What has failed is not to be committed. */
    @Override
    public boolean isAckAfterHandle() {
        return false;
    }

    @Override
    public void handleBatch(
            Exception failure,
            ConsumerRecords<?, ?> letters,
            Consumer<?, ?> consumer,
            MessageListenerContainer container,
            Runnable invokeListener) {
        for (TopicPartition partition : letters.partitions()) {
            // Whoever has got the others meanwhile reads them from where the group's offsets are.
            if (consumer.assignment().contains(partition)) {
                consumer.seek(partition, letters.records(partition).getFirst().offset());
            }
        }
        LOG.warn("dead letters come again in {} ms: {}", pause.toMillis(), Failures.withCause(failure));
        waitAfter(failure, container);
    }

    @Override
    public void handleOtherException(
            Exception failure, Consumer<?, ?> consumer, MessageListenerContainer container, boolean batch) {
        LOG.warn("dead letters are asked for again in {} ms: {}", pause.toMillis(), Failures.withCause(failure));
        waitAfter(failure, container);
    }

    private void waitAfter(Exception failure, MessageListenerContainer container) {
        LOG.debug("the failure", failure);
        try {
            ListenerUtils.stoppableSleep(container, pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
