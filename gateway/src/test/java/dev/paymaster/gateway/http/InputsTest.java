package dev.paymaster.gateway.http;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InputsTest {
    @Test
    void saysWhichFieldIsMissing() {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> Inputs.checked(() -> Objects.requireNonNull(nothing(), "receiver is missing")))
                .withMessage("receiver is missing");
    }

    @Test
    void blamesNoClientForABug() {
        assertThatExceptionOfType(NullPointerException.class)
                .isThrownBy(() -> Inputs.checked(() -> Objects.requireNonNull(nothing())));
        assertThatExceptionOfType(NullPointerException.class)
                .isThrownBy(() -> Inputs.checked(() -> List.of(nothing(), "a")));
    }

    private static @Nullable String nothing() {
        return null;
    }
}
