package dev.paymaster.system.life;

import static dev.paymaster.system.life.Steps.*;
import static dev.paymaster.system.proof.Row.row;

import dev.paymaster.system.proof.PlayedTable;
import dev.paymaster.system.proof.Row;
import dev.paymaster.system.world.World;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** Money that came in and is people's to decide about: it grants nothing, and the proof names each such invoice. */
@Tag("long")
class RefusedMoneyTableTest implements PlayedTable {
    private static final List<Row<Step>> ROWS = List.of(
            row("euros are refused, for people to decide", subscribes("starter"), toldInEuros(), has(0)),
            row(
                    "a tier's price in euros is paid in euros, and refused",
                    invoicesAreRefused(),
                    subscribesAtStripe("items[0][price]=" + EURO),
                    has(0),
                    days(31),
                    has(0)),
            row("real money is refused by whoever has a test key", subscribes("starter"), toldAsRealMoney(), has(0)),
            row(
                    "a change to a price that nobody knows is refused, and leaves what was paid for before",
                    subscribes("starter"),
                    has(50),
                    days(15),
                    toldOfAnUnknownPrice(),
                    upgradesAtOnce("pro"),
                    has(50)));

    // A second price of the tier.
    private final World world = ScenarioTableTest.open(Map.of("stripe.prices.starter", EURO));
    private final Table table = new Table(world, ROWS);

    @BeforeAll
    void play() {
        world.standalone().sandbox().orElseThrow().prices(Map.of("euro", 900), "eur");
        world.stripe().breakWith("{\"kind\": \"webhook_drop\"}");
        table.play();
    }

    @Override
    public World world() {
        return world;
    }

    @Override
    public Set<String> differences() {
        return table.refusedInvoices().stream()
                .map(invoice -> "paid_invoice_is_applied " + invoice)
                .collect(Collectors.toSet());
    }

    @Override
    public Map<String, String> failures() {
        return table.failures();
    }
}
