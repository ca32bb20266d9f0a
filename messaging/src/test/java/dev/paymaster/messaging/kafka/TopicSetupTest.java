package dev.paymaster.messaging.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paymaster.embedded.EmbeddedBroker;
import dev.paymaster.events.Topics;
import dev.paymaster.messaging.lifetime.StartWaits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.support.StaticApplicationContext;
import org.springframework.kafka.core.KafkaAdmin;

class TopicSetupTest {
    private static final int MEBIBYTE = 1 << 20;

    /** As large records as one user may write within a second. */
    private static final int MANY = 100;

    /** As it is made by anybody else, or by an earlier version. */
    private static final NewTopic OLDER = new NewTopic(Topics.JOB_COMMANDS, 1, (short) 1);

    private static final MessagingSettings SETTINGS =
            new MessagingSettings("/test", 1, (short) -1, 0, 1, 100, Duration.ofSeconds(10), List.of());

    private static final EmbeddedBroker BROKER = EmbeddedBroker.startTemporary();

    private static final Map<String, Object> KAFKA = Map.of("bootstrap.servers", BROKER.bootstrapServers());

    @BeforeAll
    static void makeTopics() throws Exception {
        try (Admin admin = Admin.create(KAFKA)) {
            admin.createTopics(List.of(OLDER)).all().get();
        }
        try (StaticApplicationContext application = new StaticApplicationContext()) {
            application.refresh();
            try (StartWaits waits = new StartWaits(application)) {
                new TopicSetup(new KafkaAdmin(KAFKA), SETTINGS, "the test's broker", waits).start();
            }
        }
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            // Of a topic that was there, the broker learns a moment after the controller has answered.
            await().atMost(Duration.ofSeconds(20)).until(() -> isTaken(producer, OLDER.name(), ahead()));
        }
    }

    @AfterAll
    static void stop() {
        BROKER.close();
    }

    @Test
    void takesRecordsOfAWriterWhoseClockIsADayAhead() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            for (String topic : Topics.all()) {
                assertThat(isTaken(producer, topic, ahead())).as(topic).isTrue();
                String letters = Topics.deadLetters(topic);
                assertThat(isTaken(producer, letters, ahead())).as(letters).isTrue();
            }
        }
    }

    /** Two hundred times as short when it is compressed; what is fetched at once is bounded in bytes. */
    @ParameterizedTest
    @ValueSource(strings = {Topics.JOB_COMMANDS, Topics.JOB_EVENTS})
    void aPollBringsNoMoreThanAFetchMayHoweverWellItWasCompressed(String topic) throws Exception {
        byte[] large = new byte[MEBIBYTE];
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            List<Future<?>> sent = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                sent.add(producer.send(new ProducerRecord<>(topic, 0, null, large)));
            }
            producer.flush();
            assertThat(sent).extracting(Future::state).containsOnly(Future.State.SUCCESS);
        }
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(topic)) {
            int found = 0;
            while (found < MANY) {
                List<Integer> sizes = new ArrayList<>();
                consumer.poll(Duration.ofSeconds(1)).forEach(each -> sizes.add(each.value().length));
                assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isLessThan(3 * MEBIBYTE);
                found += Math.toIntExact(
                        sizes.stream().filter(size -> size == MEBIBYTE).count());
            }
        }
    }

    /** Compressed, it has but 68 KiB. */
    @Test
    void judgesARecordByWhatItReallyHas() {
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            assertThat(producer.send(new ProducerRecord<>(OLDER.name(), 0, null, new byte[17 * MEBIBYTE])))
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableThat()
                    .withCauseInstanceOf(RecordTooLargeException.class);
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String topic) {
        Map<String, Object> settings = new HashMap<>(KAFKA);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partition = List.of(new TopicPartition(topic, 0));
        consumer.assign(partition);
        consumer.seekToBeginning(partition);
        return consumer;
    }

    private static KafkaProducer<byte[], byte[]> producer() {
        Map<String, Object> settings = new HashMap<>(KAFKA);
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, MEBIBYTE / 2);
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 32 * MEBIBYTE);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static long ahead() {
        return System.currentTimeMillis() + Duration.ofHours(25).toMillis();
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
