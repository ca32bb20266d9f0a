package dev.paymaster.job;

import dev.paymaster.events.Topics;
import dev.paymaster.events.credit.CreditEvent.BalanceLow;
import dev.paymaster.events.job.JobCommand;
import dev.paymaster.events.job.JobCommand.AcceptJob;
import dev.paymaster.events.job.JobCommand.CancelJob;
import dev.paymaster.events.job.JobCommand.CreateJob;
import dev.paymaster.events.job.JobCommand.SubmitJob;
import dev.paymaster.events.job.JobCommand.TimeOutJob;
import dev.paymaster.events.job.JobCommand.VerifyJob;
import dev.paymaster.job.lifecycle.Decision;
import dev.paymaster.ledger.Transfer;
import dev.paymaster.ledger.Transfers;
import dev.paymaster.messaging.Message;
import dev.paymaster.messaging.outbox.EventWriter;
import dev.paymaster.messaging.outbox.Outgoing;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What jobs publish, with its topic, key, subject and sequence. Thread-safe. */
final class JobEvents {
    private final EventWriter writer;

    JobEvents(EventWriter writer) {
        this.writer = writer;
    }

    /**
     * A command's outcome. Keyed by the job, so that one job's events stay in order, or by the sender when there is no
     * job; numbered when something has changed.
     */
    Outgoing outcome(Message<JobCommand> command, Decision decision) {
        return switch (decision) {
            case Decision.Changed change ->
                outcome(
                        command,
                        change.job().terms().id(),
                        decision,
                        change.job().sequence());
            case Decision.Refused _ -> outcome(command, subjectOf(command.body()), decision, null);
        };
    }

    /** The event of a movement of credits, numbered like it. */
    Outgoing entry(Message<JobCommand> command, Transfer transfer) {
        String user = transfer.userId().toString();
        return writer.event(
                Topics.CREDIT_EVENTS, user, user, Transfers.toEvent(transfer), command, transfer.sequence());
    }

    /** The event of a balance that has become low; it is no movement, so it has no number. */
    Outgoing low(Message<JobCommand> command, BalanceLow low) {
        String user = low.userId().toString();
        return writer.event(Topics.CREDIT_EVENTS, user, user, low, command, null);
    }

    private Outgoing outcome(Message<JobCommand> command, UUID subject, Decision decision, @Nullable Long sequence) {
        String key = subject.toString();
        return writer.event(Topics.JOB_EVENTS, key, key, decision.event(), command, sequence);
    }

    private static UUID subjectOf(JobCommand command) {
        return switch (command) {
            case CreateJob create -> create.sender();
            case AcceptJob accept -> accept.jobId();
            case SubmitJob submit -> submit.jobId();
            case VerifyJob verify -> verify.jobId();
            case CancelJob cancel -> cancel.jobId();
            case TimeOutJob timeOut -> timeOut.jobId();
        };
    }
}
