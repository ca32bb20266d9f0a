package dev.paymaster.job;

import static dev.paymaster.job.Batches.message;
import static dev.paymaster.job.Batches.policy;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.events.Topics;
import dev.paymaster.events.job.JobCommand;
import dev.paymaster.events.job.JobCommand.AcceptJob;
import dev.paymaster.events.job.JobCommand.CancelJob;
import dev.paymaster.events.job.JobCommand.CreateJob;
import dev.paymaster.events.job.JobCommand.SubmitJob;
import dev.paymaster.events.job.JobCommand.TimeOutJob;
import dev.paymaster.events.job.JobCommand.VerifyJob;
import dev.paymaster.events.job.JobEvent.JobCreated;
import dev.paymaster.job.lifecycle.TimeLimits;
import dev.paymaster.job.lifecycle.WhenRejected;
import dev.paymaster.messaging.Message;
import dev.paymaster.messaging.outbox.Outgoing;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Whatever batches come: at rest, jobs and ledger agree. Replay one with {@code -Dseed=…}. */
class RandomBatchesTest {
    private static final ServiceDatabase DATABASE = ServiceDatabase.migrated("job_random");

    /** Each finds what must not be; no row may come. */
    private static final Map<String, String> VIOLATIONS = Map.of(
            "a balance that its transfers don't explain", """
                    SELECT user_id FROM ledger.account AS a WHERE available + held - debt <>
                        (SELECT coalesce(sum(CASE kind WHEN 'grant' THEN amount WHEN 'capture' THEN -amount END), 0)
                         FROM ledger.transfer AS t WHERE t.user_id = a.user_id)""",
            "credits held for no open job", """
                    SELECT user_id FROM ledger.account AS a WHERE held <>
                        (SELECT coalesce(sum(credit_cost), 0) FROM jobs.job
                         WHERE sender = a.user_id AND NOT shadow AND status IN ('queued', 'accepted', 'submitted'))""",
            "a job that moved other credits than its state says", """
                    SELECT id FROM jobs.job AS j
                    LEFT JOIN (SELECT job_id,
                                   sum(amount) FILTER (WHERE kind = 'hold') AS held,
                                   sum(amount) FILTER (WHERE kind = 'capture') AS captured,
                                   sum(amount) FILTER (WHERE kind = 'release') AS released
                               FROM ledger.transfer WHERE job_id IS NOT NULL GROUP BY job_id) AS t ON t.job_id = j.id
                    WHERE held IS DISTINCT FROM CASE WHEN NOT shadow THEN credit_cost END
                       OR captured IS DISTINCT FROM
                          CASE WHEN NOT shadow AND (status = 'verified' OR charged) THEN credit_cost END
                       OR released IS DISTINCT FROM
                          CASE WHEN NOT shadow AND NOT charged AND status IN ('rejected', 'cancelled')
                               THEN credit_cost END""",
            "a transfer without a job",
                    "SELECT job_id FROM ledger.transfer WHERE job_id NOT IN (SELECT id FROM jobs.job)");

    private static final TimeLimits IMPATIENT = new TimeLimits(Duration.ZERO, Duration.ZERO, Duration.ZERO);

    private final ConcurrentLinkedQueue<Outgoing> published = new ConcurrentLinkedQueue<>();
    private final List<UUID> jobs = new CopyOnWriteArrayList<>();
    private final Map<UUID, UUID> senders = new ConcurrentHashMap<>();
    private final List<UUID> people = new ArrayList<>();
    private final Map<String, Message<JobCommand>> sent = new ConcurrentHashMap<>();

    @Test
    void keepsJobsAndLedgerInAgreement() throws SQLException {
        long seed = Long.getLong("seed", 4711);
        Random random = new Random(seed);
        invitePeople(random);
        try (Connection connection = DATABASE.dataSource().getConnection()) {
            var one = new SingleConnectionDataSource(connection, true);
            List<Batches> modes = List.of(
                    new Batches(one, false),
                    laidDown(one, WhenRejected.CAPTURE),
                    laidDown(one, WhenRejected.REQUEUE),
                    new Batches(one, true));
            for (int i = 0; i < 150; i++) {
                run(modes.get(random.nextInt(modes.size())), random);
            }
        }
        assertAgreement(seed);
    }

