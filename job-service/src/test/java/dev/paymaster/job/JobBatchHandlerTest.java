package dev.paymaster.job;

import static dev.paymaster.job.Batches.message;
import static dev.paymaster.job.Batches.outcomes;
import static dev.paymaster.job.Batches.policy;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paymaster.embedded.Database;
import dev.paymaster.events.Envelope;
import dev.paymaster.events.Topics;
import dev.paymaster.events.job.JobCancellation;
import dev.paymaster.events.job.JobCommand;
import dev.paymaster.events.job.JobCommand.AcceptJob;
import dev.paymaster.events.job.JobCommand.CancelJob;
import dev.paymaster.events.job.JobCommand.CreateJob;
import dev.paymaster.events.job.JobCommand.SubmitJob;
import dev.paymaster.events.job.JobCommand.TimeOutJob;
import dev.paymaster.events.job.JobCommand.VerifyJob;
import dev.paymaster.events.job.JobEvent;
import dev.paymaster.events.job.JobEvent.JobAccepted;
import dev.paymaster.events.job.JobEvent.JobCancelled;
import dev.paymaster.events.job.JobEvent.JobCreated;
import dev.paymaster.events.job.JobEvent.JobRefused;
import dev.paymaster.events.job.JobEvent.JobRejected;
import dev.paymaster.events.job.JobEvent.JobRequeued;
import dev.paymaster.events.job.JobEvent.JobSubmitted;
import dev.paymaster.events.job.JobEvent.JobVerified;
import dev.paymaster.events.job.JobSnapshot;
import dev.paymaster.events.job.JobStatus;
import dev.paymaster.job.lifecycle.Policy;
import dev.paymaster.job.lifecycle.TimeLimits;
import dev.paymaster.job.lifecycle.WhenRejected;
import dev.paymaster.messaging.BatchTooLargeException;
import dev.paymaster.messaging.Message;
import dev.paymaster.messaging.outbox.Outgoing;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What one batch does, on a real database. */
class JobBatchHandlerTest {
    private static final ServiceDatabase DATABASE = ServiceDatabase.migrated("job_batches");

    private final CountingDataSource counted = new CountingDataSource(DATABASE.dataSource());
    private final Batches batches = new Batches(counted, false);
    private final UUID sender = UUID.randomUUID();
    private final UUID receiver = UUID.randomUUID();

    @Test
    void letsCommandsForOneJobSeeEachOther() {
        DATABASE.give(sender, 2);
        UUID job = create();

        List<Outgoing> published = batches.run(
                new AcceptJob(job, receiver),
                new AcceptJob(job, UUID.randomUUID()),
                new SubmitJob(job, receiver, "Found"),
                new VerifyJob(job, sender, true, null, null),
                new CancelJob(job, sender));

        assertThat(outcomes(published))
                .extracting(JobEvent::getClass)
                .containsExactly(
                        JobAccepted.class, JobRefused.class, JobSubmitted.class, JobVerified.class, JobRefused.class);
        assertThat(published.stream()
                        .filter(record -> record.topic().equals(Topics.JOB_EVENTS))
                        .map(record -> record.envelope().sequence()))
                .containsExactly(2L, null, 3L, 4L, null);
        assertThat(DATABASE.balance(sender)).isEqualTo("0/0/0");
    }

    @Test
    void letsCommandsOfOneSenderSeeEachOther() {
        DATABASE.give(sender, 3);
        UUID job = create();

        List<Outgoing> published = batches.run(newJob(), new CancelJob(job, sender), newJob(), newJob());

        assertThat(outcomes(published))
                .extracting(JobEvent::getClass)
                .containsExactly(JobRefused.class, JobCancelled.class, JobCreated.class, JobRefused.class);
        assertThat(DATABASE.balance(sender)).isEqualTo("1/2/0");
    }

    @Test
    void recognisesACommandThatStandsTwiceInABatch() {
        DATABASE.give(sender, 10);

        List<Outgoing> published = batches.run(List.of(
                message("same " + sender, newJob()),
                message("same " + sender, newJob()),
                message("same " + sender, new CreateJob(sender, "research", "Another thing", null, null))));

        assertThat(outcomes(published))
                .extracting(JobEvent::getClass)
                .containsExactly(JobCreated.class, JobCreated.class, JobRefused.class);
        assertThat(published.stream()
                        .filter(record -> record.topic().equals(Topics.JOB_EVENTS))
                        .map(record -> record.header(Envelope.HEADER_REPLAYED)))
                .containsExactly(null, "true", null);
        assertThat(DATABASE.balance(sender)).isEqualTo("8/2/0");
    }

