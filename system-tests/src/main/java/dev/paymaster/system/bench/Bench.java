package dev.paymaster.system.bench;

import dev.paymaster.system.command.Progress;
import dev.paymaster.system.command.Scratch;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code ./paymaster bench}: runs the benchmarks and prints a table, or JSON. */
public final class Bench {
    private static final int FAILED = 1;
    private static final int REFUSED = 2;

    private Bench() {}

    /** A benchmark on a directory of its own that goes afterwards. */
    interface Benchmark {
        List<Result> run(Plan plan, Path directory, Progress progress);
    }

    /** By name, in the order in which all of them run. */
    static Map<String, Benchmark> all() {
        Map<String, Benchmark> all = new LinkedHashMap<>();
        all.put("ingest", new IngestBench());
        all.put("credits", new CreditsBench());
        all.put("jobs", new JobsBench());
        all.put("start", new StartBench());
        return all;
    }

    @SuppressWarnings("SystemOut") // a command talks to its terminal
    public static void main(String[] arguments) {
        Options options;
        try {
            options = Options.parse(Arrays.asList(arguments), all().keySet());
        } catch (IllegalArgumentException e) {
            System.err.println("paymaster: " + e.getMessage());
            System.exit(REFUSED);
            return;
        }
        if (options.help()) {
            System.out.print(Options.HELP);
            return;
        }
        System.exit(run(options, System.out, System.err));
    }

    private static int run(Options options, PrintStream out, PrintStream err) {
        Progress progress = new Progress(err, "bench");
        try (Scratch scratch = Scratch.make("bench")) {
            Logs.to(scratch.directory().resolve("bench.log"));
            try {
                List<Result> results = run(options, scratch, progress);
                out.print(options.json() ? Report.json(results) : Report.table(results));
                return 0;
            } catch (RuntimeException e) {
                scratch.keep();
                progress.failed(e, scratch.directory());
                return FAILED;
            }
        }
    }

    private static List<Result> run(Options options, Scratch scratch, Progress progress) {
        List<Result> results = new ArrayList<>();
        for (String name : options.names()) {
            Benchmark benchmark = all().get(name);
            if (benchmark != null) {
                results.addAll(benchmark.run(options.plan(), scratch.sub(name), progress.of(name)));
            }
        }
        return results;
    }
}
