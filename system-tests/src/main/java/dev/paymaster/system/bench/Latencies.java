package dev.paymaster.system.bench;

import java.util.Arrays;

/** How long each answer took. For one thread. */
final class Latencies {
    private static final int FIRST_SIZE = 1 << 16;

    private int[] micros = new int[FIRST_SIZE];
    private int count;

    void add(long nanos) {
        if (count == micros.length) {
            micros = Arrays.copyOf(micros, count * 2);
        }
        micros[count++] = (int) Math.min(Integer.MAX_VALUE, nanos / 1_000);
    }

    int count() {
        return count;
    }

    /** The time in milliseconds that this share of the answers needed at the most, for example 0.99 of them. */
    double millis(double share) {
        if (count == 0) {
            return 0;
        }
        int[] sorted = Arrays.copyOf(micros, count);
        Arrays.sort(sorted);
        return sorted[Math.min(count - 1, (int) (share * count))] / 1_000.0;
    }
}
