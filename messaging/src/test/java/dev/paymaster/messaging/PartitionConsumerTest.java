package dev.paymaster.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.embedded.Database;
import dev.paymaster.embedded.EmbeddedBroker;
import dev.paymaster.embedded.EmbeddedDatabase;
import dev.paymaster.events.Topics;
import dev.paymaster.messaging.Instance.Faults;
import dev.paymaster.messaging.Instance.Step;
import dev.paymaster.messaging.deadletter.DeadLetters;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The processor on a real broker and a real database, failing at every step. */
@ExtendWith(OutputCaptureExtension.class)
class PartitionConsumerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Some turns of the idle event, which comes every two seconds. */
    private static final Duration SOON = Duration.ofSeconds(6);

    private static final Database DATABASE = EmbeddedDatabase.shared().createDatabase("tally");

    private static int worlds;

    private TallyWorld world;

    @BeforeEach
    void makeWorld() {
        world = new TallyWorld(DATABASE, EmbeddedBroker.shared().bootstrapServers(), "tally" + ++worlds);
    }

    @AfterEach
    void closeWorld() {
        world.close();
    }

    @Test
    void appliesEachRecordOnceAndInOrder() {
        world.sendAdditions(1_000, 50);
        try (var _ = Instance.start(world)) {
            world.sendAdditions(1_000, 50);
            world.assertAllAppliedOnce();
        }
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void carriesOnAfterAFailureAtAnyStep(Step step) {
        world.sendAdditions(500, 20);
        Faults faults = Faults.failOnce(step, 2);
        try (var _ = Instance.start(world, faults)) {
            world.assertAllAppliedOnce();
            assertThat(faults.happened()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void handsOverAfterACrashAtAnyStep(Step step) {
        world.sendAdditions(500, 20);
        Faults faults = Faults.die(step, 2);
        try (var _ = Instance.start(world, faults)) {
            Await.until(PATIENCE, () -> faults.happened() ? null : "no crash yet");
        }
        world.sendAdditions(100, 20);
        try (var _ = Instance.start(world)) {
            world.assertAllAppliedOnce();
        }
    }

    @Test
    void sharesAndHandsOverPartitionsUnderLoad() {
        try (Instance first = Instance.start(world)) {
            world.sendAdditions(500, 20);
            try (Instance second = Instance.start(world)) {
                world.sendAdditions(500, 20);
                Await.until(PATIENCE, () -> second.consumer().assignedPartitions() > 0 ? null : "second has none");
                world.sendAdditions(500, 20);
                first.consumer().stop();
                world.sendAdditions(500, 20);
                world.assertAllAppliedOnce();
            }
        }
    }

    /** The rest of the process lives on, and whoever watches it must see that this part doesn't. */
    @Test
    void isDownOnceAnErrorHasEndedOneOfItsThreads() {
        world.sendAdditions(40, 10);
        Faults faults = Faults.stallOnce(() -> {
            throw new StackOverflowError("planted");
        });
        try (Instance instance = Instance.start(world, faults)) {
            ConsumerHealth health = new ConsumerHealth(instance.consumer());
            Await.until(PATIENCE, () -> health.health().getStatus().equals(Status.DOWN) ? null : "it is said to be up");
            assertThat(faults.happened()).isTrue();
        }
    }

    /** The two threads of one instance: one is late with a batch, and the other has its partitions by then. */
    @Test
    void fencesAThreadThatLostItsPartitionsToItsSibling() {
        world.sendAdditions(40, 10);
        Faults faults = Faults.stallOnce(world::awaitProcessed);
        try (var _ = Instance.start(world, faults)) {
            world.assertAllAppliedOnce();
            world.sendAdditions(40, 10);
            world.assertAllAppliedOnce();
            assertThat(faults.happened()).isTrue();
        }
    }

    /** As by an owner that was late to take over what Kafka has given to another one since. */
    @Test
    void takesOverAgainWhatKafkaSaysIsItsOwn() {
        try (var _ = Instance.start(world)) {
            world.sendAdditions(40, 10);
            world.assertAllAppliedOnce();
            world.jdbc.update("UPDATE partition SET epoch = epoch + 1");
            world.sendAdditions(40, 10);
            world.assertAllAppliedOnce();
        }
    }

    /** It fails for as long as the test runs; the others must not wait for it. */
    @Test
    void takesOverTheOtherPartitionsWhenOneCannotBe() {
        AtomicInteger first = new AtomicInteger(-1);
        Faults faults = Faults.refuseToTakeOver(partition -> {
            first.compareAndSet(-1, partition);
            return partition == first.get();
        });
        try (var _ = Instance.start(world, faults)) {
            Await.until(PATIENCE, () -> first.get() >= 0 ? null : "nothing is assigned yet");
            world.sendOneToEachPartitionBut(first.get());
            world.assertAllAppliedOnce();
            assertThat(world.isOwned(first.get())).isFalse();
        }
    }

    @Test
    void takesOverSoonWhatFailedAlthoughNoRecordComes() {
        AtomicInteger first = new AtomicInteger(-1);
        try (var _ = Instance.start(world, Faults.refuseToTakeOver(partition -> first.compareAndSet(-1, partition)))) {
            Await.until(PATIENCE, () -> first.get() >= 0 ? null : "nothing is assigned yet");
            Await.until(SOON, () -> world.isOwned(first.get()) ? null : "partition " + first + " is nobody's");
        }
    }

    @Test
    void tellsTheGroupHowFarEachPartitionHasCome() {
        world.sendAdditions(100, 10);
        try (Instance instance = Instance.start(world)) {
            world.assertAllAppliedOnce();
            Await.until(PATIENCE, () -> {
                long shown = world.groupOffsets(instance.consumer().name());
                return shown == 100 ? null : "the group knows of " + shown + " records";
            });
        }
    }

    @Test
    void putsARecordThatCannotBeReadAsideAndAppliesTheRest() {
        world.sendAdditions(50, 5);
        byte[] bytes = Tally.UNREADABLE.getBytes(StandardCharsets.UTF_8);
        world.sendBad("key-1", bytes);
        world.sendAdditions(50, 5);
        try (var _ = Instance.start(world)) {
            world.assertAllAppliedOnce();
        }
        ConsumerRecord<byte[], byte[]> letter = onlyDeadLetter();
        assertThat(letter.value()).isEqualTo(bytes);
        assertThat(letter.key()).isEqualTo("key-1".getBytes(StandardCharsets.UTF_8));
        assertThat(TallyWorld.header(letter, DeadLetters.HEADER_TOPIC)).isEqualTo(world.in);
        assertThat(TallyWorld.header(letter, DeadLetters.HEADER_MESSAGE)).contains("as the test wants it");
        assertThat(TallyWorld.header(letter, "ce_id")).isEqualTo("command-51");
    }

    @Test
    void findsThePoisonInTheMiddleOfABatchAndAppliesTheRest() {
        world.sendAdditions(40, 5);
        world.sendBad("key-1", Codec.write(new Tally.Add("key-1", Tally.POISON)));
        world.sendAdditions(40, 5);
        try (var _ = Instance.start(world)) {
            world.assertAllAppliedOnce();
        }
        assertThat(TallyWorld.header(onlyDeadLetter(), DeadLetters.HEADER_EXCEPTION))
                .isEqualTo(IllegalStateException.class.getName());
    }

    @Test
    void findsTheRecordThatTheDatabaseRefusesAndAppliesTheRest(CapturedOutput output) {
        world.sendAdditions(40, 5);
        world.sendBad("key-1", Codec.write(new Tally.Add("key-1", Tally.CONSTRAINT_BREAKER)));
        world.sendAdditions(40, 5);
        try (var _ = Instance.start(world)) {
            world.assertAllAppliedOnce();
        }
        assertThat(TallyWorld.header(onlyDeadLetter(), DeadLetters.HEADER_MESSAGE))
                .contains("tally_total_check");
        assertThat(output.getAll())
                .containsPattern("goes to the dead letters: .*tally_total_check")
                .doesNotContain("Failing row contains", "\tat ");
    }

    /** One thread has all partitions: those that are on their way to another keep what they have. */
    @Test
    void emptiesItsOutboxWhenItStopsSoThatNothingIsPublishedAgain() {
        world.sendAdditions(100, 10);
        try (var _ = Instance.start(world, Faults.refuseToTakeOver(_ -> false))) {
            world.assertAllAppliedOnce();
        }
        assertThat(world.jdbc.queryForObject("SELECT count(*) FROM partition WHERE pending IS NOT NULL", Long.class))
                .isZero();
    }

    @Test
    void passesOverOnlyWhatIsReplayedForAnother() {
        world.sendAdditions(10, 3);
        world.sendReplay("key-1", 5, "another-worker");
        world.sendReplay("key-2", 7, "tally-of-" + world.in);
        world.sendWhatLooksLikeAReplay("key-3", 3, "x");
        try (var _ = Instance.start(world)) {
            world.assertAllAppliedOnce();
        }
        assertThat(world.deadLetters()).isEmpty();
    }

    @Test
    void stopsWhenTheLogNoLongerHoldsTheNextRecord() {
        world.sendAdditions(10, 5);
        try (var _ = Instance.start(world)) {
            world.assertAllAppliedOnce();
        }
        world.jdbc.update("UPDATE partition SET next_offset = 1000000 WHERE partition = 0");
        try (Instance stopped = Instance.start(world)) {
            Await.until(PATIENCE, () -> stopped.consumer().isRunning() ? "still running" : null);
        }
    }

    /** The new log has grown past the stored offsets, so that these alone tell nothing. */
    @Test
    void stopsWhenTheTopicWasMadeAnew() {
        world.sendAdditions(40, 20);
        try (var _ = Instance.start(world)) {
            world.assertAllAppliedOnce();
        }
        world.makeTopicAnew();
        Map<String, Long> before = world.totals();
        world.sendAdditions(80, 20);
        try (Instance stopped = Instance.start(world)) {
            Await.until(PATIENCE, () -> stopped.consumer().isRunning() ? "still running" : null);
        }
        assertThat(world.totals()).isEqualTo(before);

        world.acceptLoss(world.stored());
        try (var _ = Instance.start(world)) {
            world.assertAllAppliedOnce();
        }
    }

    /** As while a broker's certificate or access lists are wrong, which is mended without a restart of workers. */
    @Test
    void goesOnAfterPollsThatFail() {
        world.sendAdditions(40, 5);
        FailingPolls polls =
                new FailingPolls(new TopicAuthorizationException(world.in), new KafkaException("as a poll may end"));
        try (Instance instance = Instance.start(world, Faults.failPolls(polls))) {
            world.assertAllAppliedOnce();
            assertThat(instance.consumer().isRunning()).isTrue();
        }
    }

    @Test
    void stopsAndSaysHowToGoOnWhenAPollFindsTheNextRecordGone(CapturedOutput output) {
        FailingPolls polls = new FailingPolls();
        world.sendAdditions(40, 20);
        try (Instance instance = Instance.start(world, Faults.failPolls(polls))) {
            world.assertAllAppliedOnce();
            world.jdbc.update("UPDATE partition SET next_offset = 1000000 WHERE partition = 0");
            polls.fail(new OffsetOutOfRangeException(Map.of(new TopicPartition(world.in, 0), 1_000_000L)));
            Await.until(PATIENCE, () -> instance.consumer().isRunning() ? "still running" : null);
        }
        assertThat(output).contains("stops. " + world.in + "-0: the next record to process is 1000000");
    }

    @Test
    void waitsWhileADeadLetterCannotBeWritten() {
        AtomicInteger refused = new AtomicInteger();
        AtomicBoolean away = new AtomicBoolean(true);
        Faults faults = Faults.refuseToPublish(record -> {
            boolean refuses = record.topic().equals(Topics.deadLetters(world.in)) && away.get();
            refused.addAndGet(refuses ? 1 : 0);
            return refuses;
        });
        world.sendAdditions(40, 5);
        int partition = world.sendBad("key-1", Tally.UNREADABLE.getBytes(StandardCharsets.UTF_8));
        world.sendAdditions(40, 5);
        try (var _ = Instance.start(world, faults)) {
            Await.until(PATIENCE, () -> refused.get() >= 3 ? null : "refused " + refused);
            assertThat(world.deadLetters()).isEmpty();
            world.sendOneToEachPartitionBut(partition);
            Await.until(PATIENCE, () -> {
                long others = world.totals().keySet().stream()
                        .filter(key -> key.startsWith("key-of-"))
                        .count();
                return others == TallyWorld.PARTITIONS - 1 ? null : "of the others, %s go on".formatted(others);
            });
            assertThat(world.deadLetters()).isEmpty();
            away.set(false);
            world.assertAllAppliedOnce();
        }
        assertThat(TallyWorld.header(onlyDeadLetter(), "ce_id")).isEqualTo("command-41");
    }

    /** Nobody comes after it who could have done it instead. */
    @Test
    void finishesTheBatchInHandWhenItIsStopped() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CompletableFuture<Void> goOn = new CompletableFuture<>();
        Faults faults = Faults.holdBeforeCommit(() -> {
            held.countDown();
            goOn.orTimeout(30, TimeUnit.SECONDS).join();
        });
        world.sendAdditions(1, 1);
        try (Instance instance = Instance.start(world, faults)) {
            assertThat(held.await(30, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(instance.consumer()::stop);
            Await.until(PATIENCE, () -> instance.consumer().isRunning() ? "not told to stop" : null);
            goOn.complete(null);
            stopped.get(30, TimeUnit.SECONDS);
        }
        assertThat(world.totals()).isEqualTo(Map.of("key-0", 1L));
        world.assertAllAppliedOnce();
    }

    /** The take-over takes notice of the stop, and the poll that it is a part of must not wait for records after it. */
    @Test
    void stopsWhileItTakesOver() throws InterruptedException {
        StopWhileTakingOver held = new StopWhileTakingOver();
        try (Instance instance = Instance.start(world, Faults.hold(held))) {
            assertThat(held.takingOver.await(30, TimeUnit.SECONDS)).isTrue();
            instance.consumer().stop();
            assertThat(held.endOfPoll).isCompletedWithValue(WakeupException.class.getSimpleName());
        }
    }

    private ConsumerRecord<byte[], byte[]> onlyDeadLetter() {
        List<ConsumerRecord<byte[], byte[]>> letters = world.deadLetters();
        assertThat(letters).hasSize(1);
        return letters.getFirst();
    }
}
