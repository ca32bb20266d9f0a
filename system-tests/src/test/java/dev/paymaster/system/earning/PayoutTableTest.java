package dev.paymaster.system.earning;

import static dev.paymaster.system.earning.Row.row;
import static dev.paymaster.system.earning.Step.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.life.Order;
import dev.paymaster.system.proof.Invariants;
import dev.paymaster.system.world.Crowd;
import dev.paymaster.system.world.World;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * How payouts behave: what happens to accounts and transfers at Stripe, in whatever order it is told and however often, and
 * who is paid what. All rows are played at once, each in every order, with somebody new every time.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PayoutTableTest {
    /** Few events mean anything here, so that more orders would repeat these. */
    private static final int ORDERS = 12;

    private static final long PLENTY_CENTS = 10_000_000;

    private static final List<Row> ROWS = List.of(
            row("a verified job is paid once", canBePaid(), doesAJob(), has(1, "paid", 100)),
            row("each job is paid", canBePaid(), doesAJob(), doesAJob(), has(2, "paid", 200)),
            row("without an account it is held", doesAJob(), has(1, "held", 0)),
            row(
                    "what was held is paid when the account can be paid",
                    doesAJob(),
                    has(1, "held", 0),
                    canBePaid(),
                    has(1, "paid", 100)),
            row(
                    "who leaves onboarding early isn't paid before it is complete",
                    doesAJob(),
                    opensAnAccount(),
                    onboarding("leave"),
                    has(1, "held", 0),
                    onboarding("complete"),
                    has(1, "paid", 100)),
            row(
                    "a restricted account isn't paid before that is lifted",
                    opensAnAccount(),
                    onboarding("restrict"),
                    doesAJob(),
                    has(1, "held", 0),
                    onboarding("complete"),
                    has(1, "paid", 100)),
            row(
                    "an account that was paid and is restricted then isn't paid meanwhile",
                    canBePaid(),
                    doesAJob(),
                    has(1, "paid", 100),
                    onboarding("restrict"),
                    has(1, "paid", 100),
                    onboarding("complete"),
                    doesAJob(),
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
                    isPaidAgain(),
                    has(1, "paid", 100)),
            row(
                    "what Stripe has taken back can be paid again",
                    canBePaid(),
                    doesAJob(),
                    has(1, "paid", 100),
                    stripeTakesBack(100),
                    has(1, "reversed", 0),
                    isPaidAgain(),
                    has(1, "paid", 100)),
            row(
                    "who disconnects is paid on the next account",
                    canBePaid(),
                    has(0, "paid", 0),
                    disconnects(),
                    has(0, "paid", 0),
                    doesAJob(),
                    has(1, "held", 0),
                    canBePaid(),
                    has(1, "paid", 100)));

    private final World world = World.with(Map.of("reconcile.first-after", "1h"));
    private final AccountLog log = new AccountLog(world.stripe());
    private final List<Earning> earnings = ROWS.stream()
            .flatMap(row -> IntStream.range(0, ORDERS)
                    .mapToObj(number ->
                            new Earning(world, row, new Order(number, row.says().hashCode()))))
            .toList();

    @BeforeAll
    void play() {
        world.stripe().setBalance(PLENTY_CENTS);
        world.stripe().breakWith("{\"kind\": \"webhook_drop\"}");
        Crowd.each(earnings, Earning::begin);
        List<Earning> going = earnings;
        while (!going.isEmpty()) {
            Crowd.each(going, Earning::goOn);
            tell(going);
            Crowd.each(going, Earning::check);
            going = going.stream().filter(earning -> !earning.isOver()).toList();
        }
        world.comesToRest();
        Crowd.each(earnings, Earning::checkOnceMore);
    }

    /** Event by event; each has had its effect before the next one comes. */
    private void tell(List<Earning> going) {
        log.read();
        going.forEach(earning -> earning.hears(log.take(earning.earner().accounts())));
        List<Earning> hearing = going.stream().filter(Earning::hasTelegrams).toList();
        while (!hearing.isEmpty()) {
            Crowd.each(hearing, Earning::deliver);
            world.workersComeToRest();
            hearing = hearing.stream().filter(Earning::hasTelegrams).toList();
        }
    }

    @AfterAll
    void end() {
        world.close();
    }

    @TestFactory
    Stream<DynamicTest> rows() {
        return ROWS.stream()
                .map(row -> DynamicTest.dynamicTest(
                        row.says(), () -> assertThat(failures(row)).isEmpty()));
    }

    @Test
    void everythingAddsUp() {
        Invariants.of(world).check();
        world.proves();
    }

    private List<String> failures(Row row) {
        return earnings.stream()
                .filter(earning -> earning.row().equals(row))
                .map(Earning::failure)
                .filter(Objects::nonNull)
                .map(failure -> row.steps().stream().map(Step::says).toList() + "\n" + failure)
                .toList();
    }
}
