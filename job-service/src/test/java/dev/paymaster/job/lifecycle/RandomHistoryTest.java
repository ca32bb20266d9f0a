package dev.paymaster.job.lifecycle;

import static dev.paymaster.job.lifecycle.People.JOB_ID;
import static dev.paymaster.job.lifecycle.People.RECEIVER;
import static dev.paymaster.job.lifecycle.People.SENDER;
import static dev.paymaster.job.lifecycle.People.SKILLS;
import static dev.paymaster.job.lifecycle.People.STRANGER;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.events.job.JobCommand;
import dev.paymaster.events.job.JobCommand.AcceptJob;
import dev.paymaster.events.job.JobCommand.CancelJob;
import dev.paymaster.events.job.JobCommand.CreateJob;
import dev.paymaster.events.job.JobCommand.SubmitJob;
import dev.paymaster.events.job.JobCommand.TimeOutJob;
import dev.paymaster.events.job.JobCommand.VerifyJob;
import dev.paymaster.events.job.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever is asked of a job in whatever order, by whomever and at whatever time. Replay one with {@code -Dseed=…}. */
class RandomHistoryTest {
    private static final int HISTORIES = 2_000;
    private static final int COMMANDS = 40;
    private static final Instant START = Instant.parse("2026-11-01T10:00:00Z");

    private static final TimeLimits WITHIN =
            new TimeLimits(Duration.ofMinutes(10), Duration.ofMinutes(20), Duration.ofMinutes(5));

    private final Map<JobStatus, Integer> timedOut = new EnumMap<>(JobStatus.class);
    private int requeued;
    private int charged;
    private int verified;
    private int rejected;
    private int cancelled;

    @Test
    void holdsOnceAndThenCapturesOrReleasesAtMostOnce() {
        Long replayed = Long.getLong("seed");
        if (replayed != null) {
            play(replayed);
            return;
        }
        for (long seed = 0; seed < HISTORIES; seed++) {
            play(seed);
        }
        // Or the histories would not be worth much.
        assertThat(List.of(verified, rejected, cancelled, requeued, charged)).allMatch(count -> count > HISTORIES / 20);
        assertThat(timedOut)
                .containsOnlyKeys(JobStatus.QUEUED, JobStatus.VERIFIED, JobStatus.REJECTED, JobStatus.CANCELLED);
        assertThat(timedOut.values()).allMatch(count -> count > HISTORIES / 40);
    }

    private void play(long seed) {
        Random random = new Random(seed);
        boolean shadow = random.nextInt(4) == 0;
        Policy policy = policy(random);
        Decision.Changed creation = (Decision.Changed) JobDecisions.decide(
                null, new CreateJob(SENDER, "research", "Find out", null, null), given(random, shadow, policy));
        Job job = creation.job();
        List<CreditMove> moves = new ArrayList<>(List.of(creation.credits()));
        for (int i = 0; i < COMMANDS; i++) {
            Circumstances given = given(random, random.nextBoolean(), policy);
            JobCommand command = command(random, job);
            Decision decision = JobDecisions.decide(job, command, given);
            if (decision instanceof Decision.Changed change) {
                if (command instanceof TimeOutJob timeOut) {
                    checkTimeOut(seed, timeOut, job, given, change.job());
                }
                checkStep(seed, policy, job, change.job());
                job = change.job();
                moves.add(change.credits());
            }
        }
        moves.removeIf(move -> move == CreditMove.NONE);
        assertThat(moves).as("credit moves, seed %d", seed).isEqualTo(movesOf(job));
        count(job);
    }

    private static Policy policy(Random random) {
        return new Policy(
                WITHIN,
                random.nextBoolean() ? WhenNotAccepted.CANCEL : WhenNotAccepted.KEEP,
                random.nextBoolean() ? WhenNotSubmitted.REQUEUE : WhenNotSubmitted.CANCEL,
                List.of(WhenNotVerified.values()).get(random.nextInt(3)),
                List.of(WhenRejected.values()).get(random.nextInt(3)),
                random.nextInt(1, 4));
    }

