package dev.paymaster.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PostgresProgramTest {
    private static final Duration PLENTY = Duration.ofSeconds(30);

    @Test
    void returnsWhatWasPrinted() {
        assertThat(run("echo one; echo two >&2; echo")).isEqualTo("one\ntwo");
    }

    @Test
    void tellsWhatAFailedProgramPrinted() {
        assertThatIllegalStateException()
                .isThrownBy(() -> run("echo no space left; exit 3"))
                .withMessageEndingWith("failed: no space left");
    }

    @Test
    void killsAProgramThatHangsAndTellsWhatItPrinted() {
        List<String> hangs = List.of("sh", "-c", "echo $$ is waiting; exec sleep 60");

        assertThatIllegalStateException()
                .isThrownBy(() -> PostgresProgram.run(hangs, Duration.ofMillis(500)))
                .withMessageMatching("(?s).* did not end within 500 ms: \\d+ is waiting")
                .satisfies(e -> assertThat(ProcessHandle.of(pidIn(String.valueOf(e.getMessage()))))
                        .satisfiesAnyOf(
                                gone -> assertThat(gone).isEmpty(),
                                killed -> assertThat(killed.orElseThrow().onExit())
                                        .succeedsWithin(PLENTY)));
    }

    private static String run(String script) {
        return PostgresProgram.run(List.of("sh", "-c", script), PLENTY);
    }

    private static long pidIn(String message) {
        return Long.parseLong(message.replaceFirst("(?s).*: (\\d+) is waiting", "$1"));
    }
}
