package dev.paymaster.job.lifecycle;

import dev.paymaster.events.job.JobCommand;
import dev.paymaster.events.job.JobCommand.AcceptJob;
import dev.paymaster.events.job.JobCommand.CancelJob;
import dev.paymaster.events.job.JobCommand.CreateJob;
import dev.paymaster.events.job.JobCommand.SubmitJob;
import dev.paymaster.events.job.JobCommand.TimeOutJob;
import dev.paymaster.events.job.JobCommand.VerifyJob;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job that a command names, and whose it must be: to {@link JobDecisions} any other one is as good as none.
 *
 * @param sender who must have sent the job; null: whoever did
 * @param receiver who must have it, unless it waits for a receiver, when everybody may see it; null: whoever has
 */
public record Named(
        UUID jobId, @Nullable UUID sender, @Nullable UUID receiver) {
    /** The job that a command names; null for a creation, which names none. */
    public static @Nullable Named by(JobCommand command) {
        return switch (command) {
            case CreateJob _ -> null;
            case AcceptJob accept -> new Named(accept.jobId(), null, null);
            case SubmitJob submit -> new Named(submit.jobId(), null, submit.receiver());
            case VerifyJob verify -> new Named(verify.jobId(), verify.verifier(), null);
            case CancelJob cancel -> new Named(cancel.jobId(), cancel.sender(), null);
            case TimeOutJob timeOut -> new Named(timeOut.jobId(), null, null);
        };
    }
}
