package dev.paymaster.system.fuzz;

import java.util.Random;
import java.util.SplittableRandom;

/** What a run draws from: {@code -Dfuzz.seed} plays one again, {@code -Dfuzz.rounds} makes it longer. */
record Seed(long value, int rounds) {
    static Seed ofRun(int defaultRounds) {
        long value = Long.getLong("fuzz.seed", new Random().nextLong());
        return new Seed(value, Integer.getInteger("fuzz.rounds", defaultRounds));
    }

    /** For one part of the run, which doesn't depend on the others. Mixed: of neighbours, Random draws nearly the same at first. */
    Random random(int part) {
        return new Random(new SplittableRandom(value * 31 + part).nextLong());
    }

    @Override
    public String toString() {
        return "-Dfuzz.seed=" + value + " -Dfuzz.rounds=" + rounds;
    }
}
