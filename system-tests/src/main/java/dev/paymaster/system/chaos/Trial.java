package dev.paymaster.system.chaos;

import dev.paymaster.system.chaos.Injector.Injected;
import dev.paymaster.system.chaos.RunReport.Counts;
import dev.paymaster.system.chaos.RunReport.Verdict;
import dev.paymaster.system.command.Progress;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/** People use a running deployment while it is broken; then it comes to rest, and everything is checked. */
final class Trial {
    /** Enough for a grant of the same subscription to come three times. */
    static final int RENEWALS = 2;

    /** What a finding begins with when something was still under way. */
    static final String UNREST = "BROKEN: it comes to rest. ";

    private static final String TIMED_OUT = """
            SELECT count(*) FROM jobs.job
            WHERE cancellation IS NOT NULL OR requeues > 0 OR verification->>'by' = 'timeout'""";

    private final Cluster cluster;
    private final long seed;
    private final int renewals;
    private final Limits limits;
    private final Progress progress;

    /**
     * What a trial came to.
     *
     * @param report all of it, in words for people
     */
    record Outcome(Verdict verdict, Counts counts, List<Injected> injected, String report) {}

    Trial(Cluster cluster, long seed, int renewals, Limits limits, Progress progress) {
        this.cluster = cluster;
        this.seed = seed;
        this.renewals = renewals;
        this.limits = limits;
        this.progress = progress;
    }

    /** @param faults what goes wrong, and, where it has to come at the right moment, what people do besides */
    Outcome run(BiConsumer<Injector, Workload> faults) {
        Journal journal = new Journal();
        try (Workload workload = new Workload(cluster, journal, seed, renewals, progress);
                Injector injector = new Injector(cluster, seed, progress)) {
            progress.says("making users");
            workload.prepare();
            workload.start();
            faults.accept(injector, workload);
            workload.end();
            injector.repair();
            long over = System.nanoTime();
            workload.finish(limits.finish());
            try (AtRest rest = new AtRest(cluster, journal, limits, progress)) {
                List<String> broken = new ArrayList<>();
                if (workload.nanosUntilSuccess(over).isEmpty()) {
                    broken.add("BROKEN: every probe works when everything is up again");
                }
                broken.addAll(check(rest, journal));
                Verdict verdict = new Verdict(broken, (System.nanoTime() - over) / 1_000_000_000);
                Counts counts = counts(journal, rest.deadLetters(), injector.brokenCalls());
                List<Injected> injected = injector.done();
                return new Outcome(
                        verdict,
                        counts,
                        injected,
                        RunReport.of(seed, injected, workload::nanosUntilSuccess, counts, verdict));
            }
        }
    }

    private List<String> check(AtRest rest, Journal journal) {
        String unfinished = rest.come();
        String missed = "";
        String withoutEffect = "";
        if (unfinished.isEmpty()) {
            // Catching up mends what was lost.
            withoutEffect = rest.withoutEffect();
            missed = rest.catchUp(new Caller(cluster.admin(), journal, new Deadline(limits.finish())));
            unfinished = rest.come();
        }
        // Whatever is missing because of these is only their consequence.
        Set<String> broken = new LinkedHashSet<>();
        if (!withoutEffect.isEmpty()) {
            broken.add(withoutEffect);
        }
        if (!missed.isEmpty()) {
            broken.add("BROKEN: it catches up with Stripe. " + missed);
        }
        if (!unfinished.isEmpty()) {
            broken.add(UNREST + unfinished);
        }
        progress.says("checking");
        broken.addAll(rest.broken());
        return List.copyOf(broken);
    }

    private Counts counts(Journal journal, long deadLetters, int brokenCalls) {
        try (Connection connection = cluster.database().connect();
                Statement statement = connection.createStatement()) {
            return new Counts(
                    journal.jobs().size(),
                    journal.commands().size(),
                    number(statement, "SELECT count(*) FROM payouts.payout WHERE status = 'paid'"),
                    number(statement, "SELECT count(*) FROM billing.invoice"),
                    deadLetters,
                    number(statement, TIMED_OUT),
                    number(statement, "SELECT count(*) FROM billing.top_up"),
                    number(statement, "SELECT count(*) FROM ledger.transfer WHERE kind = 'expire'"),
                    journal.takenBack().size(),
                    number(statement, "SELECT count(*) FROM identity.dead_letter WHERE status = 'replayed'"),
                    brokenCalls,
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
