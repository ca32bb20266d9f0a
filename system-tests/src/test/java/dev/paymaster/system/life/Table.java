package dev.paymaster.system.life;

import static dev.paymaster.system.world.Eventually.eventually;

import dev.paymaster.system.proof.Row;
import dev.paymaster.system.world.Crowd;
import dev.paymaster.system.world.World;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Plays all rows at once, each in every order, with somebody new every time. Stripe has one time for all of them and
 * delivers nothing by itself: what it has to tell is carried over event by event, and each has had its effect before the
 * next one comes.
 */
final class Table {
    /** Of the orders that fail; the others would say nothing new. */
    private static final int SHOWN = 3;

    private static final long PLENTY_CENTS = 100_000_000;

    /** With this, all may be paid at once. */
    static final Map<String, String> FAST_PAYOUTS =
            Map.of("payouts.rate-limit.per-second", "1000", "payouts.rate-limit.burst", "100");

    private final World world;
    private final List<Row<Step>> rows;
    private final Consumer<List<Life>> teller;
    private final List<Life> lives;

    Table(World world, List<Row<Step>> rows) {
        this(world, rows, Order.COUNT, new Delivery(world)::tell);
    }

    /**
     * @param orders how many of all there are; fewer than {@link Order#COUNT} where what is told first is shown elsewhere
     * @param teller brings over what Stripe has to tell of these lives
     */
    Table(World world, List<Row<Step>> rows, int orders, Consumer<List<Life>> teller) {
        this.world = world;
        this.rows = rows;
        this.teller = teller;
        world.stripe().setBalance(PLENTY_CENTS);
        this.lives = rows.stream()
                .flatMap(row -> IntStream.range(0, orders)
                        .mapToObj(number -> new Life(
                                world, row, new Order(number, row.says().hashCode()))))
                .toList();
        Crowd.each(lives, Life::begin);
    }

    /** Plays every life to its end. */
    void play() {
        List<Life> going = lives;
        while (!going.isEmpty()) {
            Crowd.each(going, Life::goOn);
            List<Life> expecting = going.stream().filter(Life::expectsSomething).toList();
            if (expecting.isEmpty()) {
                letTimePass(going);
            } else {
                teller.accept(expecting);
                eventually("invoices that are looked up").until(() -> world.invoicesToLookUp() == 0);
                world.workersComeToRest();
                Crowd.each(expecting, Life::check);
            }
            going = lives.stream().filter(life -> !life.isOver()).toList();
        }
        world.reviewsComeToRest();
        Crowd.each(lives, Life::checkOnceMore);
    }

    /** What went wrong with each row, in words, by what the row says; empty: nothing. */
    Map<String, String> failures() {
        Map<String, String> failures = new LinkedHashMap<>();
        rows.forEach(row -> failures.put(row.says(), failures(row)));
        return failures;
    }

    /** They were paid, and grant nothing. */
    Set<String> refusedInvoices() {
        return lives.stream()
                .filter(life -> life.failure() == null)
                .flatMap(life -> life.refusedInvoices().stream())
                .collect(Collectors.toSet());
    }

    private String failures(Row<Step> row) {
        List<String> failures = lives.stream()
                .filter(life -> life.row().equals(row))
                .map(Life::failure)
                .filter(Objects::nonNull)
                .toList();
        return failures.isEmpty()
                ? ""
                : row.steps().stream().map(Step::says).toList() + "\nfails in " + failures.size() + " of "
                        + lives.size() / rows.size() + " orders, such as\n"
                        + String.join("\n", failures.subList(0, Math.min(SHOWN, failures.size())));
    }

    /** As much as nobody would miss anything by. */
    private void letTimePass(List<Life> going) {
        int days = going.stream()
                .mapToInt(Life::daysLeft)
                .filter(left -> left > 0)
                .min()
                .orElse(0);
        if (days > 0) {
            world.stripe().advance(Duration.ofDays(days));
            going.forEach(life -> life.daysPassed(days));
        }
    }

    /** Event by event, as webhooks; each has had its effect before the next one comes. */
    private record Delivery(World world, StripeLog log) {
        Delivery(World world) {
            this(world, new StripeLog(world.stripe()));
        }

        void tell(List<Life> expecting) {
            log.read();
            expecting.forEach(life -> life.hears(log.take(life.customer().id())));
            List<Life> hearing = expecting;
            while (!hearing.isEmpty()) {
                hearing = hearing.stream().filter(Life::hasTelegrams).toList();
                Crowd.each(hearing, Life::deliver);
                world.workersComeToRest();
            }
        }
    }
}
