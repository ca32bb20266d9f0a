package dev.paymaster.system.chaos;

import dev.paymaster.system.command.Progress;
import java.nio.file.Path;
import java.time.Duration;

/** One run with one seed, on a deployment of its own. */
final class ChaosRun {
    private final Path directory;
    private final long seed;
    private final Size size;
    private final Progress progress;

    ChaosRun(Path directory, long seed, Size size, Progress progress) {
        this.directory = directory;
        this.seed = seed;
        this.size = size;
        this.progress = progress;
    }

    /** Faults from the seed, for so long. */
    Trial.Outcome play(Duration time) {
        progress.says("starting the services, a broker, a database and a Stripe");
        try (Cluster cluster = Cluster.start(directory, size, progress)) {
            FaultPlan plan = new FaultPlan(seed, size.of(Service.JOB_SERVICE));
            return new Trial(cluster, seed, Trial.RENEWALS, Limits.GENEROUS, progress)
                    .run((injector, _) -> injector.play(plan, new Deadline(time)));
        }
    }
}
