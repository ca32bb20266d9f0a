package dev.paymaster.system.earning;

import dev.paymaster.system.life.Order;
import dev.paymaster.system.proof.Row;
import dev.paymaster.system.world.Crowd;
import dev.paymaster.system.world.World;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Plays all rows at once, each in every order, with somebody new every time. All do their next steps together, up to what
 * must have come true by then; and what Stripe has to tell is told event by event.
 */
final class PayoutTable {
    /** What Stripe tells, the table tells. */
    static final String SILENCE = "{\"kind\": \"webhook_drop\"}";

    private static final long PLENTY_CENTS = 10_000_000;

    private final World world;
    private final List<Row<Step>> rows;
    private final AccountLog log;
    private final List<Earning> earnings;

    PayoutTable(World world, List<Row<Step>> rows) {
        this(world, rows, Order.COUNT);
    }

    /** @param orders fewer than {@link Order#COUNT} where it doesn't matter what is told first */
    PayoutTable(World world, List<Row<Step>> rows, int orders) {
        this.world = world;
        this.rows = rows;
        this.log = new AccountLog(world.stripe());
        this.earnings = rows.stream()
                .flatMap(row -> IntStream.range(0, orders)
                        .mapToObj(number -> new Earning(
                                world, row, new Order(number, row.says().hashCode()))))
                .toList();
    }

    /** A world for a table: all may be paid at once, and nothing is caught up with behind its back. */
    static World world(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("reconcile.first-after", "1h");
        settings.put("payouts.rate-limit.per-second", "1000");
        settings.put("payouts.rate-limit.burst", "100");
        return World.with(settings);
    }

    /** Plays all rows to their end. */
    void play() {
        world.stripe().setBalance(PLENTY_CENTS);
        world.stripe().breakWith(SILENCE);
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
        world.workersComeToRest(); // after what people did, which Stripe doesn't tell
    }

    /** What went wrong with each row, in words, by what the row says; empty: nothing. */
    Map<String, String> failures() {
        Map<String, String> failures = new LinkedHashMap<>();
        rows.forEach(row -> failures.put(row.says(), failures(row)));
        return failures;
    }

    private String failures(Row<Step> row) {
        return earnings.stream()
                .filter(earning -> earning.row().equals(row))
                .map(Earning::failure)
                .filter(Objects::nonNull)
                .map(failure -> row.steps().stream().map(Step::says).toList() + "\n" + failure)
                .collect(Collectors.joining("\n"));
    }
}
