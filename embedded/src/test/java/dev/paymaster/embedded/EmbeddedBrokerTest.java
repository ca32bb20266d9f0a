package dev.paymaster.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTest {
    private static final int TIMEOUT_SECONDS = 30;

    @Test
    void keepsTopicsAndRecordsOverARestart(@TempDir Path data) throws Exception {
        int port;
        try (EmbeddedBroker broker = EmbeddedBroker.start(data, 0)) {
            port = broker.port();
            createTopic(broker, "kept");
            send(broker, "kept", "before");
        }
        try (EmbeddedBroker broker = EmbeddedBroker.start(data, port)) {
            send(broker, "kept", "after");
            assertThat(read(broker, "kept", 2)).containsExactly("before", "after");
        }
    }

    @Test
    void stopsAndStartsAgainOnTheSamePort() throws Exception {
        EmbeddedBroker broker = EmbeddedBroker.shared();
        createTopic(broker, "stopped");
        broker.stop();
        assertThat(Ports.isFree(broker.port())).isTrue();
        broker.start();
        send(broker, "stopped", "hello");
        assertThat(read(broker, "stopped", 1)).containsExactly("hello");
    }

    @Test
    void tellsWhoeverComesByADetourToStayOnIt(@TempDir Path data) throws Exception {
        int detour = Ports.orFree(0);
        try (EmbeddedBroker broker = EmbeddedBroker.start(data, 0, new Detour(detour, detour))) {
            assertThat(portToldAt(detour)).isEqualTo(detour);
            assertThat(portToldAt(broker.port())).isEqualTo(broker.port());
        }
    }

    @Test
    void doesNotCreateTopicsThatNobodyDeclared() {
        EmbeddedBroker broker = EmbeddedBroker.shared();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            assertThatThrownBy(() -> admin.describeTopics(List.of("nobody"))
                            .allTopicNames()
                            .get(TIMEOUT_SECONDS, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
        }
    }

    @Test
    void namesABusyPort(@TempDir Path data) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> EmbeddedBroker.start(data, taken.getLocalPort()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("port %d for Kafka is in use", taken.getLocalPort());
        }
    }

    private static void createTopic(EmbeddedBroker broker, String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static void send(EmbeddedBroker broker, String topic, String text) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, text.getBytes(StandardCharsets.UTF_8)))
                    .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static List<String> read(EmbeddedBroker broker, String topic, int count) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "max.poll.records", count),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            return consumer.poll(Duration.ofSeconds(TIMEOUT_SECONDS)).records(partitions.getFirst()).stream()
                    .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                    .toList();
        }
    }

    private static int portToldAt(int port) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + port))) {
            return admin.describeCluster()
                    .nodes()
                    .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .iterator()
                    .next()
                    .port();
        }
    }
}
