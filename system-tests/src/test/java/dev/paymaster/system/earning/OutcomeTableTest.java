package dev.paymaster.system.earning;

import static dev.paymaster.system.earning.Step.*;
import static dev.paymaster.system.proof.Row.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.proof.PlayedTable;
import dev.paymaster.system.proof.Row;
import dev.paymaster.system.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What comes of each answer that Stripe may give to a transfer, and of none. */
@Tag("long")
class OutcomeTableTest implements PlayedTable {
    /** What is told matters little here. */
    private static final int ORDERS = 2;

    /** All of {@link #ANSWERS} but the last. */
    private static final int FAULTY_ROWS = 15;

    /** Within this, something else can happen. */
    private static final Duration TOO_LATE = Duration.ofSeconds(5);

    private static final List<Row<Step>> ANSWERS = Stream.of(
                    paidAfter("an answer that is lost", "drop_request", 4),
                    paidAfter("an answer that is lost after the effect", "drop_response", 4),
                    paidAfter("half an answer", "truncate_response", 4),
                    paidAfter("an empty answer", "empty_body", 4),
                    paidAfter("somebody else's answer", "html_body", 4),
                    paidAfter("a 500 that is saved under the key", "error_before", 1, wasPaidWithKey(2)),
                    paidAfter(
                            "a 500 that is saved under the key after the effect", "error_after", 1, wasPaidWithKey(1)),
                    paidAfter("a key in use", "key_in_use", 2, wasPaidWithKey(1)),
                    paidAfter("too many calls", "rate_limit", 2, wasPaidWithKey(1)),
                    paidAfter("a destination that can't take it for a while", "capability_lost", 1, wasPaidWithKey(2)),
                    failsOn("a refusal", "invalid"),
                    failsOn("a wrong key", "unauthorized"),
                    failsOn("a key without the right", "forbidden"),
                    row(
                            "an answer that comes too late delays a payout, and it is made once",
                            canBePaid(),
                            hasNothing(),
                            nextTransferTakes(TOO_LATE),
                            doesAJob(),
                            has(1, "paid", 100),
                            wasPaidBy(1),
                            wasPaidWithKey(1),
                            wasInDoubtFirst()),
                    row(
                            "who takes another account while being paid is paid on that, with another key",
                            canBePaid(),
                            hasNothing(),
                            nextTransferTakes(TOO_LATE),
                            doesAJob(),
                            isBeingPaid(),
                            disconnects(),
                            canBePaid(),
                            has(1, "paid", 100),
                            wasPaidBy(1),
                            wasPaidOnTheLatestAccount(),
                            wasPaidWithKey(2),
                            wasInDoubtFirst()),
                    row(
                            "an account that was disconnected before anybody knew waits for the next one",
                            canBePaid(),
                            hasNothing(),
                            disconnects(),
                            doesAJob(),
                            has(1, "held account_not_active", 0),
                            canBePaid(),
                            has(1, "paid", 100)))
            .toList();

    /** For itself: the balance is everybody's. */
    private static final List<Row<Step>> FUNDS = List.of(row(
            "what is short of funds waits in line, and flows oldest first",
            canBePaid(),
            hasNothing(),
            platformHas(50),
            doesAJob(),
            has(1, "held insufficient_funds", 0),
            doesAJob(),
            doesAJob(),
            has(Map.of("held insufficient_funds", 1, "due", 2), 0),
            platformHas(100),
            has(Map.of("paid", 1, "held insufficient_funds", 1, "due", 1), 100),
            platformHas(1000),
            has(3, "paid", 300),
            wasPaidOldestFirst()));

    /** For itself: Stripe's time is everybody's. By then it has forgotten the key, and would make another transfer for it. */
    private static final List<Row<Step>> FORGOTTEN = List.of(row(
            "a 500 that was saved after the effect and is forgotten after a day pays once",
            canBePaid(),
            hasNothing(),
            nextTransferTakes(TOO_LATE),
            transfersMeet("error_after", 1),
            doesAJob(),
            allOfThatHasStruck(),
            transfersMeet("rate_limit", 1_000),
            stripeHasPaid(100),
            aDayPasses(),
            stripeHeals(),
            has(1, "paid", 100),
            wasPaidBy(1),
            wasPaidWithKey(1)));

    /** For itself as well. */
    private static final List<Row<Step>> FUNDS_OF_TWO = List.of(row(
            "what is short of funds flows oldest first, whoever it is for",
            canBePaid(),
            anotherCanBePaid(),
            hasNothing(),
            platformHas(50),
            doesAJob(),
            has(1, "held insufficient_funds", 0),
            anotherDoesAJob(),
            doesAJob(),
            anotherDoesAJob(),
            has(Map.of("held insufficient_funds", 1, "due", 1), 0),
            platformHas(100),
            has(Map.of("paid", 1, "due", 1), 100),
            platformHas(100),
            has(Map.of("paid", 1, "held insufficient_funds", 1), 100),
            platformHas(1000),
            has(2, "paid", 200),
            anotherHas(2, "paid"),
            wasPaidOldestFirst()));

    /** Stripe is near and loses nothing for long. */
    private final World world = PayoutTable.world(Map.of(
            "stripe.read-timeout", "2s",
            "payouts.accounts-asked-after", "500ms",
            "payouts.patience.first", "100ms",
            "payouts.patience.longest", "500ms",
            "payouts.patience.settling", "300ms",
            "resilience4j.circuitbreaker.instances.stripe.wait-duration-in-open-state", "200ms",
            "resilience4j.circuitbreaker.instances.stripe.max-wait-duration-in-half-open-state", "1s"));

    private final PayoutTable answers = new PayoutTable(world, ANSWERS, ORDERS);
    private final PayoutTable funds = new PayoutTable(world, FUNDS, 1);
    private final PayoutTable forgotten = new PayoutTable(world, FORGOTTEN, 1);
    private final PayoutTable fundsOfTwo = new PayoutTable(world, FUNDS_OF_TWO, 1);
    private List<Integer> strikes = List.of();

    private static Row<Step> paidAfter(String what, String kind, int times, Step... more) {
        List<Step> steps = new ArrayList<>(
                List.of(canBePaid(), hasNothing(), transfersMeet(kind, times), doesAJob(), has(1, "paid", 100)));
        steps.addAll(List.of(more));
        return new Row<>(what + " delays a payout, and it is made once", steps);
    }

    private static Row<Step> failsOn(String what, String kind) {
        return row(
                what + " fails a payout until an administrator retries it",
                canBePaid(),
                hasNothing(),
                transfersMeet(kind, 1),
                doesAJob(),
                has(1, "failed refused", 0),
                isRetried(),
                has(1, "paid", 100),
                wasPaidWithKey(2));
    }

    @BeforeAll
    void play() {
        answers.play();
        strikes = world.stripe().strikes();
        funds.play();
        forgotten.play();
        fundsOfTwo.play();
    }

    /** Else a row would show nothing: the first rule is the one that loses webhooks. */
    @Test
    void everyFaultHasStruck() {
        assertThat(strikes).hasSize(1 + FAULTY_ROWS * ORDERS).allMatch(times -> times > 0);
    }

    @Override
    public World world() {
        return world;
    }

    @Override
    public Map<String, String> failures() {
        Map<String, String> failures = new LinkedHashMap<>(answers.failures());
        failures.putAll(funds.failures());
        failures.putAll(forgotten.failures());
        failures.putAll(fundsOfTwo.failures());
        return failures;
    }
}
