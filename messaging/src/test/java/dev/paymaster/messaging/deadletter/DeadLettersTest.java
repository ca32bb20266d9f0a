package dev.paymaster.messaging.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.messaging.outbox.Outbox;
import dev.paymaster.messaging.outbox.Outgoing;
import dev.paymaster.messaging.outbox.OutgoingCodec;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.AbstractRecords;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.RecordBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeadLettersTest {
    /** More than a letter may have, though compressed it was taken. */
    private static final int TOO_LARGE = 20 << 20;

    /** Of every limit, for what Kafka has around a record. */
    private static final int ROOM_FOR_KAFKA = 64 << 10;

    @Test
    void namesTheHeadersThatItCannotKeep() {
        ConsumerRecord<byte[], byte[]> record = record(new byte[] {'k'}, new byte[] {'v'});
        record.headers().add("kept", new byte[] {'1'}).add("x".repeat(70_000), new byte[] {'2'});

        Outgoing letter = letter(record);

        assertThat(letter.header("kept")).isEqualTo("1");
        assertThat(letter.header(DeadLetters.HEADER_OMITTED_HEADERS)).isEqualTo("x".repeat(100));
        assertThat(letter.header(DeadLetters.HEADER_OMITTED_BYTES)).isNull();
        assertThat(letter.value()).isEqualTo(new byte[] {'v'});
        assertThat(OutgoingCodec.decode(OutgoingCodec.encode(List.of(letter)))).hasSize(1);
    }

    @Test
    void leavesAValueOutThatIsTooLarge() {
        ConsumerRecord<byte[], byte[]> record = record(new byte[] {'k'}, new byte[TOO_LARGE]);
        record.headers().add("kept", new byte[] {'1'});

        Outgoing letter = letter(record);

        assertThat(letter.value()).isNull();
        assertThat(letter.key()).isEqualTo(new byte[] {'k'});
        assertThat(letter.header("kept")).isEqualTo("1");
        assertThat(letter.header(DeadLetters.HEADER_OMITTED_BYTES)).isNotNull();
    }

    @Test
    void leavesEverythingOutThatIsTooLarge() {
        ConsumerRecord<byte[], byte[]> record = record(new byte[TOO_LARGE], new byte[] {'v'});
        record.headers().add("large", new byte[TOO_LARGE]);

        Outgoing letter = letter(record);

        assertThat(letter.size()).isLessThan(Outbox.MAX_RECORD_BYTES);
        assertThat(letter.key()).isNull();
        assertThat(letter.header(DeadLetters.HEADER_OMITTED_HEADERS)).isEqualTo("*");
        assertThat(letter.header(DeadLetters.HEADER_OFFSET)).isEqualTo("7");
        assertThat(letter.header(DeadLetters.HEADER_MESSAGE)).isEqualTo("why");
    }

    /** What the producer judges it by. */
    @ParameterizedTest
    @CsvSource({"800, 10000, €", "100000, 1, a", "100000, 0, a"})
    void knowsHowLargeKafkaFindsItsHeaders(int count, int length, String letter) {
        Outgoing record = new Outgoing(
                "job.commands",
                new byte[] {'k'},
                Stream.generate(() -> new Outgoing.Header(letter.repeat(length), new byte[] {'v'}))
                        .limit(count)
                        .toList(),
                new byte[] {'v'});

        assertThat(sizeInKafka(record)).isBetween(record.size() - 10 * count, record.size() + ROOM_FOR_KAFKA);
    }

    @Test
    void leavesHeadersOutWhoseNamesAreTooLargeForKafka() {
        ConsumerRecord<byte[], byte[]> record = record(new byte[] {'k'}, new byte[] {'v'});
        IntStream.range(0, 800).forEach(_ -> record.headers().add("€".repeat(10_000), new byte[] {'1'}));

        Outgoing letter = letter(record);

        assertThat(sizeInKafka(letter)).isLessThan(Outbox.MAX_RECORD_BYTES);
        assertThat(letter.header(DeadLetters.HEADER_OMITTED_HEADERS)).isEqualTo("*");
    }

    @Test
    void keepsHeadersThatOnlyLookLikeItsOwn() {
        ConsumerRecord<byte[], byte[]> record = record(new byte[] {'k'}, new byte[] {'v'});
        List<String> names =
                List.of("dlt_omitted_bytes", "dlt_consumer", "dlt_replay_for", "dlt_own_dlt_topic", "dlt_x", "other");
        names.forEach(name -> record.headers().add(name, new byte[] {'1'}));

        Outgoing letter = letter(record);

        assertThat(letter.header(DeadLetters.HEADER_OMITTED_BYTES)).isNull();
        assertThat(letter.header(DeadLetters.HEADER_CONSUMER)).isEqualTo("worker");
        assertThat(DeadLetters.ownHeaders(letter.headers()))
                .extracting(Outgoing.Header::name)
                .containsExactlyElementsOf(names);
    }

    @Test
    void saysWhichLetterWasReplayedAndNotWhatTheRecordHadSaidOfOneBefore() {
        ConsumerRecord<byte[], byte[]> record = record(new byte[] {'k'}, new byte[] {'v'});
        record.headers().add(DeadLetters.HEADER_REPLAY_OF, new byte[] {'x'});
        DeadLetters.replay("worker", new UUID(1, 2))
                .forEach(each -> record.headers().add(each.name(), each.value()));

        Outgoing letter = letter(record);

        assertThat(letter.header(DeadLetters.HEADER_REPLAY_OF)).isEqualTo(new UUID(1, 2).toString());
        assertThat(DeadLetters.ownHeaders(letter.headers()))
                .extracting(Outgoing.Header::name)
                .containsExactly(DeadLetters.HEADER_REPLAY_OF);
        assertThat(DeadLetters.replayFor(record)).isEqualTo("worker");
    }

    @Test
    void takesNothingForAReplayThatDoesNotNameItsLetter() {
        ConsumerRecord<byte[], byte[]> record = record(new byte[] {'k'}, new byte[] {'v'});
        record.headers().add(DeadLetters.HEADER_REPLAY_FOR, new byte[] {'x'});
        assertThat(DeadLetters.replayFor(record)).isNull();

        record.headers().add(DeadLetters.HEADER_REPLAY_OF, new byte[] {'x'});
        assertThat(DeadLetters.replayFor(record)).isNull();
    }

    private static int sizeInKafka(Outgoing record) {
        Header[] headers = record.headers().stream()
                .map(header -> new RecordHeader(header.name(), header.value()))
                .toArray(Header[]::new);
        return AbstractRecords.estimateSizeInBytesUpperBound(
                RecordBatch.CURRENT_MAGIC_VALUE, CompressionType.NONE, record.key(), record.value(), headers);
    }

    private static Outgoing letter(ConsumerRecord<byte[], byte[]> record) {
        return DeadLetters.of(record, "worker", new IllegalStateException("why"));
    }

    private static ConsumerRecord<byte[], byte[]> record(byte[] key, byte[] value) {
        return new ConsumerRecord<>("job.commands", 3, 7, key, value);
    }
}
