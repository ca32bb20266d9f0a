package dev.paymaster.system.proof;

import dev.paymaster.system.world.World;
import org.junit.jupiter.api.AfterEach;

/** Tests after each of which everything must add up. */
public interface Scenario {
    World world();

    @AfterEach
    default void everythingAddsUp() {
        world().comesToRest();
        Invariants.of(world()).check();
    }
}
