package dev.paymaster.system.policy;

import static dev.paymaster.system.policy.Step.*;
import static dev.paymaster.system.proof.Row.row;

import dev.paymaster.system.proof.PlayedTable;
import dev.paymaster.system.proof.Row;
import dev.paymaster.system.world.World;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;

/** What becomes of results where nobody else judges them in the sender's place, and a rejected one costs the same. */
class KeepingPolicyTableTest implements PlayedTable {
    private static final List<Row<Step>> ROWS = List.of(
            row(
                    "a result that nobody judges goes on waiting",
                    accepts(1),
                    submits(1),
                    timeIsUp(),
                    is("submitted"),
                    senderHas(8, 2),
                    nobodyIsPaid()),
            row(
                    "a rejected result costs its credits and pays nobody",
                    accepts(1),
                    submits(1),
                    rejects(),
                    is("rejected"),
                    senderHas(8, 0),
                    nobodyIsPaid()),
            row(
                    "one that passes costs them, too, and pays",
                    accepts(1),
                    submits(1),
                    verifies(),
                    is("verified"),
                    senderHas(8, 0),
                    isPaid(1)),
            row(
                    "a job that nobody accepts in time ends meanwhile",
                    timeIsUp(),
                    is("cancelled"),
                    senderHas(10, 0),
                    nobodyIsPaid()));

    private final PolicyTable table =
            new PolicyTable(Map.of("when-not-verified", "keep", "when-rejected", "capture"), ROWS);

    @BeforeAll
    void play() {
        table.play();
    }

    @Override
    public World world() {
        return table.world();
    }

    @Override
    public Map<String, String> failures() {
        return table.failures();
    }
}