    /** As when commands come under wrong keys: several partitions touch the same jobs and accounts at once. */
    @Test
    void neverDeadlocks() throws InterruptedException, ExecutionException {
        long seed = Long.getLong("seed", 4712);
        invitePeople(new Random(seed));
        try (ExecutorService workers = Executors.newFixedThreadPool(4)) {
            List<Future<?>> running = new ArrayList<>();
            for (int worker = 0; worker < 4; worker++) {
                // Mixed: of neighbours, Random draws nearly the same at first.
                Random random = new Random(new SplittableRandom(seed + worker).nextLong());
                WhenRejected whenRejected = worker % 2 == 0 ? WhenRejected.CAPTURE : WhenRejected.REQUEUE;
                running.add(workers.submit(() -> {
                    try (Connection connection = DATABASE.dataSource().getConnection()) {
                        Batches batches = laidDown(new SingleConnectionDataSource(connection, true), whenRejected);
                        for (int i = 0; i < 30; i++) {
                            run(batches, random);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> worker : running) {
                worker.get();
            }
        }
        assertAgreement(seed);
    }

    private void invitePeople(Random random) {
        for (int i = 0; i < 6; i++) {
            UUID user = new UUID(random.nextLong(), random.nextLong());
            people.add(user);
            DATABASE.give(user, 15);
            DATABASE.give(user, 15);
        }
    }

    private static Batches laidDown(DataSource dataSource, WhenRejected whenRejected) {
        return new Batches(dataSource, false, policy(IMPATIENT, whenRejected, 2), Clock.systemUTC());
    }

    private void run(Batches batches, Random random) {
        List<Message<JobCommand>> batch = new ArrayList<>();
        for (int i = random.nextInt(1, 20); i > 0; i--) {
            batch.add(next(random));
        }
        List<Outgoing> done = batches.run(batch);
        published.addAll(done);
        batch.forEach(message -> sent.put(message.envelope().id(), message));
        Batches.outcomes(done).forEach(event -> {
            if (event instanceof JobCreated created) {
                senders.put(created.job().id(), created.job().sender());
                jobs.add(created.job().id());
            }
        });
    }

    private Message<JobCommand> next(Random random) {
        List<Message<JobCommand>> before = List.copyOf(sent.values());
        if (!before.isEmpty() && random.nextInt(20) == 0) {
            return before.get(random.nextInt(before.size()));
        }
        return message(new UUID(random.nextLong(), random.nextLong()).toString(), command(random));
    }

    private JobCommand command(Random random) {
        UUID who = people.get(random.nextInt(people.size()));
        if (jobs.isEmpty() || random.nextInt(4) == 0) {
            return new CreateJob(who, "research", "Find out", null, null);
        }
        // Mostly the latest: the older ones are done.
        UUID job = jobs.get(Math.max(0, jobs.size() - 1 - random.nextInt(8)));
        return switch (random.nextInt(7)) {
            case 0 -> new CancelJob(job, who);
            case 1 -> new VerifyJob(job, who, random.nextBoolean(), "Looked", Map.of("depth", random.nextDouble()));
            case 2 -> new VerifyJob(job, null, random.nextBoolean(), null, null);
            case 3 -> new TimeOutJob(job, requireNonNull(senders.get(job)), random.nextInt(1, 6));
            case 4 -> new SubmitJob(job, who, "Found");
            default -> new AcceptJob(job, who);
        };
    }

    private void assertAgreement(long seed) {
        JdbcTemplate jdbc = DATABASE.jdbc();
        VIOLATIONS.forEach((what, query) -> assertThat(jdbc.queryForList(query))
                .as("%s, seed %d", what, seed)
                .isEmpty());
        Map<String, List<Long>> sequences = new HashMap<>();
        for (Outgoing record : published) {
            Long sequence = record.envelope().sequence();
            if (record.topic().equals(Topics.JOB_EVENTS)
                    && sequence != null
                    && !record.envelope().replayed()) {
                sequences
                        .computeIfAbsent(record.envelope().subject(), _ -> new ArrayList<>())
                        .add(sequence);
            }
        }
        sequences.forEach((job, numbers) -> {
            long last = requireNonNull(jdbc.queryForObject(
                    "SELECT sequence FROM jobs.job WHERE id = ?", Long.class, UUID.fromString(job)));
            assertThat(numbers)
                    .as("events of job %s, seed %d", job, seed)
                    .containsExactlyInAnyOrderElementsOf(
                            LongStream.rangeClosed(1, last).boxed().toList());
        });
        assertThat(sequences).as("jobs, seed %d", seed).hasSizeGreaterThan(30);
    }
}
