package dev.paymaster.payout.obligation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.payout.Samples;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BatchingTest {
    private static final Duration WEEK = Duration.ofDays(7);

    @Test
    void takesInNoMoreThanStripeTakesInOneTransfer() {
        Payout batch = new Batching(WEEK).first(new UUID(1, 1), owed(99_999_900), 1);

        assertThat(Batching.isOpen(batch, 1, owed(99))).isTrue();
        assertThat(Batching.isOpen(batch, 1, owed(100))).isFalse();
    }

    @Test
    void takesInNoMoreThanItsMetadataCanList() {
        Payout batch = new Batching(WEEK).first(new UUID(1, 1), owed(100), 1);

        assertThat(Batching.isOpen(batch, Batching.MAX_JOBS - 1, owed(100))).isTrue();
        assertThat(Batching.isOpen(batch, Batching.MAX_JOBS, owed(100))).isFalse();
    }

    private static Owed owed(long cents) {
        UUID job = UUID.randomUUID();
        return new Owed(job, job, new UUID(1, 2), Samples.RECEIVER, cents, "Payout for a job", Samples.NOW);
    }
}
