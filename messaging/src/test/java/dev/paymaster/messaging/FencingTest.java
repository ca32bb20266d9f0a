package dev.paymaster.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.paymaster.embedded.Database;
import dev.paymaster.embedded.EmbeddedBroker;
import dev.paymaster.embedded.EmbeddedDatabase;
import dev.paymaster.events.Envelope;
import dev.paymaster.events.MessageTypes;
import dev.paymaster.events.Topics;
import dev.paymaster.messaging.kafka.TestPublisher;
import dev.paymaster.messaging.outbox.Outgoing;
import dev.paymaster.messaging.outbox.Publisher;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;

/** Two owners of one partition, one of them stalled: whoever took over last is the only one who can commit. */
class FencingTest {
    private static final PartitionLog LOG = new PartitionLog("topic-id", 0, 100, () -> 100);

    private static final Database DATABASE = EmbeddedDatabase.shared().createDatabase("fencing");

    private static final Duration AT_ONCE = Duration.ofMillis(50);

    private static int worlds;

    private TallyWorld world;
    private HikariDataSource pool;
    private TopicPartition partition;
    private final List<Outgoing> published = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void makeWorld() {
        world = new TallyWorld(DATABASE, EmbeddedBroker.shared().bootstrapServers(), "fencing" + ++worlds);
        pool = TallyWorld.pool(world.database());
        partition = new TopicPartition(world.in, 0);
    }

    @AfterEach
    void closeWorld() {
        pool.close();
        world.close();
    }

    @Test
    void aFormerOwnerCommitsNothing() {
        PartitionProcessor<Tally.Add> stalled = processor(() -> {});
        PartitionProcessor<Tally.Add> owner = processor(() -> {});
        stalled.takeOver(partition, LOG, -1);
        owner.takeOver(partition, LOG, -1);

        assertThatThrownBy(() -> stalled.process(List.of(record(0)))).isInstanceOf(FencedException.class);
        assertThat(world.totals()).isEmpty();

        owner.process(List.of(record(0)));
        stalled.process(List.of(record(0)));
        assertThat(stalled.notOwned(java.util.Set.of(partition))).containsExactly(partition);
        assertThat(world.totals()).containsExactlyEntriesOf(java.util.Map.of("key", 1L));
        assertThat(published).hasSize(1);
    }

    @Test
    void anOwnerThatStallsInTheMiddleOfABatchIsRolledBack() {
        PartitionProcessor<Tally.Add> owner = processor(() -> {});
        PartitionProcessor<Tally.Add> stalled = processor(() -> owner.takeOver(partition, LOG, -1));
        stalled.takeOver(partition, LOG, -1);

        assertThatThrownBy(() -> stalled.process(List.of(record(0)))).isInstanceOf(FencedException.class);
        owner.process(List.of(record(0), record(1)));
        assertThat(world.totals()).containsExactlyEntriesOf(java.util.Map.of("key", 2L));
    }

    @Test
    void theNewOwnerPublishesWhatTheFormerOneLeftBeforeItReadsOn() {
        List<Outgoing> lost = new ArrayList<>();
        PartitionProcessor<Tally.Add> dying = new PartitionProcessor<>(
                handler(() -> {}),
                new PartitionStore(new JdbcTemplate(pool), "fencing"),
                new TransactionTemplate(new DataSourceTransactionManager(pool)),
                records -> {
                    lost.addAll(records);
                    if (!records.isEmpty()) {
                        throw new org.apache.kafka.common.KafkaException("died before publishing");
                    }
                },
                Duration.ofSeconds(10),
                new ProcessorMetrics(new SimpleMeterRegistry(), "fencing"));
        dying.takeOver(partition, LOG, -1);
        assertThatThrownBy(() -> dying.process(List.of(record(0))))
                .isInstanceOf(org.apache.kafka.common.KafkaException.class);

        PartitionProcessor<Tally.Add> owner = processor(() -> {});
        assertThat(owner.takeOver(partition, LOG, -1)).isEqualTo(1);
        owner.process(List.of());
        assertThat(published.stream().map(o -> o.envelope().id()))
                .isEqualTo(lost.stream().map(o -> o.envelope().id()).toList())
                .hasSize(1);
    }

