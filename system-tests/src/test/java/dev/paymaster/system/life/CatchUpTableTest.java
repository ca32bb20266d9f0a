package dev.paymaster.system.life;

import dev.paymaster.system.life.Step.Told;
import dev.paymaster.system.proof.PlayedTable;
import dev.paymaster.system.proof.Row;
import dev.paymaster.system.world.World;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The scenarios when every webhook is lost: what is looked up at Stripe comes to the same, and is looked up once. */
@Tag("long")
class CatchUpTableTest implements PlayedTable {
    /** Without those in which Stripe tells something else than it has. */
    private static final List<Row<Step>> ROWS = ScenarioTableTest.ROWS.stream()
            .filter(row -> row.steps().stream().noneMatch(Told.class::isInstance))
            .toList();

    private final World world = ScenarioTableTest.open();
    private final Table table = new Table(world, ROWS, 1, _ -> new CatchUp(world).completely());

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
