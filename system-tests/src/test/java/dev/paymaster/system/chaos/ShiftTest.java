package dev.paymaster.system.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ShiftTest {
    private final Shift shift = new Shift();

    @Test
    void goesOnAfterAPauseUntilItsEnd() {
        assertThat(shift.pause(Duration.ofMillis(1))).isTrue();
        assertThat(shift.goesOn()).isTrue();

        shift.end();

        assertThat(shift.goesOn()).isFalse();
    }

    @Test
    void whoPausesIsWokenAtItsEnd() {
        CompletableFuture<Boolean> pausing = CompletableFuture.supplyAsync(() -> shift.pause(Duration.ofDays(1)));

        shift.end();

        assertThat(pausing).succeedsWithin(Duration.ofSeconds(60)).isEqualTo(false);
    }
}
