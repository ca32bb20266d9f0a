package dev.paymaster.messaging.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class MessagingSettingsTest {
    @Test
    void knowsWhichLossIsAccepted() {
        MessagingSettings settings = settings("stripe.events-3@41", "job.commands-3@7");

        assertThat(settings.acceptedLoss(new TopicPartition("stripe.events", 3)))
                .isEqualTo(41);
        assertThat(settings.acceptedLoss(new TopicPartition("job.commands", 3))).isEqualTo(7);
        assertThat(settings.acceptedLoss(new TopicPartition("job.commands", 1))).isEqualTo(-1);
    }

    @Test
    void refusesALossThatCannotBeReadAtOnce() {
        for (String typo : List.of("stripe.events-3", "stripe.events@41", "stripe.events-3@4x", "")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> settings(typo))
                    .withMessageContaining("topic-partition@offset");
        }
    }

    private static MessagingSettings settings(String... acceptLoss) {
        return new MessagingSettings("/test", 12, (short) -1, 0, 2, 100, Duration.ofSeconds(1), List.of(acceptLoss));
    }
}
