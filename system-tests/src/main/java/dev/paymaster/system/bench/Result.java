package dev.paymaster.system.bench;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * What a benchmark has measured.
 *
 * @param unit of both sides, for example {@code events/s}
 * @param notes what a reader must know to judge the figures, a line each
 */
record Result(String name, String unit, List<Run> runs, List<String> notes) {
    Result {
        runs = List.copyOf(runs);
        notes = List.copyOf(notes);
        if (runs.isEmpty()) {
            throw new IllegalArgumentException(name + " has measured nothing");
        }
    }

    double ours() {
        return median(values(Run::ours));
    }

    /** The reference's median; null when there is none. */
    @Nullable
    Double reference() {
        double[] values = values(Run::reference);
        return values.length == 0 ? null : median(values);
    }

    /** The median of the rounds' ratios; null when there is no reference. */
    @Nullable
    Double ratio() {
        double[] ratios = ratios();
        return ratios.length == 0 ? null : median(ratios);
    }

    double[] ratios() {
        return values(Run::ratio);
    }

    private double[] values(Function<Run, @Nullable Double> of) {
        return runs.stream()
                .map(of)
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .toArray();
    }

    private static double median(double[] values) {
        double[] sorted = DoubleStream.of(values).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
