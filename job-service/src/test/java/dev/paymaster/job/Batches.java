package dev.paymaster.job;

import dev.paymaster.events.Envelope;
import dev.paymaster.events.MessageTypes;
import dev.paymaster.events.Topics;
import dev.paymaster.events.job.JobCommand;
import dev.paymaster.events.job.JobEvent;
import dev.paymaster.events.job.Skill;
import dev.paymaster.job.lifecycle.Circumstances;
import dev.paymaster.job.lifecycle.Policy;
import dev.paymaster.job.lifecycle.TimeLimits;
import dev.paymaster.job.lifecycle.WhenRejected;
import dev.paymaster.ledger.Ledger;
import dev.paymaster.messaging.Codec;
import dev.paymaster.messaging.CommandLog;
import dev.paymaster.messaging.Ids;
import dev.paymaster.messaging.Message;
import dev.paymaster.messaging.MessageReader;
import dev.paymaster.messaging.outbox.EventWriter;
import dev.paymaster.messaging.outbox.Outbox;
import dev.paymaster.messaging.outbox.Outgoing;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.kafka.common.TopicPartition;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Gives the handler batches of exactly the records that a test wants, each in a transaction. Thread-safe. */
final class Batches {
    private static final MessageReader<JobEvent> EVENTS = new MessageReader<>(JobEvent.class);

    private final JobBatchHandler handler;
    private final TransactionTemplate transactions;

    Batches(DataSource dataSource, boolean shadow) {
        this(dataSource, shadow, Policy.DEFAULT, Clock.systemUTC());
    }

    Batches(DataSource dataSource, boolean shadow, Policy policy, Clock clock) {
        JdbcTemplate jdbc = new JdbcTemplate(dataSource);
        Ids ids = Ids.timeOrdered();
        handler = new JobBatchHandler(
                new Jobs(jdbc),
                new Ledger(jdbc, ids::next),
                new CommandLog(jdbc, clock),
                new EventWriter("/job-service", ids, clock),
                () -> new Circumstances(
                        clock.instant(), shadow, Map.of("research", new Skill("research", 2, 100)), policy, ids::next));
        transactions = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
    }

    /** Nothing out of the ordinary but what is given. */
    static Policy policy(TimeLimits within, WhenRejected whenRejected, int attempts) {
        return new Policy(
                within,
                Policy.DEFAULT.whenNotAccepted(),
                Policy.DEFAULT.whenNotSubmitted(),
                Policy.DEFAULT.whenNotVerified(),
                whenRejected,
                attempts);
    }

    static Message<JobCommand> message(String id, JobCommand command) {
        return new Message<>(
                Envelope.of(
                        id,
                        "/test",
                        MessageTypes.nameOf(command.getClass()),
                        "test",
                        Clock.systemUTC().instant()),
                command,
                Codec.write(command),
                new TopicPartition(Topics.JOB_COMMANDS, 0),
                null);
    }

    /** One batch of commands, each with an id of its own. */
    List<Outgoing> run(JobCommand... commands) {
        return run(Arrays.stream(commands)
                .map(command -> message(UUID.randomUUID().toString(), command))
                .toList());
    }

    /** One batch. */
    List<Outgoing> run(List<Message<JobCommand>> messages) {
        Outbox outbox = new Outbox();
        transactions.executeWithoutResult(_ -> handler.handle(messages, outbox));
        return outbox.all();
    }

    /** The outcomes among what a batch publishes, in order. */
    static List<JobEvent> outcomes(List<Outgoing> published) {
        return published.stream()
                .filter(record -> record.topic().equals(Topics.JOB_EVENTS))
                .map(Batches::event)
                .toList();
    }

    private static JobEvent event(Outgoing record) {
        return EVENTS.read(record.envelope().type(), bytes(record));
    }

    private static byte[] bytes(Outgoing record) {
        byte[] value = record.value();
        if (value == null) {
            throw new AssertionError("an event without a value");
        }
        return value;
    }
}
