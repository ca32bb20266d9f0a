package dev.paymaster.system.bench;

import dev.paymaster.system.bench.Bench.Benchmark;
import dev.paymaster.system.command.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code ./paymaster up} on data that is there already, in a process of its own: time until it is ready, and memory. */
final class StartBench implements Benchmark {
    /** A start takes seconds, however long the other benchmarks' runs are. */
    private static final int STARTS = 3;

    @Override
    public List<Result> run(Plan plan, Path directory, Progress progress) {
        UpCommand up = UpCommand.find(directory);
        progress.says("first start, which makes the database");
        up.start().close();
        List<Run> seconds = new ArrayList<>();
        List<Run> mebibytes = new ArrayList<>();
        int starts = plan.rounds() == 1 ? 1 : STARTS;
        for (int start = 1; start <= starts; start++) {
            try (UpCommand.Started started = up.start()) {
                seconds.add(new Run(started.seconds(), null));
                started.residentMebibytes().ifPresent(resident -> mebibytes.add(new Run(resident, null)));
                progress.says("start " + start + " of " + starts + ": " + Report.number(started.seconds()) + " s");
            }
        }
        List<Result> results = new ArrayList<>();
        results.add(new Result("start", "s", seconds, List.of(up.describe())));
        if (!mebibytes.isEmpty()) {
            results.add(new Result("start.memory", "MiB", mebibytes, memoryNotes()));
        }
        return results;
    }

    private static List<String> memoryNotes() {
        return List.of(
                "resident memory of the Java process when it is ready: broker, sandbox and all services, without PostgreSQL",
                "from /proc; on a system without it there is no such figure");
    }
}
