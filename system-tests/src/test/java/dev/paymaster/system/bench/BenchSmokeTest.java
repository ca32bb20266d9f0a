package dev.paymaster.system.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paymaster.messaging.Codec;
import dev.paymaster.system.command.Progress;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Runs each benchmark for a second, so that none can rot. */
class BenchSmokeTest {
    private static final Set<String> NAMES = Set.of("ingest", "credits", "jobs", "start");

    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "credits", "jobs"})
    void measuresBothSides(String name) {
        List<Result> results = run(name);

        assertThat(results).singleElement().satisfies(result -> {
            assertThat(result.name()).isEqualTo(name);
            assertThat(result.ours()).isPositive();
            assertThat(result.reference()).isPositive();
            assertThat(result.ratio()).isPositive();
        });
        assertShape(Report.json(results), 1);
        assertThat(Report.table(results)).contains(name);
    }

    @Test
    void measuresAStart() {
        List<Result> results = run("start");

        assertThat(results).allSatisfy(result -> {
            assertThat(result.ours()).isPositive();
            assertThat(result.reference()).isNull();
        });
        assertShape(Report.json(results), results.size());
    }

    @Test
    void takesTheMedianOfTheRatiosOfTheRounds() {
        Result result =
                new Result("any", "x/s", List.of(new Run(8, 1.0), new Run(9, 3.0), new Run(10, 2.0)), List.of());

        assertThat(result.ratio()).isEqualTo(5);
        assertThat(result.ours()).isEqualTo(9);
        assertThat(result.reference()).isEqualTo(2);
    }

    @Test
    void readsItsCommandLine() {
        Options options = Options.parse(List.of("jobs", "--json", "--seconds", "7"), NAMES);

        assertThat(options.names()).containsExactly("jobs");
        assertThat(options.json()).isTrue();
        assertThat(options.plan()).isEqualTo(Plan.of(7));
        assertThat(Options.parse(List.of(), NAMES).names()).hasSameElementsAs(NAMES);
        assertThat(Bench.all()).containsOnlyKeys(NAMES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "--seconds=0", "--seconds=1000", "--seconds=x", "--seconds"})
    void refusesWhatItDoesNotUnderstand(String argument) {
        assertThatThrownBy(() -> Options.parse(List.of(argument), NAMES)).isInstanceOf(IllegalArgumentException.class);
    }

    private List<Result> run(String name) {
        Bench.Benchmark benchmark = Objects.requireNonNull(Bench.all().get(name));
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        return benchmark.run(Plan.of(1), directory, new Progress(nowhere, "bench"));
    }

    private static void assertShape(String json, int count) {
        JsonNode benches =
                Codec.json().readTree(json.getBytes(StandardCharsets.UTF_8)).path("benches");
        assertThat(benches.size()).isEqualTo(count);
        for (JsonNode bench : benches) {
            assertThat(bench.propertyNames())
                    .containsExactlyInAnyOrder("name", "ratio", "ours", "reference", "unit", "runs");
            assertThat(bench.path("ours").isNumber()).isTrue();
            assertThat(bench.path("unit").isString()).isTrue();
            assertThat(bench.path("runs").size()).isPositive();
        }
    }
}
