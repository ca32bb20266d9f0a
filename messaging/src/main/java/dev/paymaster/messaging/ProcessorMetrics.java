package dev.paymaster.messaging;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** What a processor tells of itself: batches, records, outages, dead letters. Thread-safe. */
final class ProcessorMetrics {
    private static final String CONSUMER = "consumer";

    private final MeterRegistry registry;
    private final String consumer;
    private final Timer batches;
    private final DistributionSummary records;
    private final Counter outages;

    ProcessorMetrics(MeterRegistry registry, String consumer) {
        this.registry = registry;
        this.consumer = consumer;
        this.batches = Timer.builder("paymaster.batches")
                .description("Batches committed and published")
                .tag(CONSUMER, consumer)
                .register(registry);
        this.records = DistributionSummary.builder("paymaster.batch.records")
                .description("Records per batch")
                .tag(CONSUMER, consumer)
                .register(registry);
        this.outages = Counter.builder("paymaster.outages")
                .description("Batches that failed because something was away, and will be tried again")
                .tag(CONSUMER, consumer)
                .register(registry);
    }

    void batch(int size, long nanos) {
        batches.record(nanos, TimeUnit.NANOSECONDS);
        records.record(size);
    }

    void outage() {
        outages.increment();
    }

    void deadLetter(String topic) {
        Counter.builder("paymaster.dead.letters")
                .description("Records that were put aside")
                .tag(CONSUMER, consumer)
                .tag("topic", topic)
                .register(registry)
                .increment();
    }
}
