package dev.paymaster.system.bench;

import dev.paymaster.system.command.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Runs two sides in turn: ours, reference, ours, reference … */
final class Rounds {
    private final Plan plan;
    private final String unit;
    private final Progress progress;

    Rounds(Plan plan, String unit, Progress progress) {
        this.plan = plan;
        this.unit = unit;
        this.progress = progress;
    }

    /** Does something for about as long as the plan says, and answers with how much it did, in units. */
    interface Side {
        double measure();
    }

    /** Runs rounds that don't count, so that neither side pays for Java's warming up. */
    void warmUp(Side ours, Side reference) {
        progress.says("warming up");
        for (int round = 0; round < plan.warmUpRounds(); round++) {
            something("ours", ours.measure());
            something("the reference", reference.measure());
        }
    }

    /**
     * Runs every round that counts.
     *
     * @throws IllegalStateException when a side has done nothing
     */
    List<Run> run(Side ours, Side reference) {
        List<Run> runs = new ArrayList<>();
        for (int round = 1; round <= plan.rounds(); round++) {
            double first = something("ours", ours.measure());
            double second = something("the reference", reference.measure());
            runs.add(new Run(first, second));
            progress.says(String.format(
                    Locale.ROOT,
                    "round %d of %d: ours %s, reference %s %s",
                    round,
                    plan.rounds(),
                    Report.number(first),
                    Report.number(second),
                    unit));
        }
        return runs;
    }

    private static double something(String side, double measured) {
        if (!(measured > 0)) {
            throw new IllegalStateException(side + " has done nothing");
        }
        return measured;
    }
}
