package dev.paymaster.job;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paymaster.events.job.JobCommand;
import dev.paymaster.events.job.JobCommand.TimeOutJob;
import dev.paymaster.events.job.JobStatus;
import dev.paymaster.job.OverdueJobs.Overdue;
import dev.paymaster.messaging.Ids;
import dev.paymaster.messaging.MessageReader;
import dev.paymaster.messaging.outbox.EventWriter;
import dev.paymaster.messaging.outbox.Outgoing;
import dev.paymaster.messaging.outbox.Publisher;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a timer finds and says, on a real database; nobody acts on it here. */
class DeadlineTimerTest {
    private static final ServiceDatabase DATABASE = ServiceDatabase.migrated("job_timer");
    private static final Set<JobStatus> ALL = EnumSet.of(JobStatus.QUEUED, JobStatus.ACCEPTED, JobStatus.SUBMITTED);

    private final TestClock clock = new TestClock();
    private final Instant start = clock.instant();
    private final OverdueJobs overdue = new OverdueJobs(DATABASE.jdbc());
    private final List<Outgoing> published = new CopyOnWriteArrayList<>();
    private final AtomicInteger rounds = new AtomicInteger();

    @BeforeEach
    @AfterEach
    void clear() {
        DATABASE.jdbc().update("UPDATE jobs.job SET deadline_at = NULL");
    }

    @Test
    void findsWhatIsOverdueInTheStatesThatItWatches() {
        UUID late = insert("queued", start.minusSeconds(2), 3);
        UUID due = insert("accepted", start, 7);
        insert("submitted", start.plusNanos(1000), 4);
        insert("queued", null, 1);
        insert("verified", start.minusSeconds(1), 5);

        assertThat(overdue.find(ALL, start, 10)).extracting(Overdue::id).containsExactlyInAnyOrder(late, due);
        assertThat(overdue.find(EnumSet.of(JobStatus.ACCEPTED), start, 10))
                .singleElement()
                .satisfies(job -> {
                    assertThat(job.sequence()).isEqualTo(7);
                    assertThat(job.deadlineAt()).isEqualTo(start);
                });
    }

    @Test
    void takesThoseThatHaveWaitedLongest() {
        insert("queued", start.minusSeconds(1), 1);
        UUID longest = insert("queued", start.minusSeconds(3), 1);
        insert("queued", start.minusSeconds(2), 1);

        assertThat(overdue.find(ALL, start, 1)).extracting(Overdue::id).containsExactly(longest);
    }

    @Test
    void looksInTheIndexOnly() {
        List<String> plan = DATABASE.transactions().execute(_ -> {
            DATABASE.jdbc().execute("SET LOCAL enable_seqscan = off");
            return DATABASE.jdbc()
                    .queryForList(
                            "EXPLAIN " + OverdueJobs.FIND,
                            String.class,
                            new String[] {"queued", "accepted"},
                            Timestamp.from(start),
                            10);
        });

        assertThat(plan).anyMatch(line -> line.contains("job_deadline"));
        assertThat(plan).noneMatch(line -> line.contains("Sort"));
    }

    @Test
    void saysOnceThatAJobIsOverdueAndAgainWhenNothingComesOfIt() {
        UUID job = insert("accepted", start.plusSeconds(10), 2);
        DeadlineTimer timer = timer(published::addAll);
        timer.start();
        awaitRounds(3);
        assertThat(published).isEmpty();

        clock.advance(Duration.ofSeconds(10));
        awaitRounds(3);
        assertThat(ids()).containsExactly("timeout:" + job + ":2:0");

        clock.advance(DeadlineTimer.PATIENCE.minusNanos(1));
        awaitRounds(3);
        assertThat(ids()).hasSize(1);

        clock.advance(Duration.ofNanos(1));
        awaitRounds(3);
        assertThat(ids()).containsExactly("timeout:" + job + ":2:0", "timeout:" + job + ":2:1");

        timer.stop();
        assertThat(timer.isAlive()).isFalse();
        Outgoing command = published.getFirst();
        Overdue found = overdue.find(ALL, clock.instant(), 1).getFirst();
        assertThat(command.key()).asString().isEqualTo(found.sender().toString());
        assertThat(command.topic()).isEqualTo("job.commands");
        byte[] value = requireNonNull(command.value());
        assertThat(new MessageReader<>(JobCommand.class).read(command.envelope().type(), value))
                .isEqualTo(new TimeOutJob(job, found.sender(), 2));
    }

    @Test
    void saysTheSameAgainWhenKafkaHasNotSurelyTakenIt() {
        UUID job = insert("accepted", start, 2);
        AtomicInteger failures = new AtomicInteger(2);
        DeadlineTimer timer = timer(records -> {
            published.addAll(records);
            if (!records.isEmpty() && failures.getAndDecrement() > 0) {
                throw new IllegalStateException("no answer");
            }
        });
        timer.start();
        awaitRounds(5);
        timer.stop();

        assertThat(ids()).hasSize(3).containsOnly("timeout:" + job + ":2:0");
    }

    private List<String> ids() {
        return published.stream().map(record -> record.envelope().id()).toList();
    }

    private DeadlineTimer timer(Publisher publisher) {
        return new DeadlineTimer(
                overdue,
                ALL,
                new EventWriter("/job-service", Ids.timeOrdered(), clock),
                records -> {
                    rounds.incrementAndGet();
                    publisher.publish(records);
                },
                clock,
                new TimerSettings(Duration.ofMillis(5)));
    }

    /** One that was under way may have looked at the clock before. */
    private void awaitRounds(int more) {
        int before = rounds.get();
        await().pollInterval(Duration.ofMillis(5)).until(() -> rounds.get() >= before + more);
    }

    private static UUID insert(String status, @Nullable Instant deadline, long sequence) {
        UUID id = UUID.randomUUID();
        boolean taken = !status.equals("queued");
        boolean done = status.equals("verified");
        DATABASE.jdbc().update("""
                        INSERT INTO jobs.job (id, sender, receiver, status, skill, credit_cost, payout_cents, shadow, prompt,
                                              output, verification, sequence, created_at, updated_at)
                        VALUES (?, gen_random_uuid(), CASE WHEN ? THEN gen_random_uuid() END, ?, 'research', 2, 100, false,
                                'Find out', CASE WHEN ? THEN 'Found' END, CASE WHEN ? THEN '{}'::json END, ?, now(),
                                now())""", id, taken, status, done || status.equals("submitted"), done, sequence);
        if (deadline != null) {
            DATABASE.jdbc().update("UPDATE jobs.job SET deadline_at = ? WHERE id = ?", Timestamp.from(deadline), id);
        }
        return id;
    }
}
