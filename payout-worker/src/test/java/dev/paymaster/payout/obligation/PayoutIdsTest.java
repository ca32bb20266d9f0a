package dev.paymaster.payout.obligation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.uuid.Generators;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PayoutIdsTest {
    @Test
    void areTheSameForTheSameJob() {
        UUID job = UUID.fromString("01a20f00-9b67-70ff-ba25-2b4b47cabe65");

        assertThat(PayoutIds.of(job)).hasToString("01a20f00-9b67-70ff-800b-5cab2b812166");
    }

    @Test
    void tellWhenTheJobWasMade() {
        assertThat(PayoutIds.timeOf(UUID.fromString("01a20f00-9b67-70ff-ba25-2b4b47cabe65")))
                .isEqualTo("2026-11-24T19:20:27.751Z");
        assertThat(PayoutIds.timeOf(UUID.randomUUID())).isNull();
    }

    @Test
    void areOfVersion7AndTellJobsApart() {
        UUID one = Generators.timeBasedEpochGenerator().generate();
        UUID two = new UUID(one.getMostSignificantBits(), one.getLeastSignificantBits() + 1);

        assertThat(PayoutIds.of(one).version()).isEqualTo(7);
        assertThat(PayoutIds.of(one).variant()).isEqualTo(2);
        assertThat(PayoutIds.of(one)).isNotEqualTo(PayoutIds.of(two)).isNotEqualTo(one);
    }
}
