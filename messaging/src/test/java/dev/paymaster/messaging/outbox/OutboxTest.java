package dev.paymaster.messaging.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.paymaster.messaging.deadletter.DeadLetters;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final TopicPartition ORIGIN = new TopicPartition("in", 0);

    @Test
    void refusesWhatKafkaWouldNeverTake() {
        Outbox outbox = new Outbox();
        Outgoing largest = new Outgoing("out", null, List.of(), new byte[Outbox.MAX_RECORD_BYTES]);
        outbox.add(ORIGIN, largest);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> outbox.add(ORIGIN, largest.with(Outgoing.Header.of("a", ""))));
        assertThat(outbox.all()).containsExactly(largest);
    }

    @Test
    void keepsDeadLettersSmallEnoughToBeSentAndStored() {
        ConsumerRecord<byte[], byte[]> huge = new ConsumerRecord<>("in", 3, 7, null, new byte[40 << 20]);
        huge.headers().add("n".repeat(70_000), "v".getBytes(StandardCharsets.UTF_8));

        Outgoing letter = DeadLetters.of(huge, "test", new IllegalStateException("x"));

        assertThat(letter.value()).isNull();
        assertThat(letter.header(DeadLetters.HEADER_OFFSET)).isEqualTo("7");
        assertThat(letter.header(DeadLetters.HEADER_OMITTED_BYTES)).isNotNull();
        assertThat(OutgoingCodec.decode(OutgoingCodec.encode(List.of(letter)))).hasSize(1);
    }
}