    @Test
    void aRecordGivenTwiceTakesEffectOnce() {
        PartitionProcessor<Tally.Add> owner = processor(() -> {});
        owner.takeOver(partition, LOG, -1);
        owner.process(List.of(record(0), record(1)));
        owner.process(List.of(record(0), record(1), record(2)));
        assertThat(world.totals()).containsExactlyEntriesOf(java.util.Map.of("key", 3L));
        assertThat(published).hasSize(3);
    }

    @Test
    void namesBothNumbersAndTheWayOutWhenTheLogHasLostRecords() {
        PartitionProcessor<Tally.Add> owner = processor(() -> {});
        owner.takeOver(partition, LOG, -1);
        owner.process(List.of(record(4)));
        assertThatThrownBy(() ->
                        processor(() -> {}).takeOver(partition, new PartitionLog("topic-id", 9, 20, () -> 20), -1))
                .isInstanceOf(OffsetLostException.class)
                .hasMessageContaining("next record to process is 5")
                .hasMessageContaining("holds 9 to 20")
                .hasMessageContaining("MESSAGING_ACCEPT_LOSS=" + partition + "@5");
        assertThat(processor(() -> {}).takeOver(partition, new PartitionLog("topic-id", 9, 20, () -> 20), 5))
                .isEqualTo(9);
    }

    @Test
    void namesTheWayOutWhenTheTopicWasMadeAnew() {
        PartitionLog anew = new PartitionLog("another", 0, 100, () -> 100);
        PartitionProcessor<Tally.Add> owner = processor(() -> {});
        owner.takeOver(partition, LOG, -1);
        owner.process(List.of(record(4)));

        assertThatThrownBy(() -> processor(() -> {}).takeOver(partition, anew, -1))
                .isInstanceOf(OffsetLostException.class)
                .hasMessageContaining("next record to process is 5")
                .hasMessageContaining("holds 0 to 100 (of a topic that was made anew)")
                .hasMessageContaining("MESSAGING_ACCEPT_LOSS=" + partition + "@5");
        assertThat(processor(() -> {}).takeOver(partition, anew, 5)).isZero();
        assertThat(processor(() -> {}).takeOver(partition, anew, -1)).isZero();
    }

    @Test
    void goesOnInATopicThatWasMadeAnewBeforeAnythingOfItWasRead() {
        PartitionLog anew = new PartitionLog("another", 0, 100, () -> 100);
        processor(() -> {}).takeOver(partition, LOG, -1);

        PartitionProcessor<Tally.Add> owner = processor(() -> {});
        assertThat(owner.takeOver(partition, anew, -1)).isZero();
        owner.process(List.of(record(0)));
        assertThat(processor(() -> {}).takeOver(partition, anew, -1)).isEqualTo(1);
    }

    /** Only what is owned is taken for lost when a former owner moves on while the new one takes over. */
    @Test
    void asksForTheEndOfTheLogOnceNobodyElseCanMoveOn() {
        PartitionProcessor<Tally.Add> late = processor(() -> {});
        late.takeOver(partition, LOG, -1);
        late.process(List.of(record(0)));
        PartitionProcessor<Tally.Add> owner = processor(() -> {});

        long next = owner.takeOver(
                partition,
                new PartitionLog("topic-id", 0, 0, () -> {
                    assertThatThrownBy(() -> late.process(List.of(record(1)))).isInstanceOf(FencedException.class);
                    return 1;
                }),
                -1);

        assertThat(next).isEqualTo(1);
    }

