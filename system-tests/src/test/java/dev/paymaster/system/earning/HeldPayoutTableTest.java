package dev.paymaster.system.earning;

import static dev.paymaster.system.earning.Row.row;
import static dev.paymaster.system.earning.Step.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.proof.Invariants;
import dev.paymaster.system.world.World;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * What holds payouts besides the receiver's account: the platform holds those to new receivers, and has no money at first.
 * It gets some once, for everybody, so each row comes to that after as many other steps.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HeldPayoutTableTest {
    private static final List<Row> ROWS = List.of(
            row(
                    "who is new waits for the release, and then in line for funds",
                    canBePaid(),
                    doesAJob(),
                    has(1, "held new_receiver", 0),
                    isReleased(),
                    has(1, "held insufficient_funds", 0),
                    platformIsFunded(),
                    has(1, "paid", 100)),
            row(
                    "who was not known yet is new when the account can be paid",
                    doesAJob(),
                    canBePaid(),
                    has(1, "held new_receiver", 0),
                    isReleased(),
                    has(1, "held insufficient_funds", 0),
                    platformIsFunded(),
                    has(1, "paid", 100)),
            row(
                    "who is restricted while in line is paid when both are over",
                    canBePaid(),
                    doesAJob(),
                    has(1, "held new_receiver", 0),
                    isReleased(),
                    has(1, "held insufficient_funds", 0),
                    onboarding("restrict"),
                    platformIsFunded(),
                    has(1, "held account_not_active", 0),
                    onboarding("complete"),
                    isReleased(),
                    has(1, "paid", 100)),
            row(
                    "who disconnects while new is new on the next account, too",
                    canBePaid(),
                    doesAJob(),
                    has(1, "held new_receiver", 0),
                    disconnects(),
                    has(1, "held account_not_active", 0),
                    platformIsFunded(),
                    canBePaid(),
                    has(1, "held new_receiver", 0),
                    isReleased(),
                    has(1, "paid", 100)));

    private final World world = World.with(Map.of(
            "payouts.new-receiver-hold", "7d",
            "payouts.patience.first-for-funds", "1s",
            "payouts.patience.longest-for-funds", "1s",
            "reconcile.first-after", "1h"));
    private final PayoutTable table = new PayoutTable(world, ROWS);

    @BeforeAll
    void play() {
        world.stripe().setBalance(0);
        table.play();
    }

    @AfterAll
    void end() {
        world.close();
    }

    @TestFactory
    Stream<DynamicTest> rows() {
        return ROWS.stream()
                .map(row -> DynamicTest.dynamicTest(
                        row.says(), () -> assertThat(table.failures(row)).isEmpty()));
    }

    @Test
    void everythingAddsUp() {
        Invariants.of(world).check();
        world.proves();
    }
}
