package dev.paymaster.system.policy;

import static dev.paymaster.system.policy.Step.*;
import static dev.paymaster.system.proof.Row.row;

import dev.paymaster.system.proof.PlayedTable;
import dev.paymaster.system.proof.Row;
import dev.paymaster.system.world.World;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;

/** What becomes of jobs where an operator has laid down everything in another way. */
class OtherPolicyTableTest implements PlayedTable {
    private static final List<Row<Step>> ROWS = List.of(
            row(
                    "a job that nobody accepts in time goes on waiting",
                    timeIsUp(),
                    is("queued"),
                    senderHas(8, 2),
                    accepts(1),
                    submits(1),
                    verifies(),
                    is("verified"),
                    isPaid(1)),
            row(
                    "a receiver who is late ends the job, and the sender has the credits again",
                    accepts(1),
                    timeIsUp(),
                    is("cancelled"),
                    senderHas(10, 0),
                    nobodyIsPaid()),
            row(
                    "a result that nobody judges in time counts as rejected, and another receiver may try",
                    accepts(1),
                    submits(1),
                    timeIsUp(),
                    is("queued"),
                    senderHas(8, 2),
                    accepts(2),
                    submits(2),
                    verifies(),
                    is("verified"),
                    senderHas(8, 0),
                    isPaid(2)),
            row(
                    "a job whose last attempt is rejected ends, and the sender has the credits again",
                    accepts(1),
                    submits(1),
                    rejects(),
                    is("queued"),
                    senderHas(8, 2),
                    accepts(2),
                    submits(2),
                    rejects(),
                    is("rejected"),
                    senderHas(10, 0),
                    nobodyIsPaid()));

    private final PolicyTable table = new PolicyTable(
            Map.of(
                    "when-not-accepted", "keep",
                    "when-not-submitted", "cancel",
                    "when-not-verified", "reject",
                    "when-rejected", "requeue"),
            ROWS);

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
