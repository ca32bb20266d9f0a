package dev.paymaster.system.chaos;

import dev.paymaster.system.chaos.Injector.Injected;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.stream.Collectors;

/** One page about one run. */
final class RunReport {
    private static final String EOL = System.lineSeparator();

    private final StringBuilder text = new StringBuilder();

    private RunReport() {}

    /**
     * Tells what was injected and what came of it.
     *
     * @param recovery from a moment, the nanoseconds until everything that is probed worked again
     */
    static String of(
            long seed,
            Collection<Injected> injected,
            LongFunction<OptionalLong> recovery,
            Counts counts,
            Verdict verdict) {
        RunReport report = new RunReport();
        report.line("Chaos with seed " + seed + ": " + (verdict.isClean() ? "nothing is broken" : "BROKEN"));
        report.line("");
        report.line(row("injected", "times", "seconds until every probe had worked again: median, longest"));
        Map<String, List<Injected>> byKind = injected.stream()
                .collect(Collectors.groupingBy(each -> kind(each.fault()), TreeMap::new, Collectors.toList()));
        byKind.forEach(
                (kind, faults) -> report.line(row(kind, Integer.toString(faults.size()), seconds(faults, recovery))));
        report.line("");
        report.line("At rest " + verdict.restSeconds() + " s after all was up again: " + counts);
        report.line("Answers: " + counts.answers());
        verdict.broken().forEach(each -> report.line(each));
        return report.text.toString();
    }

    /**
     * How much was done.
     *
     * @param answers how often people were answered what
     */
    record Counts(
            long jobs,
            long commands,
            long payouts,
            long invoices,
            long deadLetters,
            long timedOut,
            long packs,
            long lapsed,
            long takenBack,
            long replayed,
            long brokenCalls,
            Map<String, Integer> answers) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%d jobs remembered, %d commands through Kafka, %d paid payouts, %d applied invoices, %d dead letters,"
                            + " %d jobs timed out, %d packs, %d lapsed lots, %d payouts taken back, %d letters replayed,"
                            + " %d broken calls to Stripe",
                    jobs,
                    commands,
                    payouts,
                    invoices,
                    deadLetters,
                    timedOut,
                    packs,
                    lapsed,
                    takenBack,
                    replayed,
                    brokenCalls);
        }
    }

    /**
     * What was found.
     *
     * @param broken every broken rule, the first first
     */
    record Verdict(List<String> broken, long restSeconds) {
        boolean isClean() {
            return broken.isEmpty();
        }
    }

    /** Of whichever instance. */
    private static String kind(Fault fault) {
        return fault.inWords().replaceFirst("-\\d+: ", ": ");
    }

    private static String seconds(List<Injected> faults, LongFunction<OptionalLong> recovery) {
        List<Double> known = new ArrayList<>();
        for (Injected each : faults) {
            recovery.apply(each.fromNanos()).ifPresent(nanos -> known.add(nanos / 1e9));
        }
        if (known.isEmpty()) {
            return "not known: the run ended before";
        }
        double[] sorted =
                known.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return String.format(
                Locale.ROOT,
                "%.1f, %.1f",
                sorted[sorted.length / 2],
                Arrays.stream(sorted).max().orElse(0));
    }

    private static String row(String what, String times, String recovery) {
        return String.format(Locale.ROOT, "%-46s %6s   %s", what, times, recovery);
    }

    private void line(String line) {
        text.append(line).append(EOL);
    }
}
