package dev.paymaster.system.chaos;

import dev.paymaster.events.Topics;
import dev.paymaster.system.chaos.RunReport.Counts;
import dev.paymaster.system.chaos.RunReport.Verdict;
import dev.paymaster.system.command.Progress;
import dev.paymaster.system.world.KafkaLog;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** One run with one seed, on a deployment of its own. */
final class ChaosRun {
    /** A client may have to wait for the longest lease, and for partitions to be taken over. */
    private static final Duration FINISH_LIMIT = Duration.ofMinutes(3);

    private static final Duration REST_LIMIT = Duration.ofMinutes(4);
    private static final Duration PREPARE_LIMIT = Duration.ofMinutes(2);

    private final Path directory;
    private final long seed;
    private final Size size;
    private final Progress progress;

    /** What a run came to, in words for people. */
    record Outcome(Verdict verdict, String report) {}

    ChaosRun(Path directory, long seed, Size size, Progress progress) {
        this.directory = directory;
        this.seed = seed;
        this.size = size;
        this.progress = progress;
    }

    /** Faults from the seed, for so long. */
    Outcome play(Duration time) {
        return play(
                injector -> injector.play(new FaultPlan(seed, size.of(Service.JOB_SERVICE)), new Deadline("", time)));
    }

    /** Whatever faults somebody has in mind. */
    Outcome play(Consumer<Injector> faults) {
        progress.says("starting " + Service.values().length + " services, a broker, a database and a Stripe");
        Journal journal = new Journal();
        try (Cluster cluster = Cluster.start(directory, size, progress);
                Workload workload = new Workload(cluster, journal, seed, PREPARE_LIMIT, progress);
                Injector injector = new Injector(cluster, seed, progress)) {
            progress.says("making users");
            workload.prepare();
            workload.start();
            faults.accept(injector);
            injector.repair();
            long over = System.nanoTime();
            workload.finish(FINISH_LIMIT);
            AtRest rest = new AtRest(cluster, journal, progress);
            String unfinished = rest.come(REST_LIMIT);
            if (unfinished.isEmpty()) {
                rest.catchUp(new Caller(
                        cluster.admin(), journal, new Deadline("Stripe can't be caught up with", FINISH_LIMIT)));
                unfinished = rest.come(REST_LIMIT);
            }
            long seconds = (System.nanoTime() - over) / 1_000_000_000;
            progress.says("checking");
            List<String> broken =
                    unfinished.isEmpty() ? rest.broken() : List.of("BROKEN: it comes to rest. " + unfinished);
            Verdict verdict = new Verdict(broken, seconds);
            return new Outcome(
                    verdict,
                    RunReport.of(
                            seed, injector.done(), workload::nanosUntilSuccess, counts(cluster, journal), verdict));
        }
    }

    private static Counts counts(Cluster cluster, Journal journal) {
        try (Connection connection = cluster.database().connect();
                Statement statement = connection.createStatement()) {
            return new Counts(
                    journal.jobs().size(),
                    journal.commands().size(),
                    number(statement, "SELECT count(*) FROM payouts.payout WHERE status = 'paid'"),
                    number(statement, "SELECT count(*) FROM billing.invoice"),
                    new KafkaLog(cluster.bootstrapServers()).size(Topics.deadLetters(Topics.JOB_COMMANDS)),
                    journal.answers());
        } catch (SQLException e) {
            throw new IllegalStateException("the database does not answer", e);
        }
    }

    private static long number(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
