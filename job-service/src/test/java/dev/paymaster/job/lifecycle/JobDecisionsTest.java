package dev.paymaster.job.lifecycle;

import static dev.paymaster.job.lifecycle.People.JOB_ID;
import static dev.paymaster.job.lifecycle.People.NOW;
import static dev.paymaster.job.lifecycle.People.RECEIVER;
import static dev.paymaster.job.lifecycle.People.SENDER;
import static dev.paymaster.job.lifecycle.People.STRANGER;
import static dev.paymaster.job.lifecycle.People.due;
import static dev.paymaster.job.lifecycle.People.given;
import static dev.paymaster.job.lifecycle.People.job;
import static dev.paymaster.job.lifecycle.People.policy;
import static dev.paymaster.job.lifecycle.People.requeued;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.events.job.JobCommand;
import dev.paymaster.events.job.JobCommand.AcceptJob;
import dev.paymaster.events.job.JobCommand.CancelJob;
import dev.paymaster.events.job.JobCommand.CreateJob;
import dev.paymaster.events.job.JobCommand.SubmitJob;
import dev.paymaster.events.job.JobCommand.TimeOutJob;
import dev.paymaster.events.job.JobCommand.VerifyJob;
import dev.paymaster.events.job.JobEvent.JobRefused;
import dev.paymaster.events.job.JobEvent.JobRejected;
import dev.paymaster.events.job.JobEvent.JobVerified;
import dev.paymaster.events.job.JobSnapshot;
import dev.paymaster.events.job.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class JobDecisionsTest {
    private static final Map<String, JobCommand> COMMANDS = Map.ofEntries(
            Map.entry("accept by stranger", new AcceptJob(JOB_ID, STRANGER)),
            Map.entry("accept by receiver", new AcceptJob(JOB_ID, RECEIVER)),
            Map.entry("accept by sender", new AcceptJob(JOB_ID, SENDER)),
            Map.entry("submit by receiver", new SubmitJob(JOB_ID, RECEIVER, "Found it")),
            Map.entry("submit by stranger", new SubmitJob(JOB_ID, STRANGER, "Found it")),
            Map.entry("submit by sender", new SubmitJob(JOB_ID, SENDER, "Found it")),
            Map.entry("pass by sender", new VerifyJob(JOB_ID, SENDER, true, "Good", Map.of("depth", 0.9))),
            Map.entry("pass by platform", new VerifyJob(JOB_ID, null, true, null, null)),
            Map.entry("pass by receiver", new VerifyJob(JOB_ID, RECEIVER, true, null, null)),
            Map.entry("pass by stranger", new VerifyJob(JOB_ID, STRANGER, true, null, null)),
            Map.entry("fail by sender", new VerifyJob(JOB_ID, SENDER, false, "Bad", null)),
            Map.entry("fail by platform", new VerifyJob(JOB_ID, null, false, null, null)),
            Map.entry("fail by stranger", new VerifyJob(JOB_ID, STRANGER, false, null, null)),
            Map.entry("cancel by sender", new CancelJob(JOB_ID, SENDER)),
            Map.entry("cancel by receiver", new CancelJob(JOB_ID, RECEIVER)),
            Map.entry("cancel by stranger", new CancelJob(JOB_ID, STRANGER)),
            Map.entry("time out", new TimeOutJob(JOB_ID, SENDER, 5)),
            Map.entry("time out late", new TimeOutJob(JOB_ID, SENDER, 4)),
            Map.entry("time out early", new TimeOutJob(JOB_ID, SENDER, 6)),
            Map.entry("time out strange", new TimeOutJob(JOB_ID, STRANGER, 5)));

    private static final Set<String> TELL_THE_STATUS = Set.of("invalid_state", "moved_on", "not_due");

    /** Every command in every state: the state after it and what it does to the credits, or the code of the refusal. */
    private static final String TABLE = """
            command            | none      | queued            | accepted      | submitted        | verified      | rejected      | cancelled
            accept by stranger | not_found | accepted          | invalid_state | invalid_state    | invalid_state | invalid_state | invalid_state
            accept by receiver | not_found | accepted          | invalid_state | invalid_state    | invalid_state | invalid_state | invalid_state
            accept by sender   | not_found | own_job           | own_job       | own_job          | own_job       | own_job       | own_job
            submit by receiver | not_found | invalid_state     | submitted     | invalid_state    | invalid_state | invalid_state | not_found
            submit by stranger | not_found | invalid_state     | not_found     | not_found        | not_found     | not_found     | not_found
            submit by sender   | not_found | invalid_state     | not_found     | not_found        | not_found     | not_found     | not_found
            pass by sender     | not_found | invalid_state     | invalid_state | verified capture | invalid_state | invalid_state | invalid_state
            pass by platform   | not_found | invalid_state     | invalid_state | verified capture | invalid_state | invalid_state | invalid_state
            pass by receiver   | not_found | not_found         | not_found     | not_found        | not_found     | not_found     | not_found
            pass by stranger   | not_found | not_found         | not_found     | not_found        | not_found     | not_found     | not_found
            fail by sender     | not_found | invalid_state     | invalid_state | rejected release | invalid_state | invalid_state | invalid_state
            fail by platform   | not_found | invalid_state     | invalid_state | rejected release | invalid_state | invalid_state | invalid_state
            fail by stranger   | not_found | not_found         | not_found     | not_found        | not_found     | not_found     | not_found
            cancel by sender   | not_found | cancelled release | invalid_state | invalid_state    | invalid_state | invalid_state | invalid_state
            cancel by receiver | not_found | not_found         | not_found     | not_found        | not_found     | not_found     | not_found
            cancel by stranger | not_found | not_found         | not_found     | not_found        | not_found     | not_found     | not_found
            time out           | not_found | not_due           | not_due       | not_due          | not_due       | not_due       | not_due
            time out late      | not_found | moved_on          | moved_on      | moved_on         | moved_on      | moved_on      | moved_on
            time out early     | not_found | moved_on          | moved_on      | moved_on         | moved_on      | moved_on      | moved_on
            time out strange   | not_found | not_found         | not_found     | not_found        | not_found     | not_found     | not_found
            """;

    @ParameterizedTest(name = "{1}, job {0}: {2}")
    @MethodSource("table")
    void decidesEveryCommandInEveryState(String state, String command, String outcome) {
        Job job = jobIn(state, false);

        Decision decision = JobDecisions.decide(job, command(command), given(false));

        assertThat(described(decision)).isEqualTo(outcome);
        switch (decision) {
            case Decision.Changed change -> {
                assertThat(change.job().sequence()).isEqualTo(6);
                assertThat(change.job().progress().updatedAt()).isEqualTo(NOW);
                assertThat(change.job().terms()).isEqualTo(requireNonNull(job).terms());
            }
            case Decision.Refused refused -> {
                assertThat(refused.event().jobId()).isEqualTo(JOB_ID);
                assertThat(refused.event().detail()).isNotBlank();
                assertThat(refused.event().status())
                        .isEqualTo(
                                job != null
                                                && TELL_THE_STATUS.contains(
                                                        refused.event().code())
                                        ? job.status()
                                        : null);
            }
        }
    }

    @ParameterizedTest(name = "{1}, shadow job {0}")
    @MethodSource("table")
    void movesNoCreditsOfAShadowJob(String state, String command, String outcome) {
        Decision decision = JobDecisions.decide(jobIn(state, true), command(command), given(false));

        assertThat(described(decision)).isEqualTo(outcome.replaceFirst(" .*", ""));
    }

    /** Such a job isn't loaded. */
    @ParameterizedTest(name = "{1}, job {0}")
    @MethodSource("table")
    void decidesAboutAJobThatACommandMayNotSeeAsAboutNone(String state, String command) {
        Job job = jobIn(state, false);
        Named named = requireNonNull(Named.by(command(command)));
        boolean isSeen = job != null
                && (named.sender() == null || named.sender().equals(job.terms().sender()))
                && (named.receiver() == null
                        || job instanceof Job.Waiting
                        || (job instanceof Job.Taken taken && taken.receiver().equals(named.receiver())));

        Decision decision = JobDecisions.decide(job, command(command), given(false));

        assertThat(isSeen || decision.equals(JobDecisions.decide(null, command(command), given(false))))
                .isTrue();
    }

    @Test
    void tableNamesEveryStateAndEveryCommand() {
        List<String> states = new ArrayList<>(List.of("command", "none"));
        for (JobStatus status : JobStatus.values()) {
            states.add(status.json());
        }
        assertThat(cells(TABLE.lines().toList().getFirst())).containsExactlyElementsOf(states);
        assertThat(TABLE.lines().skip(1).map(line -> cells(line).getFirst()))
                .containsExactlyInAnyOrderElementsOf(COMMANDS.keySet());
    }

    @Test
    void createsAJobWithTheSkillsTermsOfToday() {
        Decision decision = JobDecisions.decide(null, create("research"), given(false));

        assertThat(decision)
                .isEqualTo(new Decision.Changed(
                        new Job.Queued(
                                new Terms(
                                        JOB_ID,
                                        SENDER,
                                        "research",
                                        2,
                                        100,
                                        false,
                                        "Find out",
                                        "Title",
                                        "Criteria",
                                        NOW),
                                new Progress(1, NOW, 0, null)),
                        CreditMove.HOLD));
    }

    @Test
    void createsAShadowJobThatHoldsNothing() {
        Decision decision = JobDecisions.decide(null, create("research"), given(true));

        assertThat(described(decision)).isEqualTo("queued");
        assertThat(((Decision.Changed) decision).job().terms().shadow()).isTrue();
    }

    @Test
    void refusesAnUnknownSkill() {
        Decision decision = JobDecisions.decide(null, create("alchemy"), given(false));

        JobRefused refused = ((Decision.Refused) decision).event();
        assertThat(refused.code()).isEqualTo("unknown_skill");
        assertThat(refused.jobId()).isNull();
        assertThat(refused.detail()).contains("alchemy");
    }

    @Test
    void refusesAJobWithoutCredits() {
        JobRefused refused = JobDecisions.unaffordable(2, 1).event();

        assertThat(refused.code()).isEqualTo("insufficient_credits");
        assertThat(refused.required()).isEqualTo(2);
        assertThat(refused.available()).isEqualTo(1);
        assertThat(refused.detail()).isEqualTo("The job costs 2 credits; available: 1.");
    }

    @Test
    void refusesAnIdThatWasUsedForAnotherCommand() {
        assertThat(JobDecisions.idUsedBefore(create("research")).event().jobId())
                .isNull();
        JobRefused refused =
                JobDecisions.idUsedBefore(new CancelJob(JOB_ID, SENDER)).event();
        assertThat(refused.code()).isEqualTo("idempotency_mismatch");
        assertThat(refused.jobId()).isEqualTo(JOB_ID);
    }

    @Test
    void tellsWhatTheVerifierSaid() {
        Decision decision =
                JobDecisions.decide(job(JobStatus.SUBMITTED, false), command("pass by sender"), given(false));

        JobSnapshot shown = ((JobVerified) decision.event()).job();
        assertThat(shown.verification()).isEqualTo(new JobSnapshot.Verification(true, "Good", Map.of("depth", 0.9)));
        assertThat(shown.receiver()).isEqualTo(RECEIVER);
        assertThat(shown.output()).isEqualTo("Found");
    }

    @Test
    void fixesADeadlineWhenAJobBeginsToWait() {
        TimeLimits within = new TimeLimits(Duration.ofHours(1), Duration.ofHours(2), Duration.ofHours(3));
        Circumstances given = given(false, policy(within, WhenRejected.RELEASE, 1));
        Instant earlier = NOW.minusSeconds(1);

        assertThat(deadline(JobDecisions.decide(null, create("research"), given)))
                .isEqualTo(NOW.plus(Duration.ofHours(1)));
        assertThat(deadline(JobDecisions.decide(due(JobStatus.QUEUED, earlier), command("accept by receiver"), given)))
                .isEqualTo(NOW.plus(Duration.ofHours(2)));
        assertThat(deadline(
                        JobDecisions.decide(due(JobStatus.ACCEPTED, earlier), command("submit by receiver"), given)))
                .isEqualTo(NOW.plus(Duration.ofHours(3)));
        for (String last : List.of("pass by sender", "fail by sender")) {
            assertThat(deadline(JobDecisions.decide(due(JobStatus.SUBMITTED, earlier), command(last), given)))
                    .isNull();
        }
        assertThat(deadline(JobDecisions.decide(due(JobStatus.QUEUED, earlier), command("cancel by sender"), given)))
                .isNull();
    }

    @Test
    void fixesNoDeadlineWithoutALimit() {
        Job job = due(JobStatus.QUEUED, NOW);

        assertThat(deadline(JobDecisions.decide(job, command("accept by receiver"), given(false))))
                .isNull();
    }

    @ParameterizedTest
    @EnumSource(names = {"QUEUED", "ACCEPTED", "SUBMITTED"})
    void showsTheDeadline(JobStatus status) {
        Job job = due(status, NOW);

        assertThat(job.snapshot().deadlineAt()).isEqualTo(NOW);
        assertThat(Job.of(job.snapshot(), job.sequence())).isEqualTo(job);
    }

    /** What a rejection makes of a job that has been requeued so many times, with three attempts. */
    @ParameterizedTest
    @CsvSource({
        "RELEASE, 0, rejected release",
        "RELEASE, 2, rejected release",
        "CAPTURE, 0, rejected capture",
        "CAPTURE, 2, rejected capture",
        "REQUEUE, 0, queued",
        "REQUEUE, 1, queued",
        "REQUEUE, 2, rejected release",
        "REQUEUE, 7, rejected release"
    })
    void rejectsAsLaidDown(WhenRejected whenRejected, int requeues, String outcome) {
        Circumstances given = given(false, policy(TimeLimits.NONE, whenRejected, 3));
        Job job = requeued(JobStatus.SUBMITTED, requeues, false);

        Decision decision = JobDecisions.decide(job, command("fail by sender"), given);

        assertThat(described(decision)).isEqualTo(outcome);
        assertThat(decision.event()).isInstanceOfSatisfying(JobRejected.class, event -> {
            assertThat(event.job().charged()).isEqualTo(outcome.endsWith("capture") ? true : null);
            assertThat(event.job().verification()).isEqualTo(new JobSnapshot.Verification(false, "Bad", null));
            int counted = outcome.equals("queued") ? requeues + 1 : requeues;
            assertThat(event.job().requeues()).isEqualTo(counted == 0 ? null : counted);
            assertThat(event.job().receiver()).isEqualTo(outcome.equals("queued") ? null : RECEIVER);
        });
        assertThat(described(JobDecisions.decide(
                        requeued(JobStatus.SUBMITTED, requeues, true), command("fail by sender"), given)))
                .isEqualTo(outcome.replaceFirst(" .*", ""));
    }

    @ParameterizedTest(name = "{1}, job {0}: {2}")
    @MethodSource("tableOfJobs")
    void treatsARequeuedJobLikeAnother(String state, String command, String outcome) {
        Job job = requeued(JobStatus.valueOf(state.toUpperCase(Locale.ROOT)), 1, false);

        assertThat(described(JobDecisions.decide(job, command(command), given(false))))
                .isEqualTo(outcome);
        assertThat(Job.of(job.snapshot(), job.sequence())).isEqualTo(job);
    }

    @Test
    void neverChargesAShadowJob() {
        Circumstances given = given(false, policy(TimeLimits.NONE, WhenRejected.CAPTURE, 1));

        Decision decision = JobDecisions.decide(job(JobStatus.SUBMITTED, true), command("fail by sender"), given);

        assertThat(((JobRejected) decision.event()).job().charged()).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void survivesTheWayThroughItsSnapshot(JobStatus status) {
        Job job = job(status, false);

        assertThat(job.status()).isEqualTo(status);
        assertThat(job.snapshot().status()).isEqualTo(status);
        assertThat(Job.of(job.snapshot(), job.sequence())).isEqualTo(job);
    }

    /** The cases in which there is a job. */
    static List<Arguments> tableOfJobs() {
        return table().stream()
                .filter(arguments -> !"none".equals(arguments.get()[0]))
                .toList();
    }

    static List<Arguments> table() {
        List<String> lines = TABLE.lines().toList();
        List<String> states = cells(lines.getFirst());
        List<Arguments> all = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            List<String> row = cells(line);
            for (int i = 1; i < row.size(); i++) {
                all.add(Arguments.of(states.get(i), row.getFirst(), row.get(i)));
            }
        }
        return all;
    }

    private static List<String> cells(String line) {
        return Arrays.stream(line.split("\\|")).map(String::strip).toList();
    }

    private static String described(Decision decision) {
        return switch (decision) {
            case Decision.Refused refused -> refused.event().code();
            case Decision.Changed change ->
                change.job().status().json()
                        + (change.credits() == CreditMove.NONE
                                ? ""
                                : " " + change.credits().name().toLowerCase(Locale.ROOT));
        };
    }

    private static @Nullable Instant deadline(Decision decision) {
        return ((Decision.Changed) decision).job().snapshot().deadlineAt();
    }

    private static @Nullable Job jobIn(String state, boolean shadow) {
        return state.equals("none") ? null : job(JobStatus.valueOf(state.toUpperCase(Locale.ROOT)), shadow);
    }

    private static JobCommand command(String name) {
        return requireNonNull(COMMANDS.get(name), name);
    }

    private static CreateJob create(String skill) {
        return new CreateJob(SENDER, skill, "Find out", "Title", "Criteria");
    }
}
