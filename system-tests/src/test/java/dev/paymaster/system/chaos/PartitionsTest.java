package dev.paymaster.system.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.paymaster.embedded.EmbeddedBroker;
import dev.paymaster.embedded.Ports;
import dev.paymaster.events.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    @Test
    void areRaisedOnceTheBrokerIsThere() throws ExecutionException, InterruptedException {
        int port = Ports.orFree(0);
        String servers = "127.0.0.1:" + port;
        try (EmbeddedBroker _ = EmbeddedBroker.start(directory, port);
                Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            List<NewTopic> topics = Topics.all().stream()
                    .map(topic -> new NewTopic(topic, 3, (short) 1))
                    .toList();
            admin.createTopics(topics).all().get();
        }

        try (ExecutorService beside = Executors.newSingleThreadExecutor()) {
            Future<?> raising = beside.submit(() -> Partitions.raise(servers, 2, LIMIT));
            try (EmbeddedBroker _ = EmbeddedBroker.start(directory, port);
                    Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
                raising.get();

                assertThat(admin.describeTopics(Topics.all())
                                .allTopicNames()
                                .get()
                                .values())
                        .allMatch(topic -> topic.partitions().size() == 5);
            }
        }
    }

    @Test
    void thatAreNotRaisedAreNotSaidToBe() {
        String nobody = "127.0.0.1:" + Ports.orFree(0);

        assertThatIllegalStateException().isThrownBy(() -> Partitions.raise(nobody, 2, Duration.ofSeconds(1)));
    }
}
