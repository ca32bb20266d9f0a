package dev.paymaster.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClosingTest {
    private final List<String> stopped = new ArrayList<>();

    @Test
    void stopsInReverseOrderAndGoesOnAfterAFailure() {
        Closing closing = new Closing();
        closing.add("broker", () -> stopped.add("broker"));
        closing.addLast("database", () -> stopped.add("database"));
        closing.add("sandbox", () -> {
            throw new IllegalStateException("stuck");
        });
        closing.add("services", () -> stopped.add("services"));
        closing.run(Progress.SILENT);
        assertThat(stopped).containsExactly("services", "broker", "database");
        closing.run(Progress.SILENT);
        assertThat(stopped).hasSize(3);
    }

    @Test
    void endsEverythingBeforeItReportsTheFirstFailure() {
        List<Runnable> tasks = List.of(
                () -> {
                    throw new IllegalStateException("first");
                },
                () -> stopped.add("second"),
                () -> {
                    throw new IllegalStateException("third");
                });
        assertThatThrownBy(() -> Parallel.run(tasks))
                .hasMessage("first")
                .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1));
        assertThat(stopped).containsExactly("second");
    }

    @Test
    void tellsTheInnermostCauseInOneLine() {
        RuntimeException failure = new RuntimeException(
                "while creating a bean", new IllegalStateException("STRIPE_WEBHOOK_SECRET is missing\nset it"));
        assertThat(Failures.oneLine(failure)).isEqualTo("STRIPE_WEBHOOK_SECRET is missing");
    }
}
