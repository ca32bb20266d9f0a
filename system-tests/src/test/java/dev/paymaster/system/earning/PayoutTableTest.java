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

/**
 * How payouts behave: what happens to accounts and transfers at Stripe, in whatever order it is told and however often, and
 * who is paid what.
 */
@Tag("long")
class PayoutTableTest implements PlayedTable {
    private static final List<Row<Step>> ROWS = List.of(
            row("a verified job is paid once", canBePaid(), doesAJob(), has(1, "paid", 100)),
            row("each job is paid", canBePaid(), doesAJob(), doesAJob(), has(2, "paid", 200)),
            row("without an account it is held", doesAJob(), has(1, "held account_not_active", 0)),
            row(
                    "what was held is paid when the account can be paid",
                    doesAJob(),
                    has(1, "held account_not_active", 0),
                    canBePaid(),
                    has(1, "paid", 100)),
            row(
                    "who leaves onboarding early isn't paid before it is complete",
                    doesAJob(),
                    opensAnAccount(),
                    onboarding("leave"),
                    has(1, "held account_not_active", 0),
                    onboarding("complete"),
                    has(1, "paid", 100)),
            row(
                    "a restricted account isn't paid before that is lifted",
                    opensAnAccount(),
                    onboarding("restrict"),
                    doesAJob(),
                    has(1, "held account_not_active", 0),
                    onboarding("complete"),
                    has(1, "paid", 100)),
            row(
                    "an account that was paid and is restricted then isn't paid meanwhile",
                    canBePaid(),
                    doesAJob(),
                    has(1, "paid", 100),
                    onboarding("restrict"),
                    has(1, "paid", 100),
                    doesAJob(),
                    has(Map.of("paid", 1, "held account_not_active", 1), 100),
                    onboarding("complete"),
                    has(2, "paid", 200)),
            row(
                    "what Stripe takes back is reversed, and stays it",
                    canBePaid(),
                    doesAJob(),
                    has(1, "paid", 100),
                    stripeTakesBack(100),
                    has(1, "reversed", 0)),
            row(
                    "what Stripe takes back in parts is reversed when all of it is",
                    canBePaid(),
                    doesAJob(),
                    has(1, "paid", 100),
                    stripeTakesBack(40),
                    has(1, "paid", 60),
                    stripeTakesBack(35),
                    stripeTakesBack(25),
                    has(1, "reversed", 0)),
            row(
                    "what an administrator takes back can be paid again",
                    canBePaid(),
                    doesAJob(),
                    has(1, "paid", 100),
                    isTakenBack(),
                    has(1, "reversed", 0),
                    isRetried(),
                    has(1, "paid", 100)),
            row(
                    "what Stripe has taken back can be paid again",
                    canBePaid(),
                    doesAJob(),
                    has(1, "paid", 100),
                    stripeTakesBack(100),
                    has(1, "reversed", 0),
                    isRetried(),
                    has(1, "paid", 100)),
            row(
                    "who disconnects is paid on the next account",
                    canBePaid(),
                    hasNothing(),
                    disconnects(),
                    hasNothing(),
                    doesAJob(),
                    has(1, "held account_not_active", 0),
                    canBePaid(),
                    has(1, "paid", 100)),
            row(
                    "who was restricted and freed within a second is paid, whatever is told last",
                    canBePaid(),
                    onboarding("restrict"),
                    onboarding("complete"),
                    hasNothing(),
                    doesAJob(),
                    has(1, "paid", 100)),
            row(
                    "the same for whoever has done the job before",
                    doesAJob(),
                    canBePaid(),
                    onboarding("restrict"),
                    onboarding("complete"),
                    has(1, "paid", 100)),
            row(
                    "who took another account within a second is paid on it, whatever is told last",
                    canBePaid(),
                    disconnects(),
                    canBePaid(),
                    hasNothing(),
                    doesAJob(),
                    has(1, "paid", 100)),
            row(
                    "what Stripe takes back in parts while the account is restricted is reversed",
                    canBePaid(),
                    doesAJob(),
                    has(1, "paid", 100),
                    stripeTakesBack(40),
                    onboarding("restrict"),
                    stripeTakesBack(60),
                    onboarding("complete"),
                    has(1, "reversed", 0)),
            row(
                    "what was taken back and paid again can be taken back again",
                    canBePaid(),
                    doesAJob(),
                    has(1, "paid", 100),
                    stripeTakesBack(100),
                    has(1, "reversed", 0),
                    isRetried(),
                    has(1, "paid", 100),
                    stripeTakesBack(30),
                    stripeTakesBack(70),
                    has(1, "reversed", 0),
                    isRetried(),
                    has(1, "paid", 100)));

    private final World world = PayoutTable.world(Map.of("payouts.accounts-asked-after", "500ms"));
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
