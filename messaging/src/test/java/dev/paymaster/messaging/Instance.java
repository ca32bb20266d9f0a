package dev.paymaster.messaging;

import com.zaxxer.hikari.HikariDataSource;
import dev.paymaster.messaging.kafka.TestPublisher;
import dev.paymaster.messaging.outbox.Outbox;
import dev.paymaster.messaging.outbox.Outgoing;
import dev.paymaster.messaging.outbox.Publisher;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.kafka.core.ConsumerPostProcessor;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;

/** One running instance of the tally worker, which fails where its {@link Faults} say. */
final class Instance implements AutoCloseable {
    private final HikariDataSource pool;
    private final TestPublisher publisher;
    private final PartitionConsumer consumer;
    private final MeterRegistry meters = new SimpleMeterRegistry();

    private Instance(TallyWorld world, Faults faults) {
        this.pool = TallyWorld.pool(world.database());
        DataSource connections = faults.onConnections(pool);
        TransactionOperations transactions =
                faults.onTransactions(new TransactionTemplate(new DataSourceTransactionManager(connections)));
        JdbcTemplate jdbc = faults.onTakingOver(connections);
        this.publisher = new TestPublisher(world.bootstrapServers());
        DefaultKafkaConsumerFactory<byte[], byte[]> kafka = new DefaultKafkaConsumerFactory<>(
                Map.of(
                        "bootstrap.servers",
                        world.bootstrapServers(),
                        "partition.assignment.strategy",
                        CooperativeStickyAssignor.class.getName(),
                        // How soon a member learns that the group is being rearranged.
                        "heartbeat.interval.ms",
                        50,
                        // A stop waits for the last fetch.
                        "fetch.max.wait.ms",
                        50,
                        "max.poll.interval.ms",
                        faults.maxPollIntervalMillis(),
                        "enable.auto.commit",
                        false,
                        "auto.offset.reset",
                        "none",
                        "max.poll.records",
                        world.settings(1).maxPollRecords()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        faults.onConsumers(kafka);
        PartitionConsumers consumers = new PartitionConsumers(
                new KafkaAdmin(Map.of("bootstrap.servers", world.bootstrapServers())),
                jdbc,
                transactions,
                faults.onPublisher(publisher),
                kafka,
                meters,
                world.settings(faults.threads()));
        this.consumer = consumers.create(faults.onHandler(new Tally(jdbc, world.in, world.out)));
    }

    static Instance start(TallyWorld world, Faults faults) {
        Instance instance = new Instance(world, faults);
        instance.consumer.start();
        return instance;
    }

    static Instance start(TallyWorld world) {
        return start(world, Faults.none());
    }

    /** How often it has met with one. */
    double outages() {
        return meters.find("paymaster.outages").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    PartitionConsumer consumer() {
        return consumer;
    }

    @Override
    public void close() {
        consumer.stop();
        publisher.close();
        pool.close();
    }

    /** Where an instance can fail: between any two steps of a batch. */
    enum Step {
        BEFORE_HANDLING,
        BEFORE_COMMIT,
        /** The COMMIT was executed, and its answer got lost. */
        AFTER_COMMIT,
        BEFORE_PUBLISHING,
        HALFWAY_THROUGH_PUBLISHING,
        AFTER_PUBLISHING
    }

    /** Fails at one step of the n-th batch: once, or for good as if the process had died there. */
    static final class Faults {
        private final @Nullable Step step;
        private final boolean fatal;
        private final @Nullable Runnable stall;
        private final @Nullable IntPredicate refusedPartitions;
        private @Nullable Predicate<Outgoing> refusedRecords;
        private @Nullable ConsumerPostProcessor<byte[], byte[]> consumers;
        private int passesLeft;
        private boolean happened;
        private boolean dead;

        private Faults(
                @Nullable Step step,
                int atPass,
                boolean fatal,
                @Nullable Runnable stall,
                @Nullable IntPredicate refusedPartitions) {
            this.step = step;
            this.passesLeft = atPass;
            this.fatal = fatal;
            this.stall = stall;
            this.refusedPartitions = refusedPartitions;
        }

        private Faults(@Nullable Step step, int atPass, boolean fatal, @Nullable Runnable stall) {
            this(step, atPass, fatal, stall, null);
        }

        static Faults none() {
            return new Faults(null, 0, false, null);
        }

        /** One thread has all partitions, and can't take over those for which this is true at the time. */
        static Faults refuseToTakeOver(IntPredicate partitions) {
            return new Faults(null, 0, false, null, partitions);
        }

        /** Kafka doesn't take the records for which this is true at the time. */
        static Faults refuseToPublish(Predicate<Outgoing> records) {
            Faults faults = none();
            faults.refusedRecords = records;
            return faults;
        }

        /** One thread has all partitions, and takes them over only when it is stopped. */
        static Faults hold(StopWhileTakingOver held) {
            Faults faults = none();
            faults.consumers = held;
            return faults;
        }

        /** One thread has all partitions, and its polls fail as they say. */
        static Faults failPolls(FailingPolls polls) {
            Faults faults = none();
            faults.consumers = polls;
            return faults;
        }

        int threads() {
            return refusedPartitions == null && consumers == null ? 2 : 1;
        }

        /** The first batch stalls before it is handled, for longer than the group waits for a poll. */
        static Faults stallOnce(Runnable stall) {
            return new Faults(Step.BEFORE_HANDLING, 1, false, stall);
        }

        /** The first batch is held when all but the COMMIT is done. */
        static Faults holdBeforeCommit(Runnable hold) {
            return new Faults(Step.BEFORE_COMMIT, 1, false, hold);
        }

        int maxPollIntervalMillis() {
            return stall == null ? 300_000 : 1_000;
        }

        static Faults failOnce(Step step, int atPass) {
            return new Faults(step, atPass, false, null);
        }

        static Faults die(Step step, int atPass) {
            return new Faults(step, atPass, true, null);
        }

        synchronized boolean happened() {
            return happened;
        }

        private void reach(Step here) {
            if (!isDue(here)) {
                return;
            }
            if (stall == null) {
                throw new Injected("fault at " + here);
            }
            stall.run();
        }

        private synchronized boolean isDue(Step here) {
            requireAlive();
            if (here != step || happened || --passesLeft > 0) {
                return false;
            }
            happened = true;
            dead = fatal;
            return true;
        }

        private synchronized void requireAlive() {
            if (dead) {
                throw new Injected("this instance is dead");
            }
        }

        BatchHandler<Tally.Add> onHandler(BatchHandler<Tally.Add> handler) {
            return new BatchHandler<>() {
                @Override
                public String consumer() {
                    return handler.consumer();
                }

                @Override
                public Set<String> topics() {
                    return handler.topics();
                }

                @Override
                public Tally.@Nullable Add decode(Inbound record) {
                    return handler.decode(record);
                }

                @Override
                public void handle(List<Message<Tally.Add>> batch, Outbox outbox) {
                    reach(Step.BEFORE_HANDLING);
                    handler.handle(batch, outbox);
                    reach(Step.BEFORE_COMMIT);
                }
            };
        }

        TransactionOperations onTransactions(TransactionOperations transactions) {
            return new TransactionOperations() {
                @Override
                public <T extends @Nullable Object> T execute(TransactionCallback<T> action) {
                    T result = transactions.execute(action);
                    reach(Step.AFTER_COMMIT);
                    return result;
                }
            };
        }

        Publisher onPublisher(Publisher publisher) {
            return records -> {
                if (records.isEmpty()) {
                    publisher.publish(records);
                    return;
                }
                if (refusedRecords != null && records.stream().anyMatch(refusedRecords)) {
                    throw new Injected("a topic can't be written");
                }
                reach(Step.BEFORE_PUBLISHING);
                int half = records.size() / 2;
                publisher.publish(records.subList(0, half));
                reach(Step.HALFWAY_THROUGH_PUBLISHING);
                publisher.publish(records.subList(half, records.size()));
                reach(Step.AFTER_PUBLISHING);
            };
        }

        void onConsumers(DefaultKafkaConsumerFactory<byte[], byte[]> factory) {
            if (consumers != null) {
                factory.addPostProcessor(consumers);
            }
        }

        JdbcTemplate onTakingOver(DataSource connections) {
            return new JdbcTemplate(connections) {
                @Override
                public <T extends @Nullable Object> T queryForObject(
                        String sql, RowMapper<T> mapper, @Nullable Object @Nullable ... arguments) {
                    if (sql.startsWith("INSERT INTO partition")
                            && arguments != null
                            && arguments[2] instanceof Integer partition
                            && refusedPartitions != null
                            && refusedPartitions.test(partition)) {
                        throw new Injected("partition " + partition + " can't be taken over");
                    }
                    return super.queryForObject(sql, mapper, arguments);
                }
            };
        }

        DataSource onConnections(DataSource connections) {
            return new DelegatingDataSource(connections) {
                @Override
                public Connection getConnection() throws SQLException {
                    requireAlive();
                    return super.getConnection();
                }
            };
        }
    }

    /** An outage as the processor sees it: nothing that says whose fault it is. */
    private static final class Injected extends org.apache.kafka.common.KafkaException {
        Injected(String message) {
            super(message);
        }
    }
}
