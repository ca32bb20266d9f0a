package dev.paymaster.credit;

import dev.paymaster.credit.grant.GrantHandler;
import dev.paymaster.credit.payment.Alarms;
import dev.paymaster.credit.payment.Payments;
import dev.paymaster.credit.payment.ReviewCommands;
import dev.paymaster.credit.payment.Reviews;
import dev.paymaster.credit.statement.EntryEvents;
import dev.paymaster.credit.timer.Expiry;
import dev.paymaster.credit.timer.MissedReviews;
import dev.paymaster.credit.timer.Timer;
import dev.paymaster.credit.timer.TimerSettings;
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
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcOperations;

/** How the service is put together. */
@Configuration(proxyBeanMethods = false)
@Import(WorkerConfiguration.class)
@EnableConfigurationProperties({StripeSettings.class, TariffSettings.class, TopUpSettings.class, TimerSettings.class})
class CreditConfiguration {
    @Bean
    Migrations migrations() {
        return flyway -> {
            flyway.migrate();
            LedgerMigrations.migrate(flyway);
        };
    }

    @Bean
    Ledger ledger(JdbcOperations jdbc, Ids ids) {
        return new Ledger(jdbc, ids::next);
    }

    @Bean
    EntryEvents entryEvents(EventWriter events) {
        return new EntryEvents(events);
    }

    @Bean
    ReviewCommands reviewCommands(EventWriter events, Ids ids) {
        return new ReviewCommands(events, ids);
    }

    @Bean
    PartitionConsumer creditCommands(
            PartitionConsumers consumers,
            JdbcOperations jdbc,
            Ledger ledger,
            CommandLog commandLog,
            EntryEvents events,
            DecisionTime time,
            MeterRegistry meters) {
        return consumers.create(
                new GrantHandler(ledger, new Reviews(jdbc, new Alarms(meters)), commandLog, events, time));
    }

    @Bean
    Timer expiry(
            Ledger ledger,
            EventWriter events,
            Publisher publisher,
            Ids ids,
            Clock clock,
            MeterRegistry meters,
            TimerSettings settings) {
        return new Timer("credit-expiry", settings.expiry(), meters, new Expiry(ledger, events, publisher, ids, clock));
    }

    @Bean
    Timer missedReviews(
            JdbcOperations jdbc,
            ReviewCommands commands,
            Publisher publisher,
            DecisionTime time,
            MeterRegistry meters,
            TimerSettings settings) {
        return new Timer(
                "credit-reviews",
                settings.reviews(),
                meters,
                new MissedReviews(new Payments(jdbc, new Alarms(meters)), commands, publisher, time));
    }

    @Bean
    HealthIndicator creditCommandsHealthIndicator(PartitionConsumer creditCommands) {
        return new ConsumerHealth(creditCommands);
    }
}
