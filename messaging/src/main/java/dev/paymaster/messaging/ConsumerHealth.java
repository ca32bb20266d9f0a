package dev.paymaster.messaging;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Down when a consumer has stopped for good; one that waits for a database or a broker is up. */
public final class ConsumerHealth implements HealthIndicator {
    private final PartitionConsumer consumer;

    public ConsumerHealth(PartitionConsumer consumer) {
        this.consumer = consumer;
    }

    @Override
    public Health health() {
        return (consumer.isRunning() ? Health.up() : Health.down())
                .withDetail("partitions", consumer.assignedPartitions())
                .build();
    }
}
