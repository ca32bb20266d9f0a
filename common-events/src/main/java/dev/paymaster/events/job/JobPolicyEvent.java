package dev.paymaster.events.job;

/**
 * What the operator's policy has made of a job, where no {@link JobEvent} says it. On the same topic, under the same key
 * and in the same sequence as those; it is never the outcome of a command that somebody waits for.
 */
public sealed interface JobPolicyEvent {

    /** The receiver has not handed in a result in time: the job waits for another one, its credits still held. */
    record JobRequeued(JobSnapshot job) implements JobPolicyEvent {}
}
