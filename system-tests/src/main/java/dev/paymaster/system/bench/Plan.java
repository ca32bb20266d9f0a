package dev.paymaster.system.bench;

import java.time.Duration;

/**
 * How much is measured.
 *
 * @param rounds how often both sides run in turn
 * @param run how long one side runs
 */
record Plan(int rounds, Duration run) {
    /** Enough for a median that one bad round doesn't move. */
    private static final int ROUNDS = 5;

    static final Plan DEFAULT = of(3);

    static Plan of(int seconds) {
        return new Plan(seconds == 1 ? 1 : ROUNDS, Duration.ofSeconds(seconds));
    }

    /**
     * How many rounds run before anything counts: Java goes on compiling for that long on two processors. In turn, as they
     * are measured: what it has made fast for one side alone it makes anew when the other side comes.
     */
    int warmUpRounds() {
        return rounds == 1 ? 1 : 2 * rounds;
    }

    double runSeconds() {
        return run.toMillis() / 1000.0;
    }
}
