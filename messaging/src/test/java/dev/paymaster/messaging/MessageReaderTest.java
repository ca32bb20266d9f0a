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

    @Test
    void whatIsNotOfTheFamilyIsPassedOver() {
        assertThat(reader.readIfKnown("dev.paymaster.CreateJob.v1", NULL)).isNull();
    }
}
