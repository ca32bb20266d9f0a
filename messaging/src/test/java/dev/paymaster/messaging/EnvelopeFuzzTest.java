package dev.paymaster.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.paymaster.events.Envelope;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Whatever stands in a record's headers is an envelope that says the same when it is written again, or unreadable. */
class EnvelopeFuzzTest {
    private static final List<String> NAMES = List.of(
            Envelope.HEADER_ID,
            Envelope.HEADER_SOURCE,
            Envelope.HEADER_TYPE,
            Envelope.HEADER_SUBJECT,
            Envelope.HEADER_TIME,
            Envelope.HEADER_SEQUENCE,
            Envelope.HEADER_CAUSATION_ID,
            Envelope.HEADER_REPLAYED);

    private static final List<String> TIMES = List.of(
            "2026-11-29T00:00:00Z",
            "2026-11-29T00:00:00.123456789+05:30",
            "+1000000000-12-31T23:59:59.999999999Z",
            "-1000000000-01-01T00:00:00Z");

    @FuzzTest(maxDuration = "2s")
    void readsAnEnvelopeOrRefusesIt(FuzzedDataProvider data) {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("stripe.events", 0, 0, null, null);
        for (String name : NAMES) {
            byte[] value = name.equals(Envelope.HEADER_TIME) && data.consumeBoolean()
                    ? data.pickValue(TIMES).getBytes(StandardCharsets.UTF_8)
                    : data.consumeBytes(30);
            record.headers().add(name, value);
        }
        Envelope envelope;
        try {
            envelope = new Inbound(record).envelope();
        } catch (UnreadableRecordException e) {
            assertThat(e.getMessage()).isNotBlank();
            return;
        }
        assertThat(Envelope.fromHeaders(envelope.toHeaders())).isEqualTo(envelope);
    }
}
