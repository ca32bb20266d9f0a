package dev.paymaster.job;

import dev.paymaster.events.job.JobCommand;
import dev.paymaster.job.lifecycle.Circumstances;
import dev.paymaster.job.lifecycle.Decision;
import dev.paymaster.job.lifecycle.Job;
import dev.paymaster.job.lifecycle.JobDecisions;
import dev.paymaster.job.lifecycle.Terms;
import dev.paymaster.ledger.HoldResult;
import dev.paymaster.ledger.LedgerBatch;
import dev.paymaster.ledger.Transfer;
import dev.paymaster.messaging.CommandLog;
import dev.paymaster.messaging.Message;
import dev.paymaster.messaging.outbox.Outbox;
import dev.paymaster.messaging.outbox.Outgoing;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The commands of one batch, decided one after the other in memory: each sees what those before it did to jobs and
 * credits. For one thread; nothing is in the database before the handler saves.
 */
final class JobBatch {
    private final Circumstances given;
    private final Map<UUID, Job> jobs;
    private final LedgerBatch credits;
    private final CommandLog.Batch log;
    private final JobEvents events;
    private final Outbox outbox;
    private final List<Job.Queued> created = new ArrayList<>();
    private final Map<UUID, Job> changed = new LinkedHashMap<>();

    /**
     * @param jobs those that the commands name and may see, as they are stored
     * @param credits with every account and hold that the commands may move
     */
    JobBatch(
            Circumstances given,
            Map<UUID, Job> jobs,
            LedgerBatch credits,
            CommandLog.Batch log,
            JobEvents events,
            Outbox outbox) {
        this.given = given;
        this.jobs = jobs;
        this.credits = credits;
        this.log = log;
        this.events = events;
        this.outbox = outbox;
    }

    /** Decides a command, unless it was decided before. */
    void apply(Message<JobCommand> command) {
        switch (log.earlier(command)) {
            case CommandLog.Earlier.None _ -> decide(command);
            case CommandLog.Earlier.Same same -> outbox.add(command, same.outcome());
            case CommandLog.Earlier.Other _ ->
                outbox.add(command, events.outcome(command, JobDecisions.idUsedBefore(command.body())));
        }
    }

    /** New jobs, in the order of their creation. Nobody knows their ids yet, so nothing else can have befallen them. */
    List<Job.Queued> created() {
        return created;
    }

    /** Jobs that were stored before and are not any more as they are stored. */
    Collection<Job> changed() {
        return changed.values();
    }

    private void decide(Message<JobCommand> command) {
        UUID jobId = JobDecisions.jobIdOf(command.body());
        Job job = jobId == null ? null : jobs.get(jobId);
        switch (JobDecisions.decide(job, command.body(), given)) {
            case Decision.Refused refused -> conclude(command, refused);
            case Decision.Changed change -> moveCredits(command, change);
        }
    }

    private void moveCredits(Message<JobCommand> command, Decision.Changed change) {
        Terms terms = change.job().terms();
        switch (change.credits()) {
            case NONE -> change(command, change, List.of());
            case HOLD -> {
                switch (credits.hold(terms.sender(), terms.id(), terms.creditCost(), given.now())) {
                    case HoldResult.Done done -> change(command, change, done.transfers());
                    case HoldResult.Insufficient lack ->
                        conclude(command, JobDecisions.unaffordable(lack.required(), lack.available()));
                }
            }
            case CAPTURE -> change(command, change, credits.capture(terms.sender(), terms.id(), given.now()));
            case RELEASE -> change(command, change, credits.release(terms.sender(), terms.id(), given.now()));
        }
    }

    private void change(Message<JobCommand> command, Decision.Changed change, List<Transfer> transfers) {
        Job job = change.job();
        if (job instanceof Job.Queued queued) {
            created.add(queued);
        } else {
            jobs.put(job.terms().id(), job);
            changed.put(job.terms().id(), job);
        }
        conclude(command, change);
        transfers.forEach(transfer -> outbox.add(command, events.entry(command, transfer)));
        credits.lowBalances(transfers).forEach(low -> outbox.add(command, events.low(command, low)));
    }

    private void conclude(Message<JobCommand> command, Decision decision) {
        Outgoing outcome = events.outcome(command, decision);
        outbox.add(command, outcome);
        log.decided(command, outcome);
    }
}
