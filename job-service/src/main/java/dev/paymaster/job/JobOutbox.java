package dev.paymaster.job;

import dev.paymaster.events.Topics;
import dev.paymaster.events.job.JobCommand;
import dev.paymaster.events.job.JobCommand.AcceptJob;
import dev.paymaster.events.job.JobCommand.CancelJob;
import dev.paymaster.events.job.JobCommand.CreateJob;
import dev.paymaster.events.job.JobCommand.SubmitJob;
import dev.paymaster.events.job.JobCommand.VerifyJob;
import dev.paymaster.job.lifecycle.Decision;
import dev.paymaster.ledger.Transfer;
import dev.paymaster.ledger.Transfers;
import dev.paymaster.messaging.Message;
import dev.paymaster.messaging.outbox.EventWriter;
import dev.paymaster.messaging.outbox.Outbox;
import dev.paymaster.messaging.outbox.Outgoing;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Decides topic, key, subject and sequence of what jobs publish. For one thread and one batch. */
final class JobOutbox {
    private final EventWriter events;
    private final Outbox outbox;

    JobOutbox(EventWriter events, Outbox outbox) {
        this.events = events;
        this.outbox = outbox;
    }

    /**
     * Adds a command's outcome. Keyed by the job, so that one job's events stay in order, or by the sender when there is
     * no job; numbered when something has changed.
     */
    Outgoing addOutcome(Message<JobCommand> command, Decision decision) {
        Outgoing outcome = switch (decision) {
            case Decision.Changed change ->
                outcome(
                        command,
                        change.job().terms().id(),
                        decision,
                        change.job().sequence());
            case Decision.Refused _ -> outcome(command, subjectOf(command.body()), decision, null);
        };
        outbox.add(command, outcome);
        return outcome;
    }

    /** Adds the stored outcome of a command that came again. */
    void addAgain(Message<JobCommand> command, Outgoing outcome) {
        outbox.add(command, outcome);
    }

    /** Adds one event per transfer, numbered like the transfer. */
    void addTransfers(Message<JobCommand> command, List<Transfer> transfers) {
        for (Transfer transfer : transfers) {
            String user = transfer.userId().toString();
            outbox.add(
                    command,
                    events.event(
                            Topics.CREDIT_EVENTS,
                            user,
                            user,
                            Transfers.toEvent(transfer),
                            command,
                            transfer.sequence()));
        }
    }

    private Outgoing outcome(Message<JobCommand> command, UUID subject, Decision decision, @Nullable Long sequence) {
        String key = subject.toString();
        return events.event(Topics.JOB_EVENTS, key, key, decision.event(), command, sequence);
    }

    private static UUID subjectOf(JobCommand command) {
        return switch (command) {
            case CreateJob create -> create.sender();
            case AcceptJob accept -> accept.jobId();
            case SubmitJob submit -> submit.jobId();
            case VerifyJob verify -> verify.jobId();
            case CancelJob cancel -> cancel.jobId();
        };
    }
}
