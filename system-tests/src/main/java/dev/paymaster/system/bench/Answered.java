package dev.paymaster.system.bench;

/**
 * What a run of a load has done.
 *
 * @param nanos from the first request to the last answer
 */
record Answered(Latencies latencies, long nanos) {
    int count() {
        return latencies.count();
    }

    double perSecond() {
        return count() / (nanos / 1e9);
    }
}
