package dev.paymaster.job.lifecycle;

import dev.paymaster.events.job.JobCommand;
import dev.paymaster.events.job.JobCommand.AcceptJob;
import dev.paymaster.events.job.JobCommand.CancelJob;
import dev.paymaster.events.job.JobCommand.CreateJob;
import dev.paymaster.events.job.JobCommand.SubmitJob;
import dev.paymaster.events.job.JobCommand.TimeOutJob;
import dev.paymaster.events.job.JobCommand.VerifyJob;
import dev.paymaster.events.job.JobSnapshot.Verification;
import dev.paymaster.events.job.Skill;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** All rules about jobs: functions of a job, a command and the circumstances, without clock, chance or I/O. */
public final class JobDecisions {
    private JobDecisions() {}

    /**
     * What comes of a command.
     *
     * @param job the one that the command names, or null when there is none
     */
    public static Decision decide(@Nullable Job job, JobCommand command, Circumstances given) {
        if (job == null) {
            return command instanceof CreateJob create ? create(create, given) : Refusals.notFound(jobIdOf(command));
        }
        return switch (command) {
            case CreateJob _ -> throw new IllegalArgumentException("a creation names no job");
            case AcceptJob accept -> accept(job, accept, given);
            case SubmitJob submit -> submit(job, submit, given);
            case VerifyJob verify -> verify(job, verify, given);
            case CancelJob cancel -> cancel(job, cancel, given);
            case TimeOutJob timeOut -> TimeOuts.decide(job, timeOut, given);
        };
    }

    /** The job that a command names; null for a creation, which names none. */
    public static @Nullable UUID jobIdOf(JobCommand command) {
        Named named = Named.by(command);
        return named == null ? null : named.jobId();
    }

    /** A creation comes to nothing because its {@link CreditMove#HOLD} can't be had. */
    public static Decision.Refused unaffordable(long required, long available) {
        return Refusals.insufficientCredits(required, available);
    }

    /** A command is refused because its id was used for another one. */
    public static Decision.Refused idUsedBefore(JobCommand command) {
        return Refusals.idempotencyMismatch(jobIdOf(command));
    }

    private static Decision create(CreateJob command, Circumstances given) {
        Skill skill = given.skills().get(command.skill());
        if (skill == null) {
            return Refusals.unknownSkill(command.skill(), given.skills().keySet());
        }
        Terms terms = new Terms(
                given.ids().get(),
                command.sender(),
                skill.name(),
                skill.creditCost(),
                skill.payoutCents(),
                given.shadow(),
                command.prompt(),
                command.title(),
                command.criteria(),
                given.now());
        return Transitions.create(terms, given);
    }

    /** Open jobs are everybody's to see, so whoever comes too late learns that the job is taken or gone. */
    private static Decision accept(Job job, AcceptJob command, Circumstances given) {
        if (job.terms().sender().equals(command.receiver())) {
            return Refusals.ownJob(job);
        }
        return switch (job) {
            case Job.Waiting waiting -> Transitions.accept(waiting, command.receiver(), given);
            case Job.Accepted _, Job.Submitted _, Job.Verified _, Job.Rejected _, Job.Cancelled _ ->
                Refusals.invalidState(job);
        };
    }

    private static Decision submit(Job job, SubmitJob command, Circumstances given) {
        return switch (job) {
            case Job.Waiting _ -> Refusals.invalidState(job);
            case Job.Cancelled _ -> Refusals.notFound(command.jobId());
            case Job.Taken taken
            when !taken.receiver().equals(command.receiver()) -> Refusals.notFound(command.jobId());
            case Job.Accepted accepted -> Transitions.submit(accepted, command.output(), given);
            case Job.Submitted _, Job.Verified _, Job.Rejected _ -> Refusals.invalidState(job);
        };
    }

    private static Decision verify(Job job, VerifyJob command, Circumstances given) {
        if (command.verifier() != null && !command.verifier().equals(job.terms().sender())) {
            return Refusals.notFound(command.jobId());
        }
        return switch (job) {
            case Job.Submitted submitted -> judge(submitted, command, given);
            case Job.Waiting _, Job.Accepted _, Job.Verified _, Job.Rejected _, Job.Cancelled _ ->
                Refusals.invalidState(job);
        };
    }

    private static Decision judge(Job.Submitted job, VerifyJob command, Circumstances given) {
        Verification verification = new Verification(command.passed(), command.reasoning(), command.scores());
        return command.passed()
                ? Transitions.pass(job, verification, given)
                : Transitions.reject(job, verification, given);
    }

    private static Decision cancel(Job job, CancelJob command, Circumstances given) {
        if (!job.terms().sender().equals(command.sender())) {
            return Refusals.notFound(command.jobId());
        }
        return switch (job) {
            case Job.Waiting _ -> Transitions.cancel(job, null, given);
            case Job.Accepted _, Job.Submitted _, Job.Verified _, Job.Rejected _, Job.Cancelled _ ->
                Refusals.invalidState(job);
        };
    }
}
