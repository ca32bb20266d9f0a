package dev.paymaster.system.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.chaos.Fault.Kind;
import dev.paymaster.system.chaos.Injector.Injected;
import dev.paymaster.system.chaos.RunReport.Counts;
import dev.paymaster.system.chaos.RunReport.Verdict;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RunReportTest {
    private static final Counts COUNTS = new Counts(10, 4, 3, 2, 1, 5, 7, 8, 9, 2, 6, Map.of("201", 10));

    @Test
    void countsEachFaultAndTellsHowLongRecoveryTook() {
        List<Injected> injected = List.of(
                new Injected(new Fault(Kind.KILL, "gateway-1", 1), 1),
                new Injected(new Fault(Kind.KILL, "gateway-2", 1), 3),
                new Injected(new Fault(Kind.CUT, "Kafka", 1), 2),
                new Injected(new Fault(Kind.STRIPE, "HTML", 1), 9));

        String report = RunReport.of(
                42,
                injected,
                from -> from == 9 ? OptionalLong.empty() : OptionalLong.of(from * 1_500_000_000),
                COUNTS,
                new Verdict(List.of(), 7));

        assertThat(report.lines().map(line -> line.replaceAll(" {2,}", " | ")))
                .contains(
                        "Chaos with seed 42: nothing is broken",
                        "gateway: kill -9 | 2 | 4.5, 4.5",
                        "connections cut: Kafka | 1 | 3.0, 3.0",
                        "Stripe: HTML for JSON | 1 | not known: the run ended before");
    }

    @Test
    void namesWhatIsBroken() {
        String report = RunReport.of(
                42, List.of(), _ -> OptionalLong.empty(), COUNTS, new Verdict(List.of("BROKEN: a rule."), 7));

        assertThat(report.lines()).contains("Chaos with seed 42: BROKEN", "BROKEN: a rule.");
    }
}
