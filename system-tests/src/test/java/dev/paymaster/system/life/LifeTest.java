package dev.paymaster.system.life;

import static dev.paymaster.system.life.Steps.subscribes;
import static dev.paymaster.system.proof.Row.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.life.Step.Act;
import dev.paymaster.system.world.World;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LifeTest {
    private final World world = World.shared();

    @AfterEach
    void heal() {
        world.stripe().heal();
    }

    @Test
    void tellsWhatFailedFirstAndThenWhatFailedInEndingIt() {
        Life life = new Life(
                world,
                row("breaks", subscribes("starter"), new Act("breaks everything", _ -> {
                    world.stripe().breakWith("""
                                    {"kind": "error_before", "method": "DELETE"}""");
                    throw new AssertionError("the first failure");
                })),
                new Order(0, 0));
        life.begin();

        life.goOn();
        life.check();

        assertThat(life.isOver()).isTrue();
        assertThat(life.failure())
                .containsSubsequence("-Dorders.seed=", "breaks everything: the first failure", "go on: expected 200");
        world.stripe().heal();
        life.customer().endSubscriptions();
    }
}
