package dev.paymaster.system.bench;

import dev.paymaster.embedded.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** The reference: one transaction per event. For one thread. */
final class PlainCredits implements AutoCloseable {
    /** What one event adds one row to, here as there. */
    static final List<String> TABLES = List.of(
            "billing.customer",
            "billing.invoice",
            "billing.entitlement",
            "ledger.account",
            "ledger.lot",
            "ledger.transfer WHERE kind = 'grant'");

    static final String EVENTS = "plain.credit.events";

    private static final int CONNECTIONS = 16;
    private static final Duration POLL = Duration.ofMillis(20);

    private final KafkaLog kafka;
    private final Counts counts;
    private final List<PlainGrant> grants = new ArrayList<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
    private long granted;

    private PlainCredits(KafkaLog kafka, Counts counts) {
        this.kafka = kafka;
        this.counts = counts;
    }

    static PlainCredits start(Database database, KafkaLog kafka) {
        Migrations.migrate(database, "billing", "paymaster_credit");
        kafka.makeTopic(EVENTS, 12);
        PlainCredits plain = new PlainCredits(kafka, new Counts(database));
        for (int i = 0; i < CONNECTIONS; i++) {
            plain.grants.add(new PlainGrant(database, kafka));
        }
        return plain;
    }

    /** Applies events from these offsets on, at most so many and for so long; answers how many per second. */
    double perSecond(Map<TopicPartition, Long> from, int events, Duration limit) {
        BlockingQueue<byte[]> queue = new ArrayBlockingQueue<>(CONNECTIONS * 64);
        long startNanos = System.nanoTime();
        long deadline = startNanos + limit.toNanos();
        List<Future<Integer>> applied = grants.stream()
                .map(grant -> threads.submit(() -> apply(grant, queue, deadline)))
                .toList();
        feed(queue, from, events, deadline);
        int count = applied.stream().mapToInt(PlainCredits::result).sum();
        kafka.flush();
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        granted += count;
        return count / seconds;
    }

    /** An empty body tells a thread that there are no more. */
    private void feed(BlockingQueue<byte[]> queue, Map<TopicPartition, Long> from, int events, long deadline) {
        int fed = 0;
        try (KafkaConsumer<byte[], byte[]> consumer = kafka.consumer()) {
            consumer.assign(from.keySet());
            from.forEach(consumer::seek);
            while (fed < events && System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (!put(queue, record.value(), deadline)) {
                        break;
                    }
                    fed++;
                }
            }
            for (int i = 0; i < CONNECTIONS; i++) {
                put(queue, new byte[0], deadline);
            }
        }
    }

    private static boolean put(BlockingQueue<byte[]> queue, byte[] body, long deadline) {
        try {
            return queue.offer(body, Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static int apply(PlainGrant grant, BlockingQueue<byte[]> queue, long deadline) throws Exception {
        int count = 0;
        while (true) {
            byte[] body = queue.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (body == null || body.length == 0 || System.nanoTime() > deadline) {
                return count;
            }
            grant.apply(body);
            count++;
        }
    }

    private static int result(Future<Integer> applied) {
        try {
            return applied.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the reference failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    void requireGrants() {
        for (String table : TABLES) {
            counts.require(table, granted);
        }
        if (kafka.size(EVENTS) != granted) {
            throw new IllegalStateException("of " + granted + " grants, " + kafka.size(EVENTS) + " were published");
        }
    }

    @Override
    public void close() {
        threads.close();
        grants.forEach(PlainGrant::close);
    }
}
