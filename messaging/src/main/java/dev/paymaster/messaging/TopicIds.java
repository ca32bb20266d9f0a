package dev.paymaster.messaging;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.springframework.kafka.core.KafkaAdmin;

/** What Kafka calls topics by, beside their names: a topic that is made anew has its name, and another id. Thread-safe. */
@FunctionalInterface
interface TopicIds {
    /** The ids of some topics, by name. */
    Map<String, String> of(Collection<String> topics);

    /** As Kafka has them now. */
    static TopicIds of(KafkaAdmin admin) {
        return topics -> {
            Map<String, String> ids = new HashMap<>();
            admin.describeTopics(topics.toArray(String[]::new))
                    .forEach((topic, description) ->
                            ids.put(topic, description.topicId().toString()));
            return ids;
        };
    }
}
