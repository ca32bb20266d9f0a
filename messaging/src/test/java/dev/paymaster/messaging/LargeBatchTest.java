package dev.paymaster.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.paymaster.embedded.Database;
import dev.paymaster.embedded.EmbeddedBroker;
import dev.paymaster.embedded.EmbeddedDatabase;
import dev.paymaster.events.Envelope;
import dev.paymaster.messaging.outbox.Outbox;
import dev.paymaster.messaging.outbox.Outgoing;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Small records that lead to large ones: a batch is as small as it must be for what it publishes. */
class LargeBatchTest {
    private static final int MEBIBYTE = 1 << 20;

    private static final Database DATABASE = EmbeddedDatabase.shared().createDatabase("large_batches");

    private static int worlds;

    private TallyWorld world;
    private HikariDataSource pool;
    private PartitionProcessor<Integer> owner;

    /** The records that each batch has published. */
    private final List<List<Outgoing>> published = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void makeWorld() {
        world = new TallyWorld(DATABASE, EmbeddedBroker.shared().bootstrapServers(), "large" + ++worlds);
        pool = TallyWorld.pool(world.database());
        owner = new PartitionProcessor<>(
                new Enlarger(),
                new PartitionStore(new JdbcTemplate(pool), "large"),
                new TransactionTemplate(new DataSourceTransactionManager(pool)),
                records -> {
                    if (!records.isEmpty()) {
                        published.add(records);
                    }
                },
                Duration.ofSeconds(10),
                new ProcessorMetrics(new SimpleMeterRegistry(), "large"));
        owner.takeOver(new TopicPartition(world.in, 0), new PartitionLog("topic-id", 0, 100, () -> 100), -1);
    }

    @AfterEach
    void closeWorld() {
        pool.close();
        world.close();
    }

    @Test
    void halvesABatchThatWouldPublishTooMuch() {
        owner.process(records(10, "4"));

        assertThat(owner.nextOffset(new TopicPartition(world.in, 0))).isEqualTo(10);
        assertThat(published).hasSizeGreaterThan(1).allMatch(batch -> bytes(batch) <= 16 * MEBIBYTE);
        assertThat(published.stream().flatMap(List::stream).map(record -> record.header("ce_causationid")))
                .containsExactlyElementsOf(
                        IntStream.range(0, 10).mapToObj(Integer::toString).toList());
    }

    @Test
    void letsARecordAlonePublishMore() {
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>(records(5, "1"));
        all.set(2, record(2, "40"));
        owner.process(all);

        assertThat(published.stream().map(LargeBatchTest::bytes).filter(size -> size > 16 * MEBIBYTE))
                .hasSize(1);
        assertThat(published.stream().flatMap(List::stream).map(Outgoing::topic))
                .hasSize(4 + 4)
                .containsOnly(world.out);
    }

    @Test
    void halvesABatchWithTooManyLargeLetters() {
        owner.process(records(10, "x".repeat(4 * MEBIBYTE)));

        assertThat(published).hasSizeGreaterThan(1).allMatch(batch -> bytes(batch) <= 16 * MEBIBYTE);
        assertThat(published.stream().flatMap(List::stream)).hasSize(10);
    }

    private static long bytes(List<Outgoing> batch) {
        return batch.stream().mapToLong(Outgoing::size).sum();
    }

    private List<ConsumerRecord<byte[], byte[]>> records(int count, String value) {
        return IntStream.range(0, count)
                .mapToObj(offset -> record(offset, value))
                .toList();
    }

    private ConsumerRecord<byte[], byte[]> record(int offset, String value) {
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>(world.in, 0, offset, new byte[0], value.getBytes(StandardCharsets.UTF_8));
        Envelope.of(Integer.toString(offset), "/test", "dev.paymaster.Large.v1", "x", Instant.EPOCH)
                .toHeaders()
                .forEach((name, text) -> record.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
        return record;
    }

    /** A record says how many mebibytes it makes, at the most ten at once. */
    private final class Enlarger implements BatchHandler<Integer> {
        @Override
        public String consumer() {
            return "large";
        }

        @Override
        public Set<String> topics() {
            return Set.of(world.in);
        }

        @Override
        public Integer decode(Inbound record) {
            if (record.value().length > 2) {
                throw new UnreadableRecordException("it is no number");
            }
            return Integer.valueOf(new String(record.value(), StandardCharsets.UTF_8));
        }

        @Override
        public void handle(List<Message<Integer>> batch, Outbox outbox) {
            for (Message<Integer> message : batch) {
                for (int left = message.body(); left > 0; left -= 10) {
                    byte[] value = new byte[Math.min(left, 10) * MEBIBYTE - 1000];
                    Outgoing.Header cause = Outgoing.Header.of(
                            "ce_causationid", message.envelope().id());
                    outbox.add(message, new Outgoing(world.out, null, List.of(cause), value));
                }
            }
        }
    }
}
