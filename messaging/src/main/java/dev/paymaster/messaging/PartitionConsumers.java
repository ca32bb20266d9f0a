package dev.paymaster.messaging;

import dev.paymaster.messaging.kafka.MessagingSettings;
import dev.paymaster.messaging.outbox.Publisher;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.transaction.support.TransactionOperations;

/** Makes the consumer that a worker runs its handler in. */
public final class PartitionConsumers {
    private final KafkaAdmin admin;
    private final JdbcOperations jdbc;
    private final TransactionOperations transactions;
    private final Publisher publisher;
    private final ConsumerFactory<byte[], byte[]> consumers;
    private final MeterRegistry meters;
    private final MessagingSettings settings;

    public PartitionConsumers(
            KafkaAdmin admin,
            JdbcOperations jdbc,
            TransactionOperations transactions,
            Publisher publisher,
            ConsumerFactory<byte[], byte[]> consumers,
            MeterRegistry meters,
            MessagingSettings settings) {
        this.admin = admin;
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.publisher = publisher;
        this.consumers = consumers;
        this.meters = meters;
        this.settings = settings;
    }

    /** A consumer for {@code handler}; as a bean, it starts and stops with the application. */
    public PartitionConsumer create(BatchHandler<?> handler) {
        ProcessorMetrics metrics = new ProcessorMetrics(meters, handler.consumer());
        PartitionStore store = new PartitionStore(jdbc, handler.consumer());
        return new PartitionConsumer(
                handler,
                () -> new PartitionProcessor<>(
                        handler, store, transactions, publisher, settings.publishTimeout(), metrics),
                consumers,
                admin,
                metrics,
                settings);
    }
}
