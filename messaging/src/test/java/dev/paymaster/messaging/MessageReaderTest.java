package dev.paymaster.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.paymaster.events.job.JobEvent;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MessageReaderTest {
    private static final byte[] NULL = "null".getBytes(StandardCharsets.UTF_8);

    private final MessageReader<JobEvent> reader = new MessageReader<>(JobEvent.class);

    @Test
    void aNullOfAKnownTypeIsUnreadableAndNotPassedOver() {
        assertThatExceptionOfType(UnreadableRecordException.class)
                .isThrownBy(() -> reader.readIfKnown("dev.paymaster.JobVerified.v1", NULL))
                .withMessage("not a valid dev.paymaster.JobVerified.v1: it is null");
    }

    /** It stands in a header, where anybody may write what he likes. */
    @Test
    void tellsOfAnUnknownTypeInOneShortLine() {
        assertThatExceptionOfType(UnreadableRecordException.class)
                .isThrownBy(() -> reader.read("x\r\n\u2028y" + "z".repeat(1 << 20), NULL))
                .withMessageMatching("type x +yz+… is not known here; upgrade .*")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400));
    }

    @Test
    void tellsOfWhateverCannotBeReadInOneLine() {
        assertThat(new UnreadableRecordException("x\r\ny" + "z".repeat(5_000)))
                .hasMessageMatching("x yz+")
                .satisfies(e -> assertThat(e.getMessage()).hasSize(3_999));
    }

    @Test
    void whatIsNotOfTheFamilyIsPassedOver() {
        assertThat(reader.readIfKnown("dev.paymaster.CreateJob.v1", NULL)).isNull();
    }
}
