package dev.paymaster.system.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChaosOptionsTest {
    private static final long DRAWN = 77;

    @Test
    void drawsASeedUnlessOneIsGiven() {
        assertThat(parse()).isEqualTo(new ChaosOptions(1, Duration.ofMinutes(2), DRAWN, false));
    }

    @Test
    void takesEveryOptionInEitherForm() {
        ChaosOptions wanted = new ChaosOptions(3, Duration.ofMinutes(5), 42, false);

        assertThat(parse("--seeds", "3", "--minutes", "5", "--seed", "42")).isEqualTo(wanted);
        assertThat(parse("--seeds=3", "--minutes=5", "--seed=42")).isEqualTo(wanted);
        assertThat(parse("--help").help()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"--seeds=0", "--seeds=", "--minutes=x", "--minutes=0", "--seed", "--speed=1", "42"})
    void refusesWhatItDoesNotUnderstand(String argument) {
        String name = argument.replaceFirst("=.*", "");
        assertThatIllegalArgumentException().isThrownBy(() -> parse(argument)).withMessageContaining(name);
    }

    private static ChaosOptions parse(String... arguments) {
        return ChaosOptions.parse(List.of(arguments), DRAWN);
    }
}
