package dev.paymaster.system.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.chaos.Fault.Kind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class FaultPlanTest {
    /** More than it takes to deal every card once. */
    private static final int ROUNDS = 60;

    @Test
    void theSameSeedMakesTheSamePlan() {
        assertThat(rounds(42)).isEqualTo(rounds(42)).isNotEqualTo(rounds(43));
    }

    @Test
    void everyFaultComes() {
        List<Fault> faults = faults(1);

        assertThat(faults.stream().map(Fault::kind).collect(Collectors.toSet())).isEqualTo(Kind.usual());
        assertThat(targetsOf(faults, Kind.STRIPE))
                .isEqualTo(EnumSet.allOf(StripeFault.class).stream()
                        .map(StripeFault::name)
                        .collect(Collectors.toSet()));
        assertThat(targetsOf(faults, Kind.KILL)).contains(FaultPlan.BROKER);
        assertThat(targetsOf(faults, Kind.CUT)).containsExactlyInAnyOrderElementsOf(FaultPlan.WAYS);
        assertThat(targetsOf(faults, Kind.ROLL))
                .containsExactlyInAnyOrder("gateway", "credit-worker", "job-service", "payout-worker");
    }

    @Test
    void whateverStripeMayDoWrongComesAndNotToTransfersAlone() {
        List<JsonNode> rules = targetsOf(faults(1), Kind.STRIPE).stream()
                .map(fault ->
                        JsonMapper.shared().readTree(StripeFault.valueOf(fault).rule()))
                .toList();

        assertThat(rules)
                .extracting(rule -> rule.path("kind").asString())
                .contains(
                        "latency",
                        "drop_request",
                        "drop_response",
                        "truncate_response",
                        "error_before",
                        "error_after",
                        "rate_limit",
                        "key_in_use",
                        "empty_body",
                        "html_body",
                        "balance_insufficient",
                        "capability_lost",
                        "webhook_duplicate",
                        "webhook_duplicate_new_id",
                        "webhook_reorder",
                        "webhook_delay",
                        "webhook_api_version",
                        "webhook_drop");
        assertThat(rules)
                .as("one reason for 429 is not all")
                .filteredOn(rule -> rule.path("kind").asString().equals("rate_limit"))
                .extracting(rule -> rule.path("reason").asString(""))
                .hasSizeGreaterThan(1)
                .doesNotHaveDuplicates();
        assertThat(rules)
                .as("no webhook is sure to come")
                .filteredOn(rule -> rule.path("kind").asString().startsWith("webhook_"))
                .allMatch(rule -> rule.path("events").asString().equals("*"));
        assertThat(rules)
                .as("a refusal and a loss of what is no transfer")
                .filteredOn(rule -> !rule.path("path").asString("").startsWith("/v1/transfers"))
                .extracting(rule -> rule.path("kind").asString())
                .contains("error_before", "rate_limit", "drop_response");
        assertThat(rules)
                .as("what is taken back meets with what a payment does")
                .filteredOn(rule -> strikes(rule, "POST", "/v1/transfers/tr_1/reversals"))
                .extracting(rule -> rule.path("kind").asString())
                .contains(
                        "drop_request",
                        "drop_response",
                        "truncate_response",
                        "error_before",
                        "error_after",
                        "rate_limit",
                        "key_in_use",
                        "empty_body",
                        "html_body");
        assertThat(rules)
                .as("a look whose answer is cut")
                .filteredOn(rule -> strikes(rule, "GET", "/v1/transfers"))
                .extracting(rule -> rule.path("kind").asString())
                .contains("truncate_response");
        assertThat(faults(1)).anyMatch(Fault::forgetsKeys);
    }

    private static boolean strikes(JsonNode rule, String method, String path) {
        String pattern = "\\Q" + rule.path("path").asString("none").replace("*", "\\E.*\\Q") + "\\E";
        return rule.path("method").asString(method).equals(method) && path.matches(pattern);
    }

    /** Only then all that is on its way to Stripe is known. */
    @Test
    void keysAreForgottenWhileNothingElseBreaksAndOnlyWhenTheyAreInUse() {
        for (long seed = 1; seed < 20; seed++) {
            FaultPlan plan = new FaultPlan(seed, 2, Kind.usual());
            while (plan.isOpening()) {
                assertThat(plan.next().faults()).noneMatch(Fault::forgetsKeys);
            }
            assertThat(rounds(seed))
                    .filteredOn(round -> round.faults().stream().anyMatch(Fault::forgetsKeys))
                    .isNotEmpty()
                    .allMatch(round -> round.faults().size() == 1);
        }
    }

    @Test
    void oneOfEachKindComesFirstAndEndsSoon() {
        for (long seed = 1; seed < 20; seed++) {
            FaultPlan plan = new FaultPlan(seed, 2, Kind.usual());
            List<Fault> opening = new ArrayList<>();
            while (plan.isOpening()) {
                opening.addAll(plan.next().faults());
            }

            assertThat(opening).extracting(Fault::kind).containsAll(Kind.usual());
            assertThat(opening.subList(0, Kind.usual().size()))
                    .extracting(Fault::kind)
                    .doesNotHaveDuplicates();
            assertThat(opening.stream().limit(Kind.usual().size()).filter(fault -> fault.kind() != Kind.FREEZE_LONG))
                    .allMatch(fault -> fault.millis() <= 1_500);
        }
    }

    @Test
    void whateverACallToStripeMayMeetWithEndsTheOpening() {
        for (long seed = 1; seed < 20; seed++) {
            FaultPlan plan = new FaultPlan(seed, 2, Kind.usual());
            List<Fault> opening = new ArrayList<>();
            boolean late = false;
            while (plan.isOpening()) {
                FaultPlan.Round round = plan.next();
                late |= round.breaksCalls();
                boolean breaks = late;
                assertThat(round.faults())
                        .as("either all or none of these, and those that do are the last")
                        .allMatch(fault -> FaultPlan.breaksCalls(fault) == breaks);
                opening.addAll(round.faults());
            }

            assertThat(targetsOf(opening, Kind.STRIPE))
                    .contains(
                            "DROPPED_CALLS",
                            "LOST_ANSWERS",
                            "HALF_ANSWERS",
                            "FAILS_BEFORE",
                            "FAILS_AFTER",
                            "RATE_LIMIT",
                            "KEY_IN_USE");
        }
    }

    @Test
    void workersAreFrozenForLongAloneAndPastASession() {
        List<FaultPlan.Round> frozen = rounds(4).stream()
                .filter(round -> round.faults().stream().anyMatch(fault -> fault.kind() == Kind.FREEZE_LONG))
                .toList();

        assertThat(frozen).isNotEmpty().allSatisfy(round -> {
            assertThat(round.faults()).hasSize(1);
            assertThat(round.faults().getFirst().millis()).isGreaterThan(6_000);
        });
    }

    @Test
    void onlyTheKindsThatAreAskedForCome() {
        FaultPlan plan = new FaultPlan(6, 2, Set.of(Kind.ROLL, Kind.BROKER_FROZEN));

        List<FaultPlan.Round> rounds =
                IntStream.range(0, ROUNDS).mapToObj(_ -> plan.next()).toList();

        List<Fault> faults =
                rounds.stream().flatMap(round -> round.faults().stream()).toList();
        assertThat(targetsOf(faults, Kind.ROLL)).hasSize(Service.values().length);
        assertThat(faults).extracting(Fault::kind).containsOnly(Kind.ROLL, Kind.BROKER_FROZEN);
        assertThat(rounds)
                .filteredOn(round -> round.faults().getFirst().kind() == Kind.BROKER_FROZEN)
                .isNotEmpty()
                .allSatisfy(round -> {
                    assertThat(round.faults()).hasSize(1);
                    assertThat(round.faults().getFirst().millis()).isEqualTo(90_000);
                });
    }

    @Test
    void noneLastsLongerThanWhoeverWaitsIsTold() {
        FaultPlan plan = new FaultPlan(8, 2, Set.of(Kind.values()));

        assertThat(IntStream.range(0, ROUNDS)
                        .mapToObj(_ -> plan.next())
                        .flatMap(round -> round.faults().stream())
                        .mapToInt(Fault::millis)
                        .max())
                .hasValue((int) FaultPlan.LONGEST_FAULT.toMillis());
    }

    @Test
    void noneComesAgainBeforeAllHaveCome() {
        int cards = 3 * 4 + 2 + 2 + 3 + 2 + 4 * 4 + StripeFault.values().length + 1;

        List<Fault> first = faults(7).subList(0, cards);

        assertThat(first.stream().map(fault -> fault.kind() + fault.target())).doesNotHaveDuplicates();
    }

    @Test
    void noTargetIsStruckTwiceAtOnce() {
        for (FaultPlan.Round round : rounds(3)) {
            assertThat(round.faults().stream().map(Fault::target)).isNotEmpty().doesNotHaveDuplicates();
        }
    }

    @Test
    void onlyInstancesThatAreThereAreStruck() {
        FaultPlan plan = new FaultPlan(5, 1, Kind.usual());

        assertThat(IntStream.range(0, ROUNDS)
                        .mapToObj(_ -> plan.next())
                        .flatMap(round -> round.faults().stream())
                        .filter(fault -> fault.kind() == Kind.KILL)
                        .map(Fault::target))
                .isNotEmpty()
                .allMatch(target -> target.endsWith("-1") || target.equals(FaultPlan.BROKER));
    }

    private static List<FaultPlan.Round> rounds(long seed) {
        FaultPlan plan = new FaultPlan(seed, 2, Kind.usual());
        return IntStream.range(0, ROUNDS).mapToObj(_ -> plan.next()).toList();
    }

    private static List<Fault> faults(long seed) {
        return rounds(seed).stream().flatMap(round -> round.faults().stream()).toList();
    }

    private static Set<String> targetsOf(List<Fault> faults, Kind kind) {
        return faults.stream()
                .filter(fault -> fault.kind() == kind)
                .map(Fault::target)
                .collect(Collectors.toSet());
    }
}
