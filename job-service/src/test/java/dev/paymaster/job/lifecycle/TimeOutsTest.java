package dev.paymaster.job.lifecycle;

import static dev.paymaster.job.lifecycle.People.CREATED;
import static dev.paymaster.job.lifecycle.People.JOB_ID;
import static dev.paymaster.job.lifecycle.People.NOW;
import static dev.paymaster.job.lifecycle.People.SENDER;
import static dev.paymaster.job.lifecycle.People.due;
import static dev.paymaster.job.lifecycle.People.given;
import static dev.paymaster.job.lifecycle.People.job;
import static dev.paymaster.job.lifecycle.People.terms;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.events.job.JobCancellation;
import dev.paymaster.events.job.JobCommand.SubmitJob;
import dev.paymaster.events.job.JobCommand.TimeOutJob;
import dev.paymaster.events.job.JobEvent;
import dev.paymaster.events.job.JobEvent.JobCancelled;
import dev.paymaster.events.job.JobEvent.JobRefused;
import dev.paymaster.events.job.JobEvent.JobRejected;
import dev.paymaster.events.job.JobEvent.JobRequeued;
import dev.paymaster.events.job.JobEvent.JobVerified;
import dev.paymaster.events.job.JobSnapshot;
import dev.paymaster.events.job.JobSnapshot.Verification;
import dev.paymaster.events.job.JobSnapshot.Verifier;
import dev.paymaster.events.job.JobStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Overdue jobs under every policy. */
class TimeOutsTest {
    private static final TimeOutJob TIME_OUT = new TimeOutJob(JOB_ID, SENDER, 5);
    private static final TimeLimits WITHIN =
            new TimeLimits(Duration.ofHours(1), Duration.ofHours(2), Duration.ofHours(3));

