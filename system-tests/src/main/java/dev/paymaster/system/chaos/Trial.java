package dev.paymaster.system.chaos;

import dev.paymaster.system.chaos.Injector.Injected;
import dev.paymaster.system.chaos.RunReport.Counts;
import dev.paymaster.system.chaos.RunReport.Verdict;
import dev.paymaster.system.command.Progress;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
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
                // What is missing when it has come to rest may be missing at the end, too.
                Set<String> broken = new LinkedHashSet<>();
                if (workload.nanosUntilSuccess(over).isEmpty()) {
                    broken.add("BROKEN: every probe works when everything is up again");
                }
                check(rest, journal, broken);
                Verdict verdict = new Verdict(List.copyOf(broken), (System.nanoTime() - over) / 1_000_000_000);
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

    /** Adds every finding, and that a check could not be made: whoever reads of it wants the report all the more. */
    private void check(AtRest rest, Journal journal, Set<String> broken) {
        try {
            String unfinished = rest.come();
            if (unfinished.isEmpty()) {
                // Catching up mends what was lost.
                add(broken, "", rest.withoutEffect());
                add(
                        broken,
                        "BROKEN: it catches up with Stripe. ",
                        rest.catchUp(new Caller(cluster.admin(), journal, new Deadline(limits.finish()))));
                unfinished = rest.come();
            }
            add(broken, UNREST, unfinished);
            progress.says("checking");
            // Whatever is missing because of the others is only their consequence.
            broken.addAll(rest.broken());
        } catch (AssertionError | RuntimeException e) {
            broken.add("BROKEN: everything can be checked. " + e);
        }
    }

    private static void add(Set<String> broken, String rule, String found) {
        if (!found.isEmpty()) {
            broken.add(rule + found);
        }
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
