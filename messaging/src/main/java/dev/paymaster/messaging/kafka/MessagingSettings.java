package dev.paymaster.messaging.kafka;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of a service's messaging, under {@code messaging}.
 *
 * @param source the service's name in {@code ce_source}, for example {@code /job-service}
 * @param partitions partitions of a topic when it is made; raising the number raises existing topics too
 * @param replication replicas of a topic when it is made; -1 is the broker's default
 * @param minInSync replicas that must have a record before it counts as taken, of topics that are made here; 0 is the
 *     broker's default, and in a cluster it should be 2
 * @param concurrency consuming threads of this instance
 * @param maxPollRecords largest batch: larger ones are faster and hold their locks longer
 * @param publishTimeout how long publishing may take until the caller is told that it failed
 * @param acceptLoss {@code topic-partition@offset}, each a stored offset whose missing records may be passed over
 */
@ConfigurationProperties("messaging")
@Validated
public record MessagingSettings(
        @NotBlank String source,
        @DefaultValue("12") @Min(1) @Max(1000) int partitions,
        @DefaultValue("-1") short replication,
        @DefaultValue("0") @Min(0) @Max(10) int minInSync,
        @DefaultValue("2") @Min(1) @Max(64) int concurrency,
        @DefaultValue("2000") @Min(1) @Max(50_000) int maxPollRecords,
        @DefaultValue("120s") Duration publishTimeout,
        @DefaultValue List<String> acceptLoss) {

    /** The stored offset of a partition that an operator has given up, or -1. */
    public long acceptedLoss(TopicPartition partition) {
        String prefix = partition + "@";
        return acceptLoss.stream()
                .filter(entry -> entry.startsWith(prefix))
                .map(entry -> Long.parseLong(entry.substring(prefix.length())))
                .findFirst()
                .orElse(-1L);
    }
}
