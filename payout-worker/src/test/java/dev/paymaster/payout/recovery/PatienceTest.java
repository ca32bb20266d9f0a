package dev.paymaster.payout.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paymaster.payout.Samples;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatienceTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0, 2000",
        "1, 0, 2000",
        "1, 1, 1000",
        "2, 0, 4000",
        "5, 0, 32000",
        "9, 0, 300000",
        "2000000000, 0.5, 225000"
    })
    void doublesUpToTheLongestWait(int times, double jitter, long millis) {
        assertThat(Samples.PATIENCE.wait(times, jitter)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 60", "2, 0, 120", "3, 1, 120", "5, 0, 900", "100, 0, 900"})
    void waitsLongerForFunds(int times, double jitter, long seconds) {
        assertThat(Samples.PATIENCE.waitForFunds(times, jitter)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void refusesALongestWaitBelowTheFirst() {
        Duration second = Duration.ofSeconds(1);
        Duration minute = Duration.ofMinutes(1);

        assertThatThrownBy(() -> new Patience(minute, second, second, minute, second, 3))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Patience(second, minute, minute, second, second, 3))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Patience(second, minute, second, minute, second, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
