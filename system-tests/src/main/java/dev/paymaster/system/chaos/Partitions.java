package dev.paymaster.system.chaos;

import dev.paymaster.events.Topics;
import dev.paymaster.system.command.Waiting;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;

/** How many partitions the topics have. */
final class Partitions {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final String ONE_CALL_MILLIS = "5000";

    private Partitions() {}

    /**
     * Gives every topic so many more, though the broker may be away just then.
     *
     * @throws IllegalStateException when they aren't there in time
     */
    static void raise(String bootstrapServers, int more, Duration limit) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", bootstrapServers,
                "default.api.timeout.ms", ONE_CALL_MILLIS,
                "request.timeout.ms", ONE_CALL_MILLIS);
        Map<String, Integer> wanted = new HashMap<>();
        try (Admin admin = Admin.create(settings)) {
            Waiting.until("raising partitions", limit, POLL, () -> areThere(admin, more, wanted));
        }
    }

    /** A call whose answer was lost may have raised them, so each attempt looks first. */
    private static boolean areThere(Admin admin, int more, Map<String, Integer> wanted) {
        try {
            Map<String, NewPartitions> lacking = new HashMap<>();
            admin.describeTopics(Topics.all()).allTopicNames().get().forEach((topic, now) -> {
                int partitions = now.partitions().size();
                int target = wanted.computeIfAbsent(topic, _ -> partitions + more);
                if (partitions < target) {
                    lacking.put(topic, NewPartitions.increaseTo(target));
                }
            });
            admin.createPartitions(lacking).all().get();
            return lacking.isEmpty();
        } catch (ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
