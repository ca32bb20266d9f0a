package dev.paymaster.payout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.payout.RandomLife.Flaw;
import dev.paymaster.payout.obligation.Payout;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever happens, there is never more than one transfer that stands, and in the end there is one. A failure names its seed, which
 * is all that is needed to see it again: {@code -Dpayouts.seed=…}.
 */
class RandomLivesTest {
    /** Some seconds' worth; each life is some hundred happenings. */
    private static final int LIVES = 20_000;

    @Test
    void endsEveryLifeWithExactlyOneTransfer() {
        long first = Long.getLong("payouts.seed", 1);
        int lives = System.getProperty("payouts.seed") == null ? LIVES : 1;
        for (long seed = first; seed < first + lives; seed++) {
            RandomLife life = lived(seed, Flaw.NONE);

            assertThat(life.stripe.mostStanding)
                    .as("seed %d%n%s", seed, String.join("\n", life.story))
                    .isEqualTo(1);
            assertThat(life.payout())
                    .as("seed %d%n%s", seed, String.join("\n", life.story))
                    .isInstanceOfSatisfying(
                            Payout.Paid.class,
                            paid -> assertThat(List.of(paid.made().transferId()))
                                    .isEqualTo(life.stripe.standing()));
            assertThat(life.paidTwice).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void findsEveryPlantedMistake(Flaw flaw) {
        boolean found = LongStream.range(1, LIVES).anyMatch(seed -> lived(seed, flaw).stripe.mostStanding > 1);

        assertThat(found).isTrue();
    }

    private static RandomLife lived(long seed, Flaw flaw) {
        RandomLife life = new RandomLife(seed, flaw);
        life.beLived();
        life.endWell();
        return life;
    }
}
