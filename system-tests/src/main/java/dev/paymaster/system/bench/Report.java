package dev.paymaster.system.bench;

import dev.paymaster.messaging.Codec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/** Results for people and for programs. */
final class Report {
    private Report() {}

    /** One line per result, then the notes. */
    static String table(List<Result> results) {
        StringBuilder text = new StringBuilder();
        text.append(row("", "ours", "reference", "", "ratio", "ratios of the rounds"));
        for (Result result : results) {
            Double reference = result.reference();
            Double ratio = result.ratio();
            text.append(row(
                    result.name(),
                    number(result.ours()),
                    reference == null ? "-" : number(reference),
                    result.unit(),
                    ratio == null ? "-" : ratio(ratio) + " x",
                    spread(result)));
        }
        for (Result result : results) {
            text.append(System.lineSeparator())
                    .append(result.name())
                    .append(':')
                    .append(System.lineSeparator());
            result.notes().forEach(note -> text.append("  ").append(note).append(System.lineSeparator()));
        }
        return text.toString();
    }

    /** {@code {"benches": [{"name", "ratio", "ours", "reference", "unit", "runs"}]}}; null where there is no reference. */
    static String json(List<Result> results) {
        List<Map<String, @Nullable Object>> benches = new ArrayList<>();
        for (Result result : results) {
            Map<String, @Nullable Object> bench = new LinkedHashMap<>();
            bench.put("name", result.name());
            bench.put("ratio", result.ratio());
            bench.put("ours", result.ours());
            bench.put("reference", result.reference());
            bench.put("unit", result.unit());
            bench.put("runs", result.runs().stream().map(Report::run).toList());
            benches.add(bench);
        }
        return new String(Codec.write(Map.of("benches", benches)), StandardCharsets.UTF_8) + System.lineSeparator();
    }

    private static Map<String, @Nullable Object> run(Run run) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("ours", run.ours());
        values.put("reference", run.reference());
        values.put("ratio", run.ratio());
        return values;
    }

    private static String row(String name, String ours, String reference, String unit, String ratio, String spread) {
        return String.format(Locale.ROOT, "%-14s %14s %14s %-9s %9s   %s%n", name, ours, reference, unit, ratio, spread)
                .stripTrailing()
                .concat(System.lineSeparator());
    }

    private static String spread(Result result) {
        if (result.ratios().length == 0) {
            double[] ours =
                    result.runs().stream().mapToDouble(Run::ours).sorted().toArray();
            return number(ours[0]) + " to " + number(ours[ours.length - 1]) + " " + result.unit();
        }
        double[] sorted = DoubleStream.of(result.ratios()).sorted().toArray();
        return ratio(sorted[0]) + " to " + ratio(sorted[sorted.length - 1]) + " in " + sorted.length;
    }

    static String number(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%,.1f" : "%,.0f", value);
    }

    private static String ratio(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
