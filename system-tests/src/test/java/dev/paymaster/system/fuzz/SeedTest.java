package dev.paymaster.system.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeedTest {
    /** Each part begins with a draw that tells what kind of call it makes, so all of them must come up. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 4711, -1})
    void partsBeginDifferently(long value) {
        Seed seed = new Seed(value, 1);

        assertThat(IntStream.range(0, 100)
                        .mapToObj(part -> seed.random(part).nextInt(4))
                        .distinct())
                .hasSize(4);
    }

    @Test
    void playsAgainWhatItHasPlayed() {
        assertThat(new Seed(7, 1).random(3).nextLong())
                .isEqualTo(new Seed(7, 1).random(3).nextLong());
    }
}
