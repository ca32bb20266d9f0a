package dev.paymaster.system.fuzz;

import dev.paymaster.system.world.Chance;
import java.util.Random;

/** What a run draws from: {@code -Dfuzz.seed} plays one again, {@code -Dfuzz.rounds} makes it longer. */
record Seed(long value, int rounds) {
    static Seed ofRun(int defaultRounds) {
        long value = Long.getLong("fuzz.seed", new Random().nextLong());
        return new Seed(value, Integer.getInteger("fuzz.rounds", defaultRounds));
    }

    /** For one part of the run. */
    Random random(int part) {
        return Chance.of(value, part);
    }

    @Override
    public String toString() {
        return "-Dfuzz.seed=" + value + " -Dfuzz.rounds=" + rounds;
    }
}
