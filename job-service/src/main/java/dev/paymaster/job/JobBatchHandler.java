package dev.paymaster.job;

import dev.paymaster.events.Envelope;
import dev.paymaster.events.Topics;
import dev.paymaster.events.job.JobCommand;
import dev.paymaster.events.job.JobCommand.AcceptJob;
import dev.paymaster.events.job.JobCommand.CancelJob;
import dev.paymaster.events.job.JobCommand.CreateJob;
import dev.paymaster.events.job.JobCommand.SubmitJob;
import dev.paymaster.events.job.JobCommand.TimeOutJob;
import dev.paymaster.events.job.JobCommand.VerifyJob;
import dev.paymaster.job.lifecycle.Circumstances;
import dev.paymaster.job.lifecycle.Job;
import dev.paymaster.job.lifecycle.Named;
import dev.paymaster.ledger.Ledger;
import dev.paymaster.ledger.LedgerBatch;
import dev.paymaster.ledger.LedgerScope;
import dev.paymaster.messaging.BatchHandler;
import dev.paymaster.messaging.CommandLog;
import dev.paymaster.messaging.Inbound;
import dev.paymaster.messaging.Message;
import dev.paymaster.messaging.MessageReader;
import dev.paymaster.messaging.UnreadableRecordException;
import dev.paymaster.messaging.outbox.EventWriter;
import dev.paymaster.messaging.outbox.Outbox;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Applies the commands of {@link Topics#JOB_COMMANDS}, a whole poll in a handful of statements: loads and locks what the
 * batch touches, lets {@link JobBatch} decide in memory, saves set-based. Thread-safe.
 *
 * <p>Locks are taken in one order, jobs and then accounts, each ascending, as everywhere that both are locked.
 */
final class JobBatchHandler implements BatchHandler<JobCommand> {
    private final MessageReader<JobCommand> reader = new MessageReader<>(JobCommand.class);
    private final Jobs jobs;
    private final Ledger ledger;
    private final CommandLog commandLog;
    private final JobEvents events;
    private final Supplier<Circumstances> circumstances;

    /**
     * @param circumstances what each batch is decided under, with the time of the call
     */
    JobBatchHandler(
            Jobs jobs,
            Ledger ledger,
            CommandLog commandLog,
            EventWriter events,
            Supplier<Circumstances> circumstances) {
        this.jobs = jobs;
        this.ledger = ledger;
        this.commandLog = commandLog;
        this.events = new JobEvents(events);
        this.circumstances = circumstances;
    }

    @Override
    public String consumer() {
        return "job-service";
    }

    @Override
    public Set<String> topics() {
        return Set.of(Topics.JOB_COMMANDS);
    }

    @Override
    public JobCommand decode(Inbound record) {
        String type = record.header(Envelope.HEADER_TYPE);
        if (type == null) {
            throw new UnreadableRecordException("header " + Envelope.HEADER_TYPE + " is missing");
        }
        return reader.read(type, record.value());
    }

    @Override
    public void handle(List<Message<JobCommand>> messages, Outbox outbox) {
        Circumstances given = circumstances.get();
        CommandLog.Batch log = commandLog.open(messages);
        Map<UUID, Job> loaded = jobs.lock(jobsNamedBy(messages));
        LedgerBatch credits = ledger.open(scopeOf(messages, loaded, given));
        JobBatch batch = new JobBatch(given, loaded, credits, log, events, outbox);
        messages.forEach(batch::apply);
        jobs.insert(batch.created());
        jobs.update(batch.changed());
        log.save();
        credits.save();
    }

    private static Set<Named> jobsNamedBy(List<Message<JobCommand>> messages) {
        Set<Named> named = HashSet.newHashSet(messages.size());
        for (Message<JobCommand> message : messages) {
            Named job = Named.by(message.body());
            if (job != null) {
                named.add(job);
            }
        }
        return named;
    }

    /** The accounts and holds that the commands may move; nothing for shadow jobs, nor for what moves no credits. */
    private static LedgerScope scopeOf(List<Message<JobCommand>> messages, Map<UUID, Job> loaded, Circumstances given) {
        Set<UUID> users = HashSet.newHashSet(messages.size());
        Set<UUID> holds = new HashSet<>();
        for (Message<JobCommand> message : messages) {
            switch (message.body()) {
                case CreateJob create -> {
                    if (!given.shadow() && given.skills().containsKey(create.skill())) {
                        users.add(create.sender());
                    }
                }
                case AcceptJob _, SubmitJob _ -> {}
                case VerifyJob verify -> addHold(loaded.get(verify.jobId()), users, holds);
                case CancelJob cancel -> addHold(loaded.get(cancel.jobId()), users, holds);
                case TimeOutJob timeOut -> addHold(loaded.get(timeOut.jobId()), users, holds);
            }
        }
        return new LedgerScope(users, holds, Set.of());
    }

    private static void addHold(@Nullable Job job, Set<UUID> users, Set<UUID> holds) {
        if (job != null && !job.terms().shadow()) {
            users.add(job.terms().sender());
            holds.add(job.terms().id());
        }
    }
}