    @Test
    void keepsAndShowsDeadlines() {
        DATABASE.give(sender, 2);
        Instant now = Instant.parse("2026-11-01T10:00:00Z");
        Policy policy = policy(new TimeLimits(Duration.ofHours(1), Duration.ofHours(2), null), WhenRejected.RELEASE, 1);
        Batches limited = new Batches(counted, false, policy, Clock.fixed(now, ZoneOffset.UTC));
        JobSnapshot created = ((JobCreated) outcomes(limited.run(newJob())).getFirst()).job();
        assertThat(created.deadlineAt()).isEqualTo(now.plus(Duration.ofHours(1)));
        assertThat(deadlineOf(created.id())).isEqualTo(created.deadlineAt());

        limited.run(new AcceptJob(created.id(), receiver));
        assertThat(deadlineOf(created.id())).isEqualTo(now.plus(Duration.ofHours(2)));

        limited.run(new SubmitJob(created.id(), receiver, "Found"));
        assertThat(deadlineOf(created.id())).isNull();
    }

    private static @Nullable Instant deadlineOf(UUID job) {
        OffsetDateTime time = DATABASE.asGateway()
                .queryForObject("SELECT deadline_at FROM api.job WHERE id = ?", OffsetDateTime.class, job);
        return time == null ? null : time.toInstant();
    }

    @Test
    void letsAnotherReceiverTryWhatWasRejected() {
        DATABASE.give(sender, 2);
        Batches requeuing = batches(WhenRejected.REQUEUE, 2);
        UUID job = create();
        UUID other = UUID.randomUUID();

        List<Outgoing> published = requeuing.run(
                new AcceptJob(job, receiver),
                new SubmitJob(job, receiver, "Nothing"),
                new VerifyJob(job, sender, false, "Is nothing", null));

        JobSnapshot rejected = ((JobRejected) outcomes(published).getLast()).job();
        assertThat(rejected.status()).isEqualTo(JobStatus.QUEUED);
        assertThat(rejected.requeues()).isEqualTo(1);
        assertThat(requireNonNull(rejected.verification()).reasoning()).isEqualTo("Is nothing");
        assertThat(DATABASE.balance(sender)).isEqualTo("0/2/0");

        published = requeuing.run(
                new SubmitJob(job, receiver, "Something"),
                new AcceptJob(job, other),
                new SubmitJob(job, other, "Something"),
                new VerifyJob(job, sender, false, null, null));

        assertThat(outcomes(published))
                .extracting(JobEvent::getClass)
                .containsExactly(JobRefused.class, JobAccepted.class, JobSubmitted.class, JobRejected.class);
        assertThat(((JobRejected) outcomes(published).getLast()).job().status()).isEqualTo(JobStatus.REJECTED);
        assertThat(DATABASE.balance(sender)).isEqualTo("2/0/0");
    }

    @Test
    void capturesWhatWasRejectedWhenLaidDown() {
        DATABASE.give(sender, 2);
        UUID job = create();

        List<Outgoing> published = batches(WhenRejected.CAPTURE, 2)
                .run(
                        new AcceptJob(job, receiver),
                        new SubmitJob(job, receiver, "Nothing"),
                        new VerifyJob(job, sender, false, null, null));

        assertThat(((JobRejected) outcomes(published).getLast()).job().charged())
                .isTrue();
        assertThat(DATABASE.balance(sender)).isEqualTo("0/0/0");
        assertThat(DATABASE.asGateway().queryForObject("SELECT charged FROM api.job WHERE id = ?", Boolean.class, job))
                .isTrue();
    }

