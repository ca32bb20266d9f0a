package dev.paymaster.system.life;

import static dev.paymaster.system.life.Steps.*;
import static dev.paymaster.system.proof.Row.row;

import dev.paymaster.system.proof.PlayedTable;
import dev.paymaster.system.proof.Row;
import dev.paymaster.system.world.World;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/**
 * Credits that lapse, and others that roll over. Starter's lapse a second after their period has begun: what is bought today
 * is gone at once, and a period to which only Stripe's clock was moved on has not begun yet. Of team, trials grant, too.
 */
@Tag("long")
class ExpiryTableTest implements PlayedTable {
    private static final List<Row<Step>> ROWS = List.of(
            row("a month's credits lapse when its time is over", subscribes("starter"), has(0)),
            row("the next month's are there meanwhile", subscribes("starter"), has(0), days(31), has(50)),
            row("those of a tier without a time roll over", subscribes("pro"), days(31), has(300)),
            row(
                    "a refund of what has lapsed takes nothing",
                    subscribes("starter"),
                    has(0),
                    isRefunded(1, 500),
                    has(0),
                    days(31),
                    has(50)),
            row(
                    "a dispute about what has lapsed takes nothing, and gives nothing when it is won",
                    subscribes("starter"),
                    has(0),
                    disputes(1),
                    has(0),
                    disputeIs("won"),
                    has(0)),
            row(
                    "what lapsed of one tier excuses no refund of another",
                    subscribes("starter"),
                    has(0),
                    upgradesAtOnce("pro"),
                    has(100),
                    isRefundedWholly(2),
                    has(0)),
            row(
                    "what is paid late lasts from then on",
                    subscribesByInvoice("starter"),
                    days(10),
                    invoice(1, "pay"),
                    has(50)),
            row(
                    "a trial grants where its tier says so, and the first paid month once more",
                    subscribesAtStripe("items[0][price]=" + TEAM + "&trial_period_days=7"),
                    has(500),
                    days(8),
                    has(1000)),
            row("a lapsed pack leaves the month", buys("small"), has(0), subscribes("pro"), has(150)));

    private final World world = World.with(Map.ofEntries(
            Map.entry("paymaster.tiers[0].name", "starter"),
            Map.entry("paymaster.tiers[0].price-cents", "1000"),
            Map.entry("paymaster.tiers[0].credits-per-month", "50"),
            Map.entry("paymaster.tiers[0].expires-after", "1s"),
            Map.entry("paymaster.tiers[1].name", "pro"),
            Map.entry("paymaster.tiers[1].price-cents", "2500"),
            Map.entry("paymaster.tiers[1].credits-per-month", "150"),
            Map.entry("paymaster.tiers[2].name", "team"),
            Map.entry("paymaster.tiers[2].price-cents", "7500"),
            Map.entry("paymaster.tiers[2].credits-per-month", "500"),
            Map.entry("paymaster.tiers[2].grant-on-trial", "true"),
            Map.entry("topups.packs.small.expires-after", "1s"),
            Map.entry("timers.expiry", "200ms"),
            Map.entry("timers.reviews", "1s"),
            Map.entry("reconcile.first-after", "1h")));
    private final Table table = new Table(world, ROWS);

    @BeforeAll
    void play() {
        world.stripe().breakWith("{\"kind\": \"webhook_drop\"}");
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
