package dev.paymaster.system.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.paymaster.system.chaos.Fault.Kind;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChaosOptionsTest {
    private static final long DRAWN = 77;

    @Test
    void drawsASeedUnlessOneIsGiven() {
        assertThat(parse()).isEqualTo(new ChaosOptions(1, Duration.ofMinutes(2), DRAWN, Set.of(), false));
    }

    @Test
    void takesEveryOptionInEitherForm() {
        ChaosOptions wanted = new ChaosOptions(3, Duration.ofMinutes(5), 42, Set.of(Kind.ROLL, Kind.KILL), false);

        assertThat(parse("--seeds", "3", "--minutes", "5", "--seed", "42", "--only", "rolling-restart,kill-9"))
                .isEqualTo(wanted);
        assertThat(parse("--seeds=3", "--minutes=5", "--seed=42", "--only=kill-9,rolling-restart"))
                .isEqualTo(wanted);
        assertThat(parse("--help").help()).isTrue();
    }

    @Test
    void aFaultThatThereIsNotIsAnsweredInOneLineByThoseThatThereAre() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("--only", "rolling-restart,meteor"))
                .withMessageStartingWith("--only: no such fault: 'meteor'; there are kill-9,frozen,")
                .withMessageNotContaining("\n");
        assertThat(Kind.values())
                .allSatisfy(kind ->
                        assertThat(parse("--only", kind.option()).kinds()).containsExactly(kind));
        assertThat(ChaosOptions.HELP)
                .contains(Arrays.stream(Kind.values()).map(Kind::option).toList());
    }

    @Test
    void whatLastsForMinutesComesByNameOrInALongRun() {
        assertThat(parse().kinds()).doesNotContain(Kind.BROKER_FROZEN, Kind.DATABASE_SILENT);
        assertThat(parse("--minutes=20").kinds()).containsExactlyInAnyOrder(Kind.values());
    }

    @ParameterizedTest
    @CsvSource({
        "--only=",
        "--only=KILL",
        "--seeds=0",
        "--seeds=",
        "--minutes=x",
        "--minutes=0",
        "--seed",
        "--speed=1",
        "42"
    })
    void refusesWhatItDoesNotUnderstand(String argument) {
        String name = argument.replaceFirst("=.*", "");
        assertThatIllegalArgumentException().isThrownBy(() -> parse(argument)).withMessageContaining(name);
    }

    private static ChaosOptions parse(String... arguments) {
        return ChaosOptions.parse(List.of(arguments), DRAWN);
    }
}