    @Test
    void timesOutWithTheSendersCredits() {
        DATABASE.give(sender, 8);
        TimeLimits none = new TimeLimits(Duration.ZERO, Duration.ZERO, Duration.ZERO);
        Batches impatient = new Batches(counted, false, policy(none, WhenRejected.RELEASE, 2), Clock.systemUTC());
        List<UUID> ids = outcomes(impatient.run(newJob(), newJob(), newJob(), newJob())).stream()
                .map(created -> ((JobCreated) created).job().id())
                .toList();

        List<Outgoing> published = impatient.run(
                new TimeOutJob(ids.get(0), sender, 1),
                new TimeOutJob(ids.get(0), sender, 1),
                new AcceptJob(ids.get(1), receiver),
                new TimeOutJob(ids.get(1), sender, 2),
                new AcceptJob(ids.get(2), receiver),
                new SubmitJob(ids.get(2), receiver, "Found"),
                new TimeOutJob(ids.get(2), sender, 2),
                new TimeOutJob(ids.get(2), sender, 3));

        assertThat(outcomes(published))
                .extracting(JobEvent::getClass)
                .containsExactly(
                        JobCancelled.class,
                        JobRefused.class,
                        JobAccepted.class,
                        JobRequeued.class,
                        JobAccepted.class,
                        JobSubmitted.class,
                        JobRefused.class,
                        JobVerified.class);
        assertThat(DATABASE.balance(sender)).isEqualTo("2/4/0");

        published = impatient.run(new AcceptJob(ids.get(1), receiver), new TimeOutJob(ids.get(1), sender, 4));

        assertThat(((JobCancelled) outcomes(published).getLast()).job().cancellation())
                .isEqualTo(JobCancellation.NOT_SUBMITTED);
        assertThat(DATABASE.balance(sender)).isEqualTo("4/2/0");
        assertThat(DATABASE.asGateway()
                        .queryForList(
                                "SELECT cancellation FROM api.job WHERE sender = ? ORDER BY id", String.class, sender))
                .containsExactly("not_accepted", "not_submitted", null, null);
        assertThat(DATABASE.asGateway()
                        .queryForObject(
                                "SELECT verification ->> 'by' FROM api.job WHERE id = ?", String.class, ids.get(2)))
                .isEqualTo("timeout");
    }

    private Batches batches(WhenRejected whenRejected, int attempts) {
        return new Batches(counted, false, policy(TimeLimits.NONE, whenRejected, attempts), Clock.systemUTC());
    }

    @Test
    void needsNoMoreStatementsForManyCommandsThanForFew() {
        List<Message<JobCommand>> few = creations(2);
        List<Message<JobCommand>> many = creations(500);

        batches.run(few);
        int forFew = counted.statements();
        List<Outgoing> published = batches.run(many);

        assertThat(outcomes(published)).hasSize(500).hasOnlyElementsOfType(JobCreated.class);
        assertThat(counted.statements()).isEqualTo(forFew).isLessThanOrEqualTo(9);
    }

    @Test
    void touchesNoBalanceWhileStripeIsOff() {
        Batches shadows = new Batches(counted, true);
        counted.statements();

        List<Outgoing> published = shadows.run(newJob(), newJob());

        assertThat(outcomes(published)).hasOnlyElementsOfType(JobCreated.class);
        assertThat(published).allMatch(record -> record.topic().equals(Topics.JOB_EVENTS));
        assertThat(counted.statements()).as("log and jobs").isEqualTo(3);
        assertThat(DATABASE.balance(sender)).isEqualTo("none");
    }

    /** It is refused as if there were none, and takes no longer: neither a lock nor the texts of the job are waited for. */
    @Test
    void leavesSomebodyElsesJobAlone() throws SQLException {
        DATABASE.give(sender, 4);
        UUID queued = create();
        UUID accepted = create();
        batches.run(new AcceptJob(accepted, receiver));
        UUID stranger = UUID.randomUUID();
        UUID none = UUID.randomUUID();
        try (Connection owner = DATABASE.address().connect();
                PreparedStatement lock = owner.prepareStatement("SELECT FROM jobs.job WHERE sender = ? FOR UPDATE")) {
            owner.setAutoCommit(false);
            lock.setObject(1, sender);
            lock.execute();

            List<JobEvent> outcomes = outcomes(hasty().run(
                            new CancelJob(queued, stranger),
                            new VerifyJob(accepted, stranger, true, null, null),
                            new SubmitJob(accepted, stranger, "Found"),
                            new SubmitJob(accepted, sender, "Found"),
                            new CancelJob(none, stranger),
                            new VerifyJob(none, stranger, true, null, null),
                            new SubmitJob(none, stranger, "Found")));

            assertThat(outcomes)
                    .hasSize(7)
                    .allSatisfy(
                            outcome -> assertThat(((JobRefused) outcome).code()).isEqualTo("not_found"));
            assertThat(outcomes.stream().map(outcome -> ((JobRefused) outcome).jobId()))
                    .containsExactly(queued, accepted, accepted, accepted, none, none, none);
        }
    }

