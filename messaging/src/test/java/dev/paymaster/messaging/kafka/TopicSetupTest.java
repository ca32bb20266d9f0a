package dev.paymaster.messaging.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paymaster.embedded.EmbeddedBroker;
import dev.paymaster.events.Topics;
import dev.paymaster.messaging.lifetime.StartWaits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.springframework.context.support.StaticApplicationContext;
import org.springframework.kafka.core.KafkaAdmin;

class TopicSetupTest {
    /** As it is made by anybody else, or by an earlier version. */
    private static final NewTopic OLDER = new NewTopic(Topics.JOB_COMMANDS, 1, (short) 1);

    private static final MessagingSettings SETTINGS =
            new MessagingSettings("/test", 1, (short) -1, 0, 1, 100, Duration.ofSeconds(10), List.of());

    @Test
    void takesRecordsOfAWriterWhoseClockIsADayAhead() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.startTemporary()) {
            takesRecordsOfAWriterWhoseClockIsADayAhead(Map.of("bootstrap.servers", broker.bootstrapServers()));
        }
    }

    private static void takesRecordsOfAWriterWhoseClockIsADayAhead(Map<String, Object> kafka) throws Exception {
        try (Admin admin = Admin.create(kafka)) {
            admin.createTopics(List.of(OLDER)).all().get();
        }
        try (StaticApplicationContext application = new StaticApplicationContext()) {
            application.refresh();
            try (StartWaits waits = new StartWaits(application)) {
                new TopicSetup(new KafkaAdmin(kafka), SETTINGS, "the test's broker", waits).start();
            }
        }
        long ahead = System.currentTimeMillis() + Duration.ofHours(25).toMillis();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())) {
            // Of a topic that was there, the broker learns a moment after the controller has answered.
            await().atMost(Duration.ofSeconds(20)).until(() -> isTaken(producer, OLDER.name(), ahead));
            for (String topic : Topics.all()) {
                assertThat(isTaken(producer, topic, ahead)).as(topic).isTrue();
                String letters = Topics.deadLetters(topic);
                assertThat(isTaken(producer, letters, ahead)).as(letters).isTrue();
            }
        }
    }

    private static boolean isTaken(KafkaProducer<byte[], byte[]> producer, String topic, long timestamp)
            throws InterruptedException {
        try {
            producer.send(new ProducerRecord<>(topic, 0, timestamp, null, new byte[] {'x'}))
                    .get();
            return true;
        } catch (ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(InvalidTimestampException.class);
            return false;
        }
    }
}
