package dev.paymaster.messaging.kafka;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
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

    private static final Pattern LOSS = Pattern.compile("(.+-\\d+)@(\\d{1,18})");

    /** Refuses a loss that can't be read: found out at a take-over, it would look like an outage. */
    public MessagingSettings {
        acceptLoss = List.copyOf(acceptLoss);
        for (String loss : acceptLoss) {
            if (!LOSS.matcher(loss).matches()) {
                throw new IllegalArgumentException(
                        "messaging.accept-loss: \"" + loss + "\" is not of the form topic-partition@offset");
            }
        }
    }

    /** The stored offset of a partition that an operator has given up, or -1. */
    public long acceptedLoss(TopicPartition partition) {
        return acceptLoss.stream()
                .map(LOSS::matcher)
                .filter(loss -> loss.matches() && loss.group(1).equals(partition.toString()))
                .map(loss -> Long.parseLong(loss.group(2)))
                .findFirst()
                .orElse(-1L);
    }
}
