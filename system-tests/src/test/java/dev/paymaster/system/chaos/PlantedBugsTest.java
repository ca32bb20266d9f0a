package dev.paymaster.system.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.chaos.Fault.Kind;
import dev.paymaster.system.chaos.plant.Bug;
import dev.paymaster.system.chaos.plant.PlantAgent;
import dev.paymaster.system.command.Progress;
import dev.paymaster.system.command.Scratch;
import dev.paymaster.system.process.Node;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The chaos run finds bugs: without one it is green, and with each it breaks the rule that it should. All of them are
 * planted into one deployment, one after the other; what one has broken stays so, and each has a rule of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlantedBugsTest {
    /** What a bug has broken doesn't get better with time. */
    private static final Limits SHORT =
            new Limits(Duration.ofSeconds(12), Duration.ofSeconds(8), Duration.ofSeconds(1));

    private static final long SEED = 7;
    /** Some bugs show only when a process is just at the wrong place, so they are provoked again if need be. */
    private static final int TRIALS = 3;

    private static final int SHORT_MILLIS = 1_000;
    private static final int LONG_MILLIS = 4_000;
    /** It answers 202 after five seconds, and people ask again. */
    private static final int LONGER_THAN_A_GATEWAY_WAITS_MILLIS = 6_000;

    private final Progress progress = new Progress(System.err, "planted bugs");
    private final Scratch scratch = Scratch.make("planted-bugs");
    private final Set<String> brokenSoFar = new LinkedHashSet<>();
    private final Set<Service> planted = EnumSet.noneOf(Service.class);
    private final Cluster cluster = Cluster.start(scratch.directory(), 1, progress);

    @BeforeAll
    void isGreenWithoutABug() {
        Trial trial = new Trial(cluster, SEED, Trial.RENEWALS, Limits.GENEROUS, progress);

        Trial.Outcome outcome = trial.run((injector, workload) ->
                List.of(Bug.values()).forEach(bug -> provocation(bug).accept(injector, workload)));

        assertThat(outcome.verdict().broken()).isEmpty();
        ChaosTest.assertSomethingHappened(outcome);
    }

    @AfterAll
    void close() {
        cluster.close();
        scratch.close();
    }

    @ParameterizedTest
    @EnumSource(Bug.class)
    void isFound(Bug bug) {
        assertThat(isBroken(ruleOf(bug), brokenSoFar))
                .as("%s is broken before %s is planted: %s", ruleOf(bug), bug, brokenSoFar)
                .isFalse();
        plant(bug);
        Set<String> broken = new LinkedHashSet<>();
        for (int trial = 0; trial < TRIALS && !isBroken(ruleOf(bug), broken); trial++) {
            long seed = SEED + bug.name().length() + trial;
            broken.addAll(new Trial(cluster, seed, 0, SHORT, progress.of(bug.name()))
                    .run(provocation(bug))
                    .verdict()
                    .broken());
        }

        broken.forEach(rule -> progress.of(bug.name()).says(rule));
        brokenSoFar.addAll(broken);
        assertThat(isBroken(ruleOf(bug), broken))
                .as("%s breaks %s; broken are %s", bug, ruleOf(bug), broken)
                .isTrue();
    }

    private static boolean isBroken(String rule, Set<String> broken) {
        return broken.stream().anyMatch(each -> each.startsWith("BROKEN: " + rule));
    }

    /** What brings the bug to light, and does no harm without it. */
    private static BiConsumer<Injector, Workload> provocation(Bug bug) {
        return (injector, workload) -> {
            workload.awaitPaying();
            switch (bug) {
                case ACKNOWLEDGES_BEFORE_KAFKA_HAS_IT ->
                    injector.play(List.of(new Fault(Kind.REFUSE, "Kafka", LONG_MILLIS)));
                case FORGETS_IDEMPOTENCY_KEYS ->
                    injector.play(List.of(new Fault(
                            Kind.FREEZE, Service.JOB_SERVICE.instance(1), LONGER_THAN_A_GATEWAY_WAITS_MILLIS)));
                case OFFSET_OUTSIDE_THE_TRANSACTION -> {
                    workload.commandJobs(40);
                    injector.play(List.of(new Fault(Kind.KILL, Service.JOB_SERVICE.instance(1), SHORT_MILLIS)));
                }
                case OUTBOX_BEHIND_A_CURSOR -> injector.play(List.of(new Fault(Kind.SLOW, "PostgreSQL", LONG_MILLIS)));
                case READS_THEN_WRITES_BALANCES -> workload.grantOneByOne(10, Duration.ofSeconds(15));
                case A_FRESH_KEY_PER_CALL -> {
                    workload.awaitVerified(3);
                    injector.play(List.of(new Fault(Kind.STRIPE, StripeFault.HALF_ANSWERS.name(), 2 * LONG_MILLIS)));
                }
                case SWALLOWS_A_FAILED_RECORD -> workload.litter(5);
            }
        };
    }

    private static String ruleOf(Bug bug) {
        return switch (bug) {
            case ACKNOWLEDGES_BEFORE_KAFKA_HAS_IT -> "a webhook that was answered 200 is in stripe.events";
            case FORGETS_IDEMPOTENCY_KEYS -> "a request makes one job, and nothing else makes any";
            case OFFSET_OUTSIDE_THE_TRANSACTION -> "job.events tells only what is so";
            case OUTBOX_BEHIND_A_CURSOR -> "every fact is in job.events";
            case READS_THEN_WRITES_BALANCES -> "a transfer's balances follow from those of the transfer before it";
            case A_FRESH_KEY_PER_CALL -> "a job has at most one transfer at Stripe";
            case SWALLOWS_A_FAILED_RECORD -> "a record that nobody can read is among the dead letters";
        };
    }

    private static Set<Service> servicesOf(Bug bug) {
        return switch (bug) {
            case ACKNOWLEDGES_BEFORE_KAFKA_HAS_IT, FORGETS_IDEMPOTENCY_KEYS -> Set.of(Service.GATEWAY);
            case OFFSET_OUTSIDE_THE_TRANSACTION, OUTBOX_BEHIND_A_CURSOR, SWALLOWS_A_FAILED_RECORD ->
                Set.of(Service.JOB_SERVICE);
            case READS_THEN_WRITES_BALANCES -> Set.of(Service.JOB_SERVICE, Service.CREDIT_WORKER);
            case A_FRESH_KEY_PER_CALL -> Set.of(Service.PAYOUT_WORKER);
        };
    }

    /** Restarts what is to have the bug, and what has had the last one. */
    private void plant(Bug bug) {
        Set<Service> next = servicesOf(bug);
        String agent = PlantAgent.option(bug, scratch.directory());
        planted.addAll(next);
        List<Node> nodes = planted.stream()
                .flatMap(service -> cluster.of(service).stream())
                .toList();
        nodes.forEach(Node::stop);
        for (Service service : planted) {
            List<String> java = next.contains(service) ? List.of(agent) : List.of();
            cluster.of(service).forEach(node -> node.start(java));
        }
        cluster.awaitReady(nodes, progress);
        planted.retainAll(next);
    }
}
