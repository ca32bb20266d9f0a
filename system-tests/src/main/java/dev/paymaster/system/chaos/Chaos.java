package dev.paymaster.system.chaos;

import dev.paymaster.system.chaos.Fault.Kind;
import dev.paymaster.system.chaos.Trial.Outcome;
import dev.paymaster.system.command.Progress;
import dev.paymaster.system.command.Scratch;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** {@code ./paymaster chaos}: breaks a whole deployment in many ways, and tells what survived. */
public final class Chaos {
    private static final int FAILED = 1;
    private static final int REFUSED = 2;
    /** Short enough to be typed again. */
    private static final int DRAWN_SEEDS = 1_000_000;
    /** Of each service: every partition has somebody else to go to. */
    private static final int INSTANCES = 2;

    /** Longer than any run: what is lost isn't found again before it is missed. */
    private static final Map<String, String> LOOKS_AT_STRIPE_LATER = Map.of("reconcile.first-after", "7d");

    private Chaos() {}

    /** What makes a run with one seed, for so long, of such faults, in a directory of its own. */
    @FunctionalInterface
    interface Run {
        Outcome play(Path directory, long seed, Duration time, Set<Kind> kinds, Progress progress);
    }

    /** Runs what the command line asks for. */
    @SuppressWarnings("SystemOut") // a command talks to its terminal
    public static void main(String[] arguments) {
        ChaosOptions options;
        try {
            options = ChaosOptions.parse(Arrays.asList(arguments), new Random().nextInt(DRAWN_SEEDS));
        } catch (IllegalArgumentException e) {
            System.err.println("paymaster: " + e.getMessage());
            System.exit(REFUSED);
            return;
        }
        if (options.help()) {
            System.out.print(ChaosOptions.HELP);
            return;
        }
        System.exit(logged(options));
    }

    @SuppressWarnings("SystemOut")
    private static int logged(ChaosOptions options) {
        Progress progress = new Progress(System.err, "chaos");
        try (Scratch own = Scratch.make("chaos-log")) {
            Path log = own.directory().resolve("chaos.log");
            // Of all seeds: logging is configured once.
            System.setProperty("paymaster.log.file", log.toString());
            int status = run(options, Chaos::play, System.out, progress);
            if (status != 0) {
                own.keep();
                progress.says("what this command itself has logged is in " + log);
            }
            return status;
        }
    }

    /** Runs one seed after the other until one isn't clean; answers the command's exit status. */
    static int run(ChaosOptions options, Run run, PrintStream out, Progress progress) {
        for (int i = 0; i < options.seeds(); i++) {
            long seed = options.seed() + i;
            if (!isClean(options, seed, run, out, progress.of("seed " + seed))) {
                return FAILED;
            }
        }
        return 0;
    }

    private static boolean isClean(ChaosOptions options, long seed, Run run, PrintStream out, Progress progress) {
        try (Scratch scratch = Scratch.make("chaos")) {
            try {
                Outcome outcome = run.play(scratch.directory(), seed, options.time(), options.kinds(), progress);
                out.print(outcome.report());
                if (outcome.verdict().isClean()) {
                    return true;
                }
                progress.says(
                        "first broken invariant: " + outcome.verdict().broken().getFirst());
            } catch (RuntimeException | AssertionError e) {
                progress.failed(e, scratch.directory());
            }
            scratch.keep();
            progress.says(
                    "the logs of all processes are in " + scratch.directory().resolve("logs"));
            progress.says("again with: " + options.again(seed));
            return false;
        }
    }

    /** In every second run gateways catch up with Stripe by themselves, beside everything else. */
    private static Map<String, String> settings(long seed) {
        return seed % 2 == 0 ? LOOKS_AT_STRIPE_LATER : Map.of();
    }

    /** One run with one seed, on a deployment of its own: faults for so long, and what came of them. */
    static Outcome play(Path directory, long seed, Duration time, Set<Kind> kinds, Progress progress) {
        progress.says("starting the services, a broker, a database and a Stripe");
        try (Cluster cluster = Cluster.start(directory, INSTANCES, settings(seed), progress)) {
            FaultPlan plan = new FaultPlan(seed, INSTANCES, kinds);
            return new Trial(cluster, seed, Trial.RENEWALS, Limits.GENEROUS, progress).run((injector, workload) -> {
                workload.restrictAccounts();
                workload.administer();
                workload.recruit();
                injector.play(plan, new Deadline(time), () -> {
                    workload.awaitPaying();
                    workload.awaitVerified(1);
                });
                // However slow the machine is, something of everything has been done by its end.
                workload.litter(1);
                workload.commandJobs(1);
                workload.awaitPaying();
                workload.awaitVerified(1);
            });
        }
    }
}
