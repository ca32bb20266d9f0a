package dev.paymaster.messaging;

import dev.paymaster.messaging.kafka.KafkaConfiguration;
import dev.paymaster.messaging.kafka.MessagingSettings;
import dev.paymaster.messaging.outbox.Publisher;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What every worker imports. It brings a {@link BatchHandler} and declares a {@link PartitionConsumer} for it. */
@Configuration(proxyBeanMethods = false)
@Import(KafkaConfiguration.class)
public class WorkerConfiguration {
    @Bean
    PartitionConsumers partitionConsumers(
            KafkaAdmin admin,
            JdbcOperations jdbc,
            PlatformTransactionManager transactions,
            Publisher publisher,
            ConsumerFactory<byte[], byte[]> consumers,
            MeterRegistry meters,
            MessagingSettings settings) {
        return new PartitionConsumers(
                admin, jdbc, new TransactionTemplate(transactions), publisher, consumers, meters, settings);
    }

    @Bean
    @ConditionalOnMissingBean
    DecisionTime decisionTime(JdbcOperations jdbc) {
        return DecisionTime.of(jdbc);
    }

    @Bean
    CommandLog commandLog(JdbcOperations jdbc, Clock clock) {
        return new CommandLog(jdbc, clock);
    }
}
