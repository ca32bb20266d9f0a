package dev.paymaster.job.lifecycle;

import dev.paymaster.events.job.JobEvent;
import dev.paymaster.events.job.JobEvent.JobAccepted;
import dev.paymaster.events.job.JobEvent.JobCancelled;
import dev.paymaster.events.job.JobEvent.JobCreated;
import dev.paymaster.events.job.JobEvent.JobRefused;
import dev.paymaster.events.job.JobEvent.JobRejected;
import dev.paymaster.events.job.JobEvent.JobRequeued;
import dev.paymaster.events.job.JobEvent.JobSubmitted;
import dev.paymaster.events.job.JobEvent.JobVerified;

/** What comes of a command. */
public sealed interface Decision {

    /** The outcome, as it is told to everybody. */
    JobEvent event();

    /**
     * The job changes.
     *
     * @param job as it is afterwards
     * @param credits what must happen to the sender's credits together with it
     */
    record Changed(Job job, CreditMove credits) implements Decision {
        @Override
        public JobEvent event() {
            return switch (job) {
                case Job.Queued queued -> new JobCreated(queued.snapshot());
                case Job.Requeued requeued ->
                    requeued.verdict() == null
                            ? new JobRequeued(requeued.snapshot())
                            : new JobRejected(requeued.snapshot());
                case Job.Accepted accepted -> new JobAccepted(accepted.snapshot());
                case Job.Submitted submitted -> new JobSubmitted(submitted.snapshot());
                case Job.Verified verified -> new JobVerified(verified.snapshot());
                case Job.Rejected rejected -> new JobRejected(rejected.snapshot());
                case Job.Cancelled cancelled -> new JobCancelled(cancelled.snapshot());
            };
        }
    }

    /** Nothing changes. */
    record Refused(JobRefused event) implements Decision {}
}
