package dev.paymaster.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpOptionsTest {

    @Test
    void startsTheSandboxOnTheUsualPortsWhenNothingIsSaid() {
        Settings settings = parse();
        assertThat(settings.ports()).isEqualTo(StandalonePorts.defaults());
        assertThat(settings.stripe()).isEqualTo(StripeMode.SANDBOX);
        assertThat(settings.dataDirectory()).isAbsolute().endsWithRaw(Path.of(".paymaster"));
    }

    @Test
    void takesBothSpellings() {
        Settings settings = parse("--port", "0", "--kafka-port=29092", "--stripe=off");
        assertThat(settings.ports()).isEqualTo(new StandalonePorts(0, 9000, 29_092, 15_432, 12_111));
        assertThat(settings.stripe()).isEqualTo(StripeMode.OFF);
    }

    @ParameterizedTest
    @CsvSource({
        "--prot=1, unknown option --prot; --help lists them",
        "--port, --port needs a value",
        "--port=high, '--port takes a number, not high'",
        "--port=70000, '--port takes a port from 0 to 65535, not 70000'",
        "--stripe=real, '--stripe takes sandbox, off, env, not real'"
    })
    void namesWhatIsWrong(String argument, String message) {
        assertThatThrownBy(() -> parse(argument))
                .isInstanceOf(StartRefused.class)
                .hasMessage(message);
    }

    @Test
    void refusesAnOptionThatIsGivenTwice() {
        assertThatThrownBy(() -> parse("--port=1", "--port=2")).hasMessage("--port is given twice");
    }

    @Test
    void readsTheEnvironmentOnlyWhenAskedTo() {
        Map<String, String> environment = Map.of("STRIPE_SECRET_KEY", "sk_live");
        assertThat(UpOptions.settings(options("--stripe=off"), environment).environment())
                .isEmpty();
        assertThat(UpOptions.settings(options("--stripe=env"), environment).environment())
                .isEqualTo(environment);
    }

    private static Settings parse(String... arguments) {
        return UpOptions.settings(options(arguments), Map.of());
    }

    private static Options options(String... arguments) {
        return Options.parse(List.of(arguments), UpOptions.NAMES);
    }

    @Test
    void refusesOnePortForTwo() {
        assertThatThrownBy(() -> parse("--port", "3301", "--management-port", "3301"))
                .isInstanceOf(StartRefused.class)
                .hasMessage("--port and --management-port are both 3301");
    }
}
