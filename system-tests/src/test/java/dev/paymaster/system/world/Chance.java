package dev.paymaster.system.world;

import java.util.Random;
import java.util.SplittableRandom;

/** Chance that a seed brings about again. */
public final class Chance {
    private Chance() {}

    /** For one part of a run, which doesn't depend on the others. Mixed: of neighbours, Random draws nearly the same at first. */
    public static Random of(long seed, int part) {
        return new Random(new SplittableRandom(seed * 1_000_003 + part).nextLong());
    }
}
