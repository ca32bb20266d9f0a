package dev.paymaster.payout;

import dev.paymaster.messaging.CommandLog;
import dev.paymaster.messaging.ConsumerHealth;
import dev.paymaster.messaging.PartitionConsumer;
import dev.paymaster.messaging.PartitionConsumers;
import dev.paymaster.messaging.WorkerConfiguration;
import dev.paymaster.messaging.outbox.EventWriter;
import dev.paymaster.payout.event.StripeMode;
import dev.paymaster.payout.recovery.OutcomeRules;
import dev.paymaster.payout.recovery.Patience;
import dev.paymaster.payout.recovery.ReversalRules;
import dev.paymaster.payout.transfer.DueSignal;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The two consumers and what they work with. */
@Configuration(proxyBeanMethods = false)
@Import(WorkerConfiguration.class)
@EnableConfigurationProperties({PatienceSettings.class, HoldSettings.class})
@EnableScheduling
class PayoutWorkerConfiguration {
    @Bean
    Patience patience(PatienceSettings settings) {
        return settings.patience();
    }

    @Bean
    Tables tables(JdbcOperations jdbc, CommandLog log, HoldSettings holds) {
        Senders senders = new Senders(jdbc, holds.capAtRevenue());
        return new Tables(new Accounts(jdbc), new Payouts(jdbc), senders, new AttemptLog(jdbc), log);
    }

    @Bean
    Judge judge(Patience patience, HoldSettings holds) {
        return new Judge(
                new OutcomeRules(patience),
                new ReversalRules(patience),
                holds.newReceiverHold(),
                holds.batching(),
                () -> ThreadLocalRandom.current().nextDouble());
    }

    @Bean
    PayoutHandler payoutHandler(
            Tables tables, EventWriter events, Judge judge, MeterRegistry meters, DueSignal signal) {
        return new PayoutHandler(tables, judge, events, new PayoutMetrics(meters), signal);
    }

    @Bean
    WaitingForFunds waitingForFunds(JdbcOperations jdbc, MeterRegistry meters) {
        return new WaitingForFunds(jdbc, meters);
    }

    @Bean
    StripeMode stripeMode(Environment environment) {
        return StripeMode.of(environment.getProperty("stripe.secret-key", ""));
    }

    @Bean
    Instruments instruments(JdbcOperations jdbc) {
        return new Instruments(jdbc);
    }

    @Bean
    IntakeHandler intakeHandler(
            Tables tables, Instruments instruments, StripeMode mode, EventWriter events, MeterRegistry meters) {
        return new IntakeHandler(
                new Receivers(tables.accounts(), meters),
                new MadePayouts(tables.payouts(), meters),
                instruments,
                tables.senders(),
                mode,
                events);
    }

    @Bean
    PartitionConsumer payoutConsumer(PartitionConsumers consumers, PayoutHandler handler) {
        return consumers.create(handler);
    }

    @Bean
    PartitionConsumer intakeConsumer(PartitionConsumers consumers, IntakeHandler handler) {
        return consumers.create(handler);
    }

    @Bean
    HealthIndicator payoutCommandsHealthIndicator(PartitionConsumer payoutConsumer) {
        return new ConsumerHealth(payoutConsumer);
    }

    @Bean
    HealthIndicator payoutIntakeHealthIndicator(PartitionConsumer intakeConsumer) {
        return new ConsumerHealth(intakeConsumer);
    }
}
