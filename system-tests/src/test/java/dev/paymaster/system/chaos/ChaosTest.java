package dev.paymaster.system.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.chaos.Fault.Kind;
import dev.paymaster.system.chaos.RunReport.Counts;
import dev.paymaster.system.command.Progress;
import dev.paymaster.system.command.Scratch;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A short run on every build. Longer ones, with other seeds, are {@code ./paymaster chaos}. */
@Tag("long")
class ChaosTest {
    /** With it, what takes long to come up again falls early. */
    private static final long SEED = 18185;

    private static final Duration TIME = Duration.ofSeconds(30);

    @Test
    void everythingThatWasPromisedIsSoAfterAShortRun() {
        try (Scratch scratch = Scratch.make("chaos-test")) {
            Progress progress = new Progress(System.err, "chaos");
            scratch.keep();

            Trial.Outcome outcome = Chaos.play(scratch.directory(), SEED, TIME, Kind.usual(), progress);

            assertThat(outcome.verdict().broken())
                    .as("%s, with logs in %s", outcome.report(), scratch.directory())
                    .isEmpty();
            assertThat(outcome.injected())
                    .extracting(injected -> injected.fault().kind())
                    .as("each kind of fault: %s", outcome.report())
                    .containsAll(Kind.usual());
            assertSomethingHappened(outcome);
            Counts counts = outcome.counts();
            assertThat(List.of(counts.brokenCalls(), counts.packs(), counts.lapsed(), counts.replayed()))
                    .as("broken calls to Stripe, packs, lapsed credits, replayed letters: %s", outcome.report())
                    .allSatisfy(count -> assertThat(count).isPositive());
            scratch.discard();
        }
    }

    /** Where nothing happens, nothing can break. */
    static void assertSomethingHappened(Trial.Outcome outcome) {
        Counts counts = outcome.counts();
        assertThat(outcome.injected()).as("faults: %s", outcome.report()).isNotEmpty();
        assertThat(List.of(
                        counts.jobs(),
                        counts.commands(),
                        counts.payouts(),
                        counts.invoices(),
                        counts.deadLetters(),
                        counts.timedOut()))
                .as("each of what is counted: %s", outcome.report())
                .allSatisfy(count -> assertThat(count).isPositive());
    }
}
