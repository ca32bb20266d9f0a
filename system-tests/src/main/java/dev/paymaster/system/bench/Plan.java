package dev.paymaster.system.bench;

import java.time.Duration;

/**
 * How much is measured.
 *
 * @param rounds how often both sides run in turn
 * @param run how long one side runs
 */
record Plan(int rounds, Duration run) {
    /** Enough for a median that one bad round doesn't move; all benchmarks together stay under four minutes. */
    private static final int ROUNDS = 5;

    static final Plan DEFAULT = of(3);

    static Plan of(int seconds) {
        return new Plan(seconds == 1 ? 1 : ROUNDS, Duration.ofSeconds(seconds));
    }

    /**
     * How long each side runs before anything counts: Java goes on compiling for that long on two processors. Both get the
     * same, or the one that is warmer looks faster than it is.
     */
    Duration warmUp() {
        return rounds == 1 ? run : run.multipliedBy(6);
    }

    double runSeconds() {
        return run.toMillis() / 1000.0;
    }
}
