package dev.paymaster.system.life;

import dev.paymaster.system.proof.PlayedTable;
import dev.paymaster.system.world.World;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The scenarios when every webhook is lost: what is looked up at Stripe comes to the same, and is looked up once. */
@Tag("long")
class CatchUpTableTest implements PlayedTable {
    private final World world = ScenarioTableTest.open();
    private final Table table = new Table(world, ScenarioTableTest.ROWS, 1, _ -> new CatchUp(world).completely());

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
