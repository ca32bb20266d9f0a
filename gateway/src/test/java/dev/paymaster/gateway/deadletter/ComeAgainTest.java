package dev.paymaster.gateway.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.gateway.LogWatch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.KafkaMessageListenerContainer;

class ComeAgainTest {
    private static final TopicPartition OURS = new TopicPartition("letters", 0);
    private static final TopicPartition NOT_OURS_ANY_MORE = new TopicPartition("letters", 1);
    private static final byte[] NOTHING = {};

    private final ComeAgain handler = new ComeAgain(Duration.ofMillis(1));
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");

    /** Not running: nobody waits. */
    private final KafkaMessageListenerContainer<byte[], byte[]> container = new KafkaMessageListenerContainer<>(
            new DefaultKafkaConsumerFactory<byte[], byte[]>(Map.of()), new ContainerProperties("letters"));

    /** A gateway that was frozen learns of it when it commits. */
    @Test
    void lettersOfACommitThatFailedComeAgainWhereTheyAreStillOurs() {
        consumer.assign(List.of(OURS));
        consumer.seek(OURS, 9);
        ConsumerRecords<byte[], byte[]> letters = new ConsumerRecords<>(
                Map.of(
                        OURS,
                        List.of(letter(OURS, 7), letter(OURS, 8)),
                        NOT_OURS_ANY_MORE,
                        List.of(letter(NOT_OURS_ANY_MORE, 3))),
                Map.of());

        try (LogWatch log = new LogWatch()) {
            handler.handleBatch(new CommitFailedException("too late"), letters, consumer, container, () -> {});

            assertThat(consumer.position(OURS)).isEqualTo(7);
            assertThat(handler.isAckAfterHandle())
                    .as("what failed is committed")
                    .isFalse();
            assertThat(log.lines()).anyMatch(line -> line.contains("CommitFailedException: too late"));
            assertThat(log.traces()).isEmpty();
        }
    }

    @Test
    void aPollThatFailedIsOneLine() {
        try (LogWatch log = new LogWatch()) {
            handler.handleOtherException(new TimeoutException("no answer"), consumer, container, true);

            assertThat(log.lines()).anyMatch(line -> line.contains("TimeoutException: no answer"));
            assertThat(log.traces()).isEmpty();
        }
    }

    private static ConsumerRecord<byte[], byte[]> letter(TopicPartition partition, long offset) {
        return new ConsumerRecord<>(partition.topic(), partition.partition(), offset, NOTHING, NOTHING);
    }
}
