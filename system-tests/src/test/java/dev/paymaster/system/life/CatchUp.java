package dev.paymaster.system.life;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.system.world.Answer;
import dev.paymaster.system.world.World;

/** Looking up at Stripe what no webhook has brought. */
final class CatchUp {
    /** Each takes up where the one before had to stop; so many can't be needed. */
    private static final int RUNS = 20;

    private final World world;

    CatchUp(World world) {
        this.world = world;
    }

    /** Until a run finds nothing that it didn't know. */
    void completely() {
        int runs = 0;
        while (handsSomethingOn()) {
            assertThat(++runs).as("runs that found something").isLessThan(RUNS);
            world.workersComeToRest();
        }
    }

    private boolean handsSomethingOn() {
        // A run that has failed is to be asked for again.
        Answer ran = eventually("a run of the reconciler")
                .until(() -> world.admin().post("/api/admin/reconcile"), answer -> answer.status() == 200);
        return !ran.json().path("complete").booleanValue()
                || ran.json()
                        .path("lists")
                        .valueStream()
                        .anyMatch(list -> list.path("published").longValue() > 0);
    }
}