    @Test
    void waitsForACommitWhoseAnswerWasLostBeforeItTriesAgain() throws Exception {
        LateCommit late = new LateCommit(pool);
        PartitionProcessor<Tally.Add> owner = processor(() -> {}, late, published::addAll);
        owner.takeOver(partition, LOG, -1);
        assertThatThrownBy(() -> owner.process(List.of(record(0), record(1))))
                .isInstanceOf(TransactionSystemException.class);

        var again = CompletableFuture.runAsync(() -> owner.process(List.of(record(0), record(1), record(2))));
        Await.until(Duration.ofSeconds(20), () -> world.isSomebodyWaitingForALock() ? null : "nobody waits");
        late.commit();
        again.get(20, TimeUnit.SECONDS);

        assertThat(world.totals()).containsExactlyEntriesOf(java.util.Map.of("key", 3L));
        assertThat(published).hasSize(3);
    }

    @Test
    void commitsNothingOnAnOffsetThatIsNoLongerTheStoredOne() {
        PartitionProcessor<Tally.Add> owner = processor(() -> {});
        owner.takeOver(partition, LOG, -1);
        world.jdbc.update("UPDATE partition SET next_offset = 2");

        assertThatThrownBy(() -> owner.process(List.of(record(0), record(1)))).isInstanceOf(FencedException.class);
        owner.process(List.of(record(0), record(1), record(2)));

        assertThat(world.totals()).containsExactlyEntriesOf(java.util.Map.of("key", 1L));
    }

    @Test
    void keepsItsOutboxWhenPublishingEndsInAnError() {
        List<String> calls = new ArrayList<>();
        PartitionProcessor<Tally.Add> dying =
                processor(() -> {}, new TransactionTemplate(new DataSourceTransactionManager(pool)), records -> {
                    calls.add("publish");
                    if (calls.size() == 3) {
                        throw new AssertionError("out of memory, say");
                    }
                });
        dying.takeOver(partition, LOG, -1);
        dying.process(List.of(record(0)));
        assertThatThrownBy(() -> dying.process(List.of(record(1)))).hasRootCauseInstanceOf(AssertionError.class);
        dying.clearOutboxes(java.util.Set.of(partition));

        PartitionProcessor<Tally.Add> next = processor(() -> {});
        next.takeOver(partition, LOG, -1);
        next.process(List.of());
        assertThat(published).hasSize(1);
    }

    @Test
    void noOtherPartitionWaitsForALetterThatCannotBeWritten() {
        AtomicBoolean away = new AtomicBoolean(true);
        PartitionProcessor<Tally.Add> owner = ownerOfTwo(letter -> {
            if (away.get()) {
                throw new KafkaException("the letters' topic is away");
            }
        });
        assertThatThrownBy(() -> owner.process(List.of(unreadable(), record(1, 0))))
                .isInstanceOf(KafkaException.class);

        List<ConsumerRecord<byte[], byte[]>> again = List.of(unreadable(), record(0, 1), record(1, 0), record(1, 1));
        assertThatThrownBy(() -> owner.process(again)).hasStackTraceContaining("the letters' topic is away");

        assertThat(world.totals()).isEqualTo(Map.of("key-of-1", 2L));
        assertThat(owner.nextOffset(partition)).as("where it is read again").isZero();
        away.set(false);
        owner.process(again);
        assertThat(world.totals()).isEqualTo(Map.of("key", 1L, "key-of-1", 2L));
        assertThat(published).filteredOn(FencingTest::isLetter).hasSize(1);
    }

    @Test
    void noOtherPartitionWaitsWhileKafkaDoesNotAnswerAndNothingIsSentTwiceMeanwhile() throws Exception {
        AtomicBoolean fails = new AtomicBoolean(true);
        CountDownLatch answer = new CountDownLatch(1);
        PartitionProcessor<Tally.Add> owner = ownerOfTwo(letter -> {
            if (fails.getAndSet(false)) {
                throw new KafkaException("at first");
            }
            assertThat(answer.await(20, TimeUnit.SECONDS)).isTrue();
        });
        assertThatThrownBy(() -> owner.process(List.of(unreadable(), record(1, 0))))
                .isInstanceOf(KafkaException.class);

        assertThatThrownBy(() -> owner.process(List.of(unreadable(), record(1, 1))))
                .isInstanceOf(KafkaException.class);
        assertThat(world.totals()).isEqualTo(Map.of("key-of-1", 2L));
        answer.countDown();
        owner.process(List.of(unreadable(), record(0, 1)));

        assertThat(world.totals()).isEqualTo(Map.of("key", 1L, "key-of-1", 2L));
        assertThat(published).filteredOn(FencingTest::isLetter).hasSize(1);
    }

