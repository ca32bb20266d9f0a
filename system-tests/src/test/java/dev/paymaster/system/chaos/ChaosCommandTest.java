package dev.paymaster.system.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.chaos.Fault.Kind;
import dev.paymaster.system.chaos.RunReport.Counts;
import dev.paymaster.system.chaos.RunReport.Verdict;
import dev.paymaster.system.command.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the command says, and what it leaves, without a deployment to break. */
class ChaosCommandTest {
    private static final ChaosOptions THREE_SEEDS = new ChaosOptions(3, Duration.ofMinutes(2), 42, Set.of(), false);
    private static final ChaosOptions ONLY_TWO_KINDS =
            new ChaosOptions(3, Duration.ofMinutes(2), 42, Set.of(Kind.ROLL, Kind.BROKER_FROZEN), false);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<Long> seeds = new ArrayList<>();
    private final List<Path> directories = new ArrayList<>();
    private final Set<Kind> kinds = new HashSet<>();

    @AfterEach
    void tidyUp() throws IOException {
        for (Path directory : directories) {
            Files.deleteIfExists(directory.resolve("logs"));
            Files.deleteIfExists(directory);
        }
    }

    @Test
    void aCleanRunGoesOnWithTheNextSeedAndLeavesNothing() {
        assertThat(run(THREE_SEEDS, () -> outcome(List.of()))).isZero();

        assertThat(kinds).isEqualTo(Kind.usual());
        assertThat(seeds).containsExactly(42L, 43L, 44L);
        assertThat(directories).noneMatch(Files::exists);
    }

    @Test
    void aBrokenRuleEndsTheCommandAndIsToldWithTheSeedAndTheLogs() {
        assertThat(run(THREE_SEEDS, () -> outcome(List.of("BROKEN: the first rule.", "BROKEN: another."))))
                .isOne();

        assertThat(out.toString(UTF_8)).isEqualTo("the report");
        assertThat(err.toString(UTF_8)).contains("first broken invariant: BROKEN: the first rule.");
        assertToldHowToGoOn();
    }

    @Test
    void onlyWhatIsAskedForComesAndIsToldInTheSameWords() {
        assertThat(run(ONLY_TWO_KINDS, () -> outcome(List.of("BROKEN: a rule."))))
                .isOne();

        assertThat(kinds).containsExactlyInAnyOrder(Kind.ROLL, Kind.BROKER_FROZEN);
        assertThat(err.toString(UTF_8))
                .contains("again with: ./paymaster chaos --seed 42 --minutes 2"
                        + " --only rolling-restart,broker-frozen-for-90-s");
    }

    /** As when something doesn't answer at rest. */
    @Test
    void aRunThatFailsIsToldInTheSameWay() {
        assertThat(run(THREE_SEEDS, () -> {
                    throw new AssertionError("expected 200 from 503");
                }))
                .isOne();

        assertThat(err.toString(UTF_8)).contains("expected 200 from 503");
        assertToldHowToGoOn();
    }

    private void assertToldHowToGoOn() {
        assertThat(seeds).containsExactly(42L);
        assertThat(directories.getFirst().resolve("logs")).exists();
        assertThat(err.toString(UTF_8))
                .contains("again with: ./paymaster chaos --seed 42 --minutes 2")
                .contains("the logs of all processes are in "
                        + directories.getFirst().resolve("logs"));
    }

    private int run(ChaosOptions options, Supplier<Trial.Outcome> each) {
        return Chaos.run(
                options,
                (directory, seed, _, dealt, _) -> {
                    kinds.addAll(dealt);
                    seeds.add(seed);
                    directories.add(directory);
                    makeLogs(directory);
                    return each.get();
                },
                new PrintStream(out, true, UTF_8),
                new Progress(new PrintStream(err, true, UTF_8), "chaos"));
    }

    private static void makeLogs(Path directory) {
        try {
            Files.createDirectory(directory.resolve("logs"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Trial.Outcome outcome(List<String> broken) {
        return new Trial.Outcome(
                new Verdict(broken, 1), new Counts(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, Map.of()), List.of(), "the report");
    }
}
