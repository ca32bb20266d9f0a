package dev.paymaster.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paymaster.standalone.Service;
import dev.paymaster.standalone.Settings;
import dev.paymaster.standalone.Standalone;
import dev.paymaster.standalone.StartRefused;
import dev.paymaster.standalone.StripeMode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
    @TempDir
    private Path data;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final Screen screen = new Screen(new PrintStream(printed, true, StandardCharsets.UTF_8), false);

    @Test
    void playsTheStoryAgainAfterARestartAndSaysWhenNothingRuns() {
        try (Standalone standalone = Standalone.start(Settings.forTests(data))) {
            assertThat(standalone.sandbox()).isPresent();
            Demo.play(data, screen);
        }
        assertThatThrownBy(() -> Demo.play(data, screen))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("nothing runs on " + data);
        try (Standalone standalone = Standalone.start(Settings.forTests(data))) {
            assertThat(standalone.database().database()).isEqualTo("paymaster");
            Demo.play(data, screen);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .containsSubsequence("Every step came true.", "Every step came true.");
    }

    @Test
    void keepsStripeFromTheServicesWhenItIsOff() {
        try (Standalone standalone = Standalone.start(Settings.forTests(data).withStripe(StripeMode.OFF))) {
            for (Service service : Service.values()) {
                assertThat(standalone.context(service).getEnvironment().getProperty("stripe.secret-key"))
                        .as(service.name())
                        .isBlank();
            }
            assertThat(standalone.sandbox()).isEmpty();
            assertThatThrownBy(() -> Demo.play(data, screen)).hasMessageContaining("--stripe off");
        }
    }
}