    @Test
    void noOtherPartitionWaitsForWhatAFormerOwnerLeftAndItsOwnRecordsDo() throws Exception {
        PartitionProcessor<Tally.Add> dying = ownerOfTwo(letter -> {
            throw new KafkaException("the letters' topic is away");
        });
        assertThatThrownBy(() -> dying.process(List.of(unreadable()))).isInstanceOf(KafkaException.class);

        CountDownLatch answer = new CountDownLatch(1);
        PartitionProcessor<Tally.Add> owner = ownerOfTwo(
                letter -> assertThat(answer.await(20, TimeUnit.SECONDS)).isTrue());
        List<ConsumerRecord<byte[], byte[]>> polled = List.of(record(0, 1), record(1, 0));
        assertThatThrownBy(() -> owner.process(polled)).isInstanceOf(KafkaException.class);
        assertThat(world.totals()).isEqualTo(Map.of("key-of-1", 1L));

        answer.countDown();
        owner.process(polled);
        assertThat(world.totals()).isEqualTo(Map.of("key", 1L, "key-of-1", 1L));
        assertThat(published.stream().map(FencingTest::isLetter)).containsExactly(false, true, false);
    }

    @Test
    void whoIsInterruptedWhileAPartitionIsInDoubtBeginsNothingElse() {
        AtomicBoolean fails = new AtomicBoolean(true);
        CountDownLatch answer = new CountDownLatch(1);
        PartitionProcessor<Tally.Add> owner = ownerOfTwo(letter -> {
            if (fails.getAndSet(false)) {
                throw new KafkaException("at first");
            }
            assertThat(answer.await(20, TimeUnit.SECONDS)).isTrue();
        });
        assertThatThrownBy(() -> owner.process(List.of(unreadable()))).isInstanceOf(KafkaException.class);
        assertThatThrownBy(() -> owner.process(List.of())).isInstanceOf(KafkaException.class);

        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> owner.process(List.of(record(1, 0)))).isInstanceOf(InterruptException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(world.totals()).isEmpty();
        answer.countDown();
    }

    /** What Kafka doesn't take for long waits in the producer, which has room for it once. */
    @Test
    void sendsAgainOnlyWhatTheProducerHasGivenUp() {
        StuckProducer producer = new StuckProducer();
        PartitionProcessor<Tally.Add> owner = processor(
                () -> {},
                new TransactionTemplate(new DataSourceTransactionManager(pool)),
                TestPublisher.of(producer, AT_ONCE),
                AT_ONCE);
        owner.takeOver(partition, LOG, -1);
        assertThatThrownBy(() -> owner.process(List.of(record(0)))).isInstanceOf(KafkaException.class);
        assertThatThrownBy(() -> owner.process(List.of())).isInstanceOf(KafkaException.class);
        assertThatThrownBy(() -> owner.process(List.of(record(0)))).isInstanceOf(KafkaException.class);
        assertThat(producer.history()).hasSize(1);

        producer.errorNext(new TopicAuthorizationException("for a minute"));
        assertThatThrownBy(() -> owner.process(List.of())).hasRootCauseMessage("for a minute");
        assertThatThrownBy(() -> owner.process(List.of())).isInstanceOf(KafkaException.class);
        assertThat(producer.history()).hasSize(2);

        producer.completeNext();
        owner.process(List.of(record(0)));
        assertThat(owner.nextOffset(partition)).isEqualTo(1);
        assertThat(world.totals()).isEqualTo(Map.of("key", 1L));
    }

    /** Who is told before that would send those a second time, and in front of what was refused. */
    @Test
    void failsOnlyWhenNothingIsOnItsWayAnyMore() {
        StuckProducer producer = new StuckProducer();
        producer.refused = 2;
        Publisher publisher = TestPublisher.of(producer, AT_ONCE);
        Outgoing record = new Outgoing("out", null, List.of(), new byte[1]);

        assertThatThrownBy(() -> publisher.publish(List.of(record, record, record)))
                .hasMessageContaining("not answered");
        assertThat(producer.sends).isEqualTo(2);
    }

