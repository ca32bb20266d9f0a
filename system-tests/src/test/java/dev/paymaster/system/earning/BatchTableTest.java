package dev.paymaster.system.earning;

import static dev.paymaster.system.earning.Step.*;
import static dev.paymaster.system.proof.Row.row;

import dev.paymaster.system.proof.PlayedTable;
import dev.paymaster.system.proof.Row;
import dev.paymaster.system.world.World;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** A receiver's jobs of a period are paid by one transfer; here periods last for longer than anybody waits. */
@Tag("long")
class BatchTableTest implements PlayedTable {
    private static final List<Row<Step>> ROWS = List.of(
            row(
                    "a period's jobs are one transfer",
                    canBePaid(),
                    doesAJob(),
                    doesAJob(),
                    has(2, "held batched", 0),
                    thePeriodEnds(),
                    has(2, "paid", 200),
                    wasPaidBy(1),
                    eachBatchListsItsJobs()),
            row(
                    "a later job is in the next one",
                    canBePaid(),
                    doesAJob(),
                    has(1, "held batched", 0),
                    thePeriodEnds(),
                    has(1, "paid", 100),
                    doesAJob(),
                    has(Map.of("paid", 1, "held batched", 1), 100),
                    thePeriodEnds(),
                    has(2, "paid", 200),
                    wasPaidBy(2),
                    eachBatchListsItsJobs()),
            row(
                    "who could not be paid yet is paid with the others",
                    doesAJob(),
                    has(1, "held account_not_active", 0),
                    canBePaid(),
                    has(1, "held batched", 0),
                    doesAJob(),
                    has(2, "held batched", 0),
                    thePeriodEnds(),
                    has(2, "paid", 200),
                    wasPaidBy(1)),
            row(
                    "what Stripe takes back of a batch is reversed when all of it is",
                    canBePaid(),
                    doesAJob(),
                    doesAJob(),
                    has(2, "held batched", 0),
                    thePeriodEnds(),
                    has(2, "paid", 200),
                    stripeTakesBack(150),
                    has(2, "paid", 50),
                    stripeTakesBack(50),
                    has(2, "reversed", 0)),
            row(
                    "a batch is taken back and paid once more",
                    canBePaid(),
                    doesAJob(),
                    doesAJob(),
                    has(2, "held batched", 0),
                    thePeriodEnds(),
                    has(2, "paid", 200),
                    isTakenBack(),
                    has(2, "reversed", 0),
                    isRetried(),
                    has(2, "paid", 200),
                    wasPaidBy(2)));

    private final World world = PayoutTable.world(Map.of("payouts.mode", "batched", "payouts.batch-period", "3650d"));
    private final PayoutTable table = new PayoutTable(world, ROWS);

    @BeforeAll
    void play() {
        table.play();
    }

    @Override
    public World world() {
        return world;
    }

    @Override
    public Map<String, String> failures() {
        return table.failures();
    }
}
