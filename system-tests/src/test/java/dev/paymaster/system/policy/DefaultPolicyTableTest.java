package dev.paymaster.system.policy;

import static dev.paymaster.system.policy.Step.*;
import static dev.paymaster.system.proof.Row.row;

import dev.paymaster.system.proof.PlayedTable;
import dev.paymaster.system.proof.Row;
import dev.paymaster.system.world.World;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;

/** What becomes of jobs that wait for too long, where an operator has laid down nothing but for how long they may. */
class DefaultPolicyTableTest implements PlayedTable {
    private static final List<Row<Step>> ROWS = List.of(
            row(
                    "a job that is done in time costs its credits and pays its receiver",
                    senderHas(8, 2),
                    accepts(1),
                    submits(1),
                    verifies(),
                    is("verified"),
                    senderHas(8, 0),
                    isPaid(1)),
            row(
                    "a sender can't do a job of their own; somebody else still can",
                    senderIsRefusedIt(),
                    is("queued"),
                    senderHas(8, 2),
                    nobodyIsPaid(),
                    accepts(1),
                    submits(1),
                    verifies(),
                    is("verified"),
                    isPaid(1)),
            row(
                    "a job that nobody accepts in time ends, and the sender has the credits again",
                    timeIsUp(),
                    is("cancelled"),
                    senderHas(10, 0),
                    nobodyIsPaid()),
            row(
                    "a receiver who is late loses the job to another one",
                    accepts(1),
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
                    "a job that as many receivers as may have tried in vain ends, and the sender has the credits again",
                    accepts(1),
                    timeIsUp(),
                    is("queued"),
                    accepts(2),
                    timeIsUp(),
                    is("cancelled"),
                    senderHas(10, 0),
                    nobodyIsPaid()),
            row(
                    "a result that nobody judges in time counts as passed",
                    accepts(1),
                    submits(1),
                    timeIsUp(),
                    is("verified"),
                    senderHas(8, 0),
                    isPaid(1)),
            row(
                    "a result that is rejected costs nothing and pays nobody",
                    accepts(1),
                    submits(1),
                    rejects(),
                    is("rejected"),
                    senderHas(10, 0),
                    nobodyIsPaid()));

    private final PolicyTable table = new PolicyTable(Map.of(), ROWS);

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