    /** A time-out never comes early, and never to a job other than the one that was overdue. */
    private void checkTimeOut(long seed, TimeOutJob command, Job before, Circumstances given, Job after) {
        assertThat(command.sequence()).as("timed out, seed %d", seed).isEqualTo(before.sequence());
        assertThat(requireNonNull(before.progress().deadlineAt()))
                .as("deadline, seed %d", seed)
                .isBeforeOrEqualTo(given.now());
        timedOut.merge(after.status(), 1, Integer::sum);
    }

    private static void checkStep(long seed, Policy policy, Job before, Job after) {
        assertThat(after.sequence()).as("sequence, seed %d", seed).isEqualTo(before.sequence() + 1);
        assertThat(after.progress().updatedAt())
                .as("time, seed %d", seed)
                .isAfterOrEqualTo(before.progress().updatedAt());
        assertThat(after.progress().deadlineAt())
                .as("deadline, seed %d", seed)
                .isEqualTo(deadlineOf(after, after.progress().updatedAt()));
        assertThat(after.terms()).as("terms, seed %d", seed).isEqualTo(before.terms());
        assertThat(before)
                .as("what changed, seed %d", seed)
                .isNotInstanceOfAny(Job.Verified.class, Job.Rejected.class, Job.Cancelled.class);
        assertThat(after.progress().requeues())
                .as("attempts, seed %d", seed)
                .isBetween(before.progress().requeues(), policy.attempts() - 1);
        if (before instanceof Job.Taken taken
                && !(after instanceof Job.Requeued)
                && !(after instanceof Job.Cancelled)) {
            assertThat(after)
                    .as("the receiver, seed %d", seed)
                    .isInstanceOfSatisfying(
                            Job.Taken.class,
                            later -> assertThat(later.receiver()).isEqualTo(taken.receiver()));
        }
    }

    private static @Nullable Instant deadlineOf(Job job, Instant since) {
        Duration limit = switch (job) {
            case Job.Waiting _ -> WITHIN.accept();
            case Job.Accepted _ -> WITHIN.submit();
            case Job.Submitted _ -> WITHIN.verify();
            case Job.Verified _, Job.Rejected _, Job.Cancelled _ -> null;
        };
        return limit == null ? null : since.plus(limit);
    }

    private static List<CreditMove> movesOf(Job job) {
        if (job.terms().shadow()) {
            return List.of();
        }
        return switch (job) {
            case Job.Waiting _, Job.Accepted _, Job.Submitted _ -> List.of(CreditMove.HOLD);
            case Job.Verified _ -> List.of(CreditMove.HOLD, CreditMove.CAPTURE);
            case Job.Rejected rejected ->
                List.of(CreditMove.HOLD, rejected.charged() ? CreditMove.CAPTURE : CreditMove.RELEASE);
            case Job.Cancelled _ -> List.of(CreditMove.HOLD, CreditMove.RELEASE);
        };
    }

    private void count(Job job) {
        requeued += job.progress().requeues() > 0 ? 1 : 0;
        charged += (job instanceof Job.Rejected rejected && rejected.charged()) ? 1 : 0;
        switch (job) {
            case Job.Verified _ -> verified++;
            case Job.Rejected _ -> rejected++;
            case Job.Cancelled _ -> cancelled++;
            case Job.Waiting _, Job.Accepted _, Job.Submitted _ -> {}
        }
    }

    /** A clock that runs backwards as often as forwards. */
    private static Circumstances given(Random random, boolean shadow, Policy policy) {
        return new Circumstances(START.plusSeconds(random.nextInt(3600)), shadow, SKILLS, policy, () -> JOB_ID);
    }

    private static JobCommand command(Random random, Job job) {
        UUID who = List.of(SENDER, RECEIVER, STRANGER).get(random.nextInt(3));
        return switch (random.nextInt(11)) {
            case 0 -> new CancelJob(JOB_ID, who);
            case 1 -> new VerifyJob(JOB_ID, who, random.nextBoolean(), null, null);
            case 2 -> new VerifyJob(JOB_ID, null, random.nextBoolean(), null, null);
            case 3, 4 -> new SubmitJob(JOB_ID, who, "Found");
            case 5 -> new TimeOutJob(JOB_ID, who, Math.max(1, job.sequence() - random.nextInt(2)));
            case 6, 7 -> new TimeOutJob(JOB_ID, SENDER, job.sequence());
            default -> new AcceptJob(JOB_ID, who);
        };
    }
}
