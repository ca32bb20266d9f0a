package dev.paymaster.system.life;

import dev.paymaster.system.proof.PlayedTable;
import dev.paymaster.system.world.Crowd;
import dev.paymaster.system.world.World;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/**
 * The scenarios with everything looked up at Stripe. Some hear of nothing otherwise: it comes to the same, and is looked up once.
 * The others are told by webhooks, too, before it is looked up, meanwhile and afterwards: it changes nothing.
 */
@Tag("long")
class CatchUpTableTest implements PlayedTable {
    /** One without webhooks, one with. {@link ScenarioTableTest} shows that no order matters. */
    private static final int ORDERS = 2;

    private final World world = ScenarioTableTest.open();
    private final StripeLog log = new StripeLog(world.stripe());
    private final CatchUp catchUp = new CatchUp(world);
    private final Table table = new Table(world, ScenarioTableTest.ROWS, ORDERS, this::tell);

    @BeforeAll
    void play() {
        world.stripe().breakWith("{\"kind\": \"webhook_drop\"}");
        table.play();
    }

    private void tell(List<Life> expecting) {
        log.read();
        List<Life> hearing =
                expecting.stream().filter(life -> life.order().number() > 0).toList();
        hearing.forEach(life -> life.hears(log.take(life.customer().id())));
        Crowd.each(hearing, Life::deliver);
        Crowd.each(List.<Runnable>of(catchUp::completely, () -> deliverAll(hearing)), Runnable::run);
        catchUp.completely();
    }

    private static void deliverAll(List<Life> hearing) {
        Crowd.each(hearing, life -> {
            while (life.hasTelegrams()) {
                life.deliver();
            }
        });
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