    /** Who may see a job is told what is wrong, in whatever company the command comes. */
    @Test
    void loadsWhatOneOfTheCommandsMaySee() {
        DATABASE.give(sender, 4);
        UUID queued = create();
        UUID accepted = create();
        UUID stranger = UUID.randomUUID();
        batches.run(new AcceptJob(accepted, receiver));

        List<JobEvent> outcomes = outcomes(batches.run(
                new CancelJob(accepted, stranger),
                new CancelJob(accepted, sender),
                new SubmitJob(queued, stranger, "Found"),
                new AcceptJob(accepted, stranger),
                new SubmitJob(accepted, stranger, "Found"),
                new SubmitJob(accepted, receiver, "Found"),
                new VerifyJob(accepted, receiver, true, null, null),
                new VerifyJob(accepted, null, true, null, null)));

        assertThat(outcomes.stream().map(outcome -> outcome instanceof JobRefused refused ? refused.code() : "done"))
                .containsExactly(
                        "not_found",
                        "invalid_state",
                        "invalid_state",
                        "invalid_state",
                        "not_found",
                        "done",
                        "not_found",
                        "done");
    }

    /** Waits for no lock. */
    private static Batches hasty() {
        return new Batches(
                new DriverManagerDataSource(
                        DATABASE.address().jdbcUrl() + "?currentSchema=jobs&options=-c%20lock_timeout=500",
                        "paymaster_job",
                        Database.PASSWORD),
                false);
    }

    /** Commands are small, and each brings a whole job into memory. */
    @Test
    void refusesToLoadManyLargeJobsAtOnce() {
        List<UUID> jobs = largeJobs(20);

        assertThatThrownBy(() -> batches.run(cancellations(jobs))).isInstanceOf(BatchTooLargeException.class);
        for (Message<JobCommand> one : cancellations(jobs)) {
            assertThat(outcomes(batches.run(List.of(one)))).hasOnlyElementsOfType(JobCancelled.class);
        }
    }

    @Test
    void refusesToLoadManyLargeOutcomesAtOnce() throws SQLException {
        List<Message<JobCommand>> cancellations = cancellations(largeJobs(20));
        cancellations.forEach(each -> batches.run(List.of(each)));
        try (Connection owner = DATABASE.address().connect();
                PreparedStatement delete = owner.prepareStatement("DELETE FROM jobs.job WHERE sender = ?")) {
            delete.setObject(1, sender);
            assertThat(delete.executeUpdate()).isEqualTo(20);
        }

        assertThatThrownBy(() -> batches.run(cancellations)).isInstanceOf(BatchTooLargeException.class);
        for (Message<JobCommand> one : cancellations) {
            assertThat(outcomes(batches.run(List.of(one)))).hasOnlyElementsOfType(JobCancelled.class);
        }
    }

    private List<Message<JobCommand>> cancellations(List<UUID> jobs) {
        return jobs.stream()
                .map(job -> message("cancel " + job, new CancelJob(job, sender)))
                .toList();
    }

    /** Of a mebibyte each, which can't be compressed. */
    private List<UUID> largeJobs(int count) {
        byte[] random = new byte[3 << 18];
        new Random(1).nextBytes(random);
        String prompt = Base64.getEncoder().encodeToString(random);
        return DATABASE.jdbc().query("""
                        INSERT INTO jobs.job (id, sender, status, skill, credit_cost, payout_cents, shadow, prompt, sequence,
                                              created_at, updated_at)
                        SELECT gen_random_uuid(), ?, 'queued', 'research', 2, 100, true, ?, 1, now(), now()
                        FROM generate_series(1, ?) RETURNING id""", (row, number) -> row.getObject(1, UUID.class), sender, prompt, count);
    }

    /** By as many senders as the number divided by ten, each with credits for all of his jobs. */
    private static List<Message<JobCommand>> creations(int count) {
        List<Message<JobCommand>> messages = new ArrayList<>();
        UUID user = UUID.randomUUID();
        for (int i = 0; i < count; i++) {
            if (i % 10 == 0) {
                user = UUID.randomUUID();
                DATABASE.give(user, 20);
            }
            messages.add(message(
                    UUID.randomUUID().toString(), new CreateJob(user, "research", "Find out " + i, null, null)));
        }
        return messages;
    }

    private UUID create() {
        return ((JobCreated) outcomes(batches.run(newJob())).getFirst()).job().id();
    }

    private CreateJob newJob() {
        return new CreateJob(sender, "research", "Find out", null, null);
    }
}