    /** Every policy there is, with three attempts, on a job that went back to wait so many times. */
    static List<Arguments> policies() {
        List<Arguments> all = new ArrayList<>();
        for (WhenNotAccepted notAccepted : WhenNotAccepted.values()) {
            for (WhenNotSubmitted notSubmitted : WhenNotSubmitted.values()) {
                for (WhenNotVerified notVerified : WhenNotVerified.values()) {
                    for (WhenRejected rejected : WhenRejected.values()) {
                        for (int requeues : List.of(0, 1, 2)) {
                            all.add(Arguments.of(
                                    new Policy(WITHIN, notAccepted, notSubmitted, notVerified, rejected, 3), requeues));
                        }
                    }
                }
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("policies")
    void doesWhatIsLaidDown(Policy policy, int requeues) {
        for (boolean shadow : List.of(false, true)) {
            for (JobStatus status : JobStatus.values()) {
                Job job = overdue(status, requeues, shadow);
                String expected = expected(status, policy, requeues);

                Decision decision = JobDecisions.decide(job, TIME_OUT, given(false, policy));

                assertThat(described(decision))
                        .as("%s, %s", status, shadow ? "shadow" : "real")
                        .isEqualTo(shadow ? expected.replaceFirst(" .*", "") : expected);
                if (decision instanceof Decision.Changed change) {
                    assertThat(change.job().sequence()).isEqualTo(6);
                    assertThat(change.job().terms()).isEqualTo(job.terms());
                    assertThat(Job.of(change.job().snapshot(), 6)).isEqualTo(change.job());
                }
            }
        }
    }

    private static String expected(JobStatus status, Policy policy, int requeues) {
        boolean mayTryAgain = requeues < 2;
        return switch (status) {
            case QUEUED -> policy.whenNotAccepted() == WhenNotAccepted.CANCEL ? "cancelled release" : "kept";
            case ACCEPTED ->
                policy.whenNotSubmitted() == WhenNotSubmitted.REQUEUE && mayTryAgain ? "queued" : "cancelled release";
            case SUBMITTED ->
                switch (policy.whenNotVerified()) {
                    case AUTO_VERIFY -> "verified capture";
                    case KEEP -> "kept";
                    case REJECT ->
                        switch (policy.whenRejected()) {
                            case RELEASE -> "rejected release";
                            case CAPTURE -> "rejected capture";
                            case REQUEUE -> mayTryAgain ? "queued" : "rejected release";
                        };
                };
            case VERIFIED, REJECTED, CANCELLED -> "not_due";
        };
    }

    @ParameterizedTest
    @EnumSource(names = {"QUEUED", "ACCEPTED", "SUBMITTED"})
    void waitsForTheDeadline(JobStatus status) {
        assertThat(JobDecisions.decide(due(status, NOW.plusNanos(1000)), TIME_OUT, given(false)))
                .isInstanceOfSatisfying(
                        Decision.Refused.class,
                        refused -> assertThat(refused.event().code()).isEqualTo("not_due"));
        assertThat(JobDecisions.decide(due(status, NOW), TIME_OUT, given(false)))
                .isInstanceOf(Decision.Changed.class);
    }

    @Test
    void leavesAResultAloneThatCameFirst() {
        Job accepted = overdue(JobStatus.ACCEPTED, 0, false);
        Decision submitted =
                JobDecisions.decide(accepted, new SubmitJob(JOB_ID, People.RECEIVER, "Late"), given(false));

        Decision decision = JobDecisions.decide(((Decision.Changed) submitted).job(), TIME_OUT, given(false));

        assertThat(described(decision)).isEqualTo("moved_on");
    }

    @Test
    void refusesAResultThatCameAfterwards() {
        Decision requeued = JobDecisions.decide(overdue(JobStatus.ACCEPTED, 0, false), TIME_OUT, given(false));

        Decision decision = JobDecisions.decide(
                ((Decision.Changed) requeued).job(), new SubmitJob(JOB_ID, People.RECEIVER, "Late"), given(false));

        assertThat(described(decision)).isEqualTo("invalid_state");
    }

    @Test
    void saysThatNobodyAccepted() {
        JobSnapshot job = ((JobCancelled) event(JobStatus.QUEUED, Policy.DEFAULT)).job();

        assertThat(job.cancellation()).isEqualTo(JobCancellation.NOT_ACCEPTED);
        assertThat(job.deadlineAt()).isNull();
    }

    @Test
    void saysThatNothingWasSubmitted() {
        Policy policy = with(WhenNotVerified.KEEP, WhenRejected.RELEASE, 1);

        JobSnapshot job = ((JobCancelled) event(JobStatus.ACCEPTED, policy)).job();

        assertThat(job.cancellation()).isEqualTo(JobCancellation.NOT_SUBMITTED);
        assertThat(job.receiver()).isNull();
    }

    @Test
    void saysThatTheJobWaitsAgain() {
        Policy policy = with(WhenNotVerified.KEEP, WhenRejected.RELEASE, 2);

        JobSnapshot job = ((JobRequeued) event(JobStatus.ACCEPTED, policy)).job();

        assertThat(job.status()).isEqualTo(JobStatus.QUEUED);
        assertThat(job.requeues()).isEqualTo(1);
        assertThat(job.receiver()).isNull();
        assertThat(job.verification()).isNull();
        assertThat(job.deadlineAt()).isEqualTo(NOW.plus(Duration.ofHours(1)));
    }

    @Test
    void saysThatTheTimeOutVerified() {
        JobSnapshot job = ((JobVerified) event(JobStatus.SUBMITTED, Policy.DEFAULT)).job();

        assertThat(job.verification()).isEqualTo(new Verification(true, null, null, Verifier.TIMEOUT));
        assertThat(job.output()).isEqualTo("Found");
        assertThat(job.receiver()).isEqualTo(People.RECEIVER);
    }

    @Test
    void saysThatTheTimeOutRejected() {
        Policy policy = with(WhenNotVerified.REJECT, WhenRejected.REQUEUE, 2);

        JobSnapshot job = ((JobRejected) event(JobStatus.SUBMITTED, policy)).job();

        assertThat(job.status()).isEqualTo(JobStatus.QUEUED);
        assertThat(requireNonNull(job.verification()).by()).isEqualTo(Verifier.TIMEOUT);
    }

    @Test
    void watchesOnlyWhereSomethingHappens() {
        assertThat(Policy.DEFAULT.timedStates())
                .isEqualTo(EnumSet.of(JobStatus.QUEUED, JobStatus.ACCEPTED, JobStatus.SUBMITTED));
        assertThat(new Policy(
                                WITHIN,
                                WhenNotAccepted.KEEP,
                                WhenNotSubmitted.CANCEL,
                                WhenNotVerified.KEEP,
                                WhenRejected.RELEASE,
                                1)
                        .timedStates())
                .isEqualTo(EnumSet.of(JobStatus.ACCEPTED));
    }

    private static Policy with(WhenNotVerified notVerified, WhenRejected rejected, int attempts) {
        return new Policy(WITHIN, WhenNotAccepted.CANCEL, WhenNotSubmitted.REQUEUE, notVerified, rejected, attempts);
    }

    private static JobEvent event(JobStatus status, Policy policy) {
        return JobDecisions.decide(overdue(status, 0, false), TIME_OUT, given(false, policy))
                .event();
    }

    /** Finished jobs, too, as an older version may have left them. */
    private static Job overdue(JobStatus status, int requeues, boolean shadow) {
        return status == JobStatus.QUEUED && requeues > 0
                ? new Job.Requeued(terms(shadow), new Progress(5, CREATED, requeues, NOW), null)
                : job(status, terms(shadow), new Progress(5, CREATED, requeues, NOW));
    }

    private static String described(Decision decision) {
        return switch (decision) {
            case Decision.Refused(JobRefused event) -> event.code();
            case Decision.Changed(Job job, CreditMove credits) ->
                job.status().json()
                        + (credits == CreditMove.NONE
                                ? ""
                                : " " + credits.name().toLowerCase(Locale.ROOT));
        };
    }
}