    /** Answers nothing by itself, and isn't closed after each record. */
    private static final class StuckProducer extends MockProducer<byte[], byte[]> {
        int refused;
        int sends;

        StuckProducer() {
            super(false, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public synchronized Future<RecordMetadata> send(
                ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
            if (++sends == refused) {
                throw new KafkaException("no room");
            }
            return super.send(record, callback);
        }

        @Override
        public void close(Duration timeout) {}
    }

    private interface Letters {
        void take(Outgoing letter) throws InterruptedException;
    }

    private PartitionProcessor<Tally.Add> ownerOfTwo(Letters letters) {
        PartitionProcessor<Tally.Add> owner =
                processor(() -> {}, new TransactionTemplate(new DataSourceTransactionManager(pool)), records -> {
                    for (Outgoing record : records) {
                        if (isLetter(record)) {
                            try {
                                letters.take(record);
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        }
                        published.add(record);
                    }
                });
        owner.takeOver(partition, LOG, -1);
        owner.takeOver(new TopicPartition(world.in, 1), LOG, -1);
        return owner;
    }

    private static boolean isLetter(Outgoing record) {
        return record.topic().endsWith(Topics.deadLetters(""));
    }

    private ConsumerRecord<byte[], byte[]> unreadable() {
        return new ConsumerRecord<>(world.in, 0, 0, new byte[0], Tally.UNREADABLE.getBytes(StandardCharsets.UTF_8));
    }

    private PartitionProcessor<Tally.Add> processor(Runnable inTheMiddle) {
        return processor(
                inTheMiddle, new TransactionTemplate(new DataSourceTransactionManager(pool)), published::addAll);
    }

    private PartitionProcessor<Tally.Add> processor(
            Runnable inTheMiddle, TransactionOperations transactions, Publisher publisher) {
        return processor(inTheMiddle, transactions, publisher, Duration.ofSeconds(10));
    }

    private PartitionProcessor<Tally.Add> processor(
            Runnable inTheMiddle, TransactionOperations transactions, Publisher publisher, Duration publishTimeout) {
        return new PartitionProcessor<>(
                handler(inTheMiddle),
                new PartitionStore(new JdbcTemplate(pool), "fencing"),
                transactions,
                publisher,
                publishTimeout,
                new ProcessorMetrics(new SimpleMeterRegistry(), "fencing"));
    }

    private BatchHandler<Tally.Add> handler(Runnable inTheMiddle) {
        Tally tally = new Tally(new JdbcTemplate(pool), world.in, world.out);
        return new BatchHandler<>() {
            @Override
            public String consumer() {
                return "fencing";
            }

            @Override
            public java.util.Set<String> topics() {
                return tally.topics();
            }

            @Override
            public Tally.@org.jspecify.annotations.Nullable Add decode(Inbound record) {
                return tally.decode(record);
            }

            @Override
            public void handle(List<Message<Tally.Add>> batch, dev.paymaster.messaging.outbox.Outbox outbox) {
                tally.handle(batch, outbox);
                CompletableFuture.runAsync(inTheMiddle).join();
            }
        };
    }

    private ConsumerRecord<byte[], byte[]> record(long offset) {
        return record(0, offset);
    }

    private ConsumerRecord<byte[], byte[]> record(int of, long offset) {
        String key = of == 0 ? "key" : "key-of-" + of;
        Envelope envelope =
                Envelope.of("command-" + offset, "/test", MessageTypes.nameOf(Tally.Add.class), key, Instant.EPOCH);
        Outgoing record = Outgoing.of(world.in, key, envelope, Codec.write(new Tally.Add(key, 1)));
        ConsumerRecord<byte[], byte[]> consumed =
                new ConsumerRecord<>(world.in, of, offset, record.key(), record.value());
        record.toProducerRecord().headers().forEach(consumed.headers()::add);
        return consumed;
    }
}
