package dev.paymaster.job;

import dev.paymaster.job.catalogue.Catalogue;
import dev.paymaster.job.lifecycle.Circumstances;
import dev.paymaster.job.lifecycle.Policy;
import dev.paymaster.ledger.Ledger;
import dev.paymaster.ledger.LedgerMigrations;
import dev.paymaster.messaging.CommandLog;
import dev.paymaster.messaging.ConsumerHealth;
import dev.paymaster.messaging.DecisionTime;
import dev.paymaster.messaging.Ids;
import dev.paymaster.messaging.PartitionConsumer;
import dev.paymaster.messaging.PartitionConsumers;
import dev.paymaster.messaging.WorkerConfiguration;
import dev.paymaster.messaging.lifetime.LifetimeConfiguration.Migrations;
import dev.paymaster.messaging.outbox.EventWriter;
import dev.paymaster.messaging.outbox.Publisher;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcOperations;

/** How the service is put together. */
@Configuration(proxyBeanMethods = false)
@Import(WorkerConfiguration.class)
@EnableConfigurationProperties({StripeSettings.class, PolicySettings.class, TimerSettings.class})
class JobConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(JobConfiguration.class);

    @Bean
    Migrations migrations() {
        return flyway -> {
            flyway.migrate();
            LedgerMigrations.migrate(flyway);
        };
    }

    @Bean
    JobBatchHandler jobBatchHandler(
            JdbcOperations jdbc,
            CommandLog commandLog,
            EventWriter events,
            Catalogue catalogue,
            StripeSettings stripe,
            PolicySettings settings,
            Ids ids,
            DecisionTime time) {
        Policy policy = settings.policy();
        LOG.info(
                "Stripe is {}; skills: {}",
                stripe.isOff() ? "off: jobs cost nothing" : "on: jobs cost credits",
                catalogue.skills().keySet());
        return new JobBatchHandler(
                new Jobs(jdbc),
                new Ledger(jdbc, ids::next),
                commandLog,
                events,
                () -> new Circumstances(time.now(), stripe.isOff(), catalogue.skills(), policy, ids::next));
    }

    @Bean
    PartitionConsumer jobCommands(PartitionConsumers consumers, JobBatchHandler handler) {
        return consumers.create(handler);
    }

    @Bean
    DeadlineTimer deadlineTimer(
            JdbcOperations jdbc,
            EventWriter events,
            Publisher publisher,
            PolicySettings policy,
            TimerSettings settings,
            Clock clock) {
        return new DeadlineTimer(
                new OverdueJobs(jdbc), policy.policy().timedStates(), events, publisher, clock, settings);
    }

    @Bean
    HealthIndicator jobDeadlinesHealthIndicator(DeadlineTimer timer) {
        return () -> (timer.isAlive() ? Health.up() : Health.down()).build();
    }

    @Bean
    HealthIndicator jobCommandsHealthIndicator(PartitionConsumer jobCommands) {
        return new ConsumerHealth(jobCommands);
    }
}
