package dev.paymaster.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paymaster.events.MessageTypes;
import dev.paymaster.events.Topics;
import dev.paymaster.events.job.JobCommand.AcceptJob;
import dev.paymaster.events.job.JobCommand.CreateJob;
import dev.paymaster.events.job.JobCommand.SubmitJob;
import dev.paymaster.events.job.JobCommand.TimeOutJob;
import dev.paymaster.events.job.JobEvent.JobAccepted;
import dev.paymaster.events.job.JobEvent.JobCancelled;
import dev.paymaster.events.job.JobEvent.JobCreated;
import dev.paymaster.events.job.JobEvent.JobRequeued;
import dev.paymaster.events.job.JobEvent.JobSubmitted;
import dev.paymaster.events.job.JobEvent.JobVerified;
import dev.paymaster.job.Kafka.Published;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two whole services, each with a timer, on one Kafka and one PostgreSQL, and a clock that the test moves. */
class TimeOutServiceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String[] SETTINGS = {
        "--jobs.policy.accept-within=24h",
        "--jobs.policy.submit-within=2h",
        "--jobs.policy.verify-within=1h",
        "--jobs.policy.attempts=2",
        "--jobs.timer.poll=20ms"
    };

    private static TestClock clock;
    private static ServiceDatabase database;
    private static RunningService first;
    private static RunningService second;
    private static Kafka kafka;

    private final UUID receiver = UUID.randomUUID();

    @BeforeAll
    static void start() {
        clock = new TestClock();
        database = ServiceDatabase.create("job_time_outs");
        first = RunningService.start(database, "sk_test_1", clock, SETTINGS);
        second = RunningService.start(database, "sk_test_1", clock, SETTINGS);
        kafka = new Kafka();
    }

    @AfterAll
    static void stop() {
        kafka.close();
        second.close();
        first.close();
    }

    @Test
    void leadsEachJobThroughItsTimeOutsOnce() {
        UUID sender = sender(6);
        UUID forgotten = create(sender);
        UUID abandoned = create(sender);
        UUID unjudged = create(sender);
        kafka.ask(sender, new AcceptJob(abandoned, receiver));
        kafka.ask(sender, new AcceptJob(unjudged, receiver));
        kafka.ask(sender, new SubmitJob(unjudged, receiver, "Found"));

        clock.advance(Duration.ofHours(1));
        awaitEvents(unjudged, JobCreated.class, JobAccepted.class, JobSubmitted.class, JobVerified.class);
        assertThat(database.balance(sender)).isEqualTo("0/4/0");

        clock.advance(Duration.ofHours(1));
        awaitEvents(abandoned, JobCreated.class, JobAccepted.class, JobRequeued.class);
        kafka.ask(sender, new AcceptJob(abandoned, UUID.randomUUID()));
        assertThat(database.balance(sender)).isEqualTo("0/4/0");

        clock.advance(Duration.ofHours(2));
        awaitEvents(
                abandoned,
                JobCreated.class,
                JobAccepted.class,
                JobRequeued.class,
                JobAccepted.class,
                JobCancelled.class);
        assertThat(database.balance(sender)).isEqualTo("2/2/0");

        clock.advance(Duration.ofHours(20));
        awaitEvents(forgotten, JobCreated.class, JobCancelled.class);
        assertThat(database.balance(sender)).isEqualTo("4/0/0");
        kafka.await(Topics.CREDIT_EVENTS, record -> record.key().equals(sender.toString()), 6);
    }

    /** As several timers do: the first takes effect, the others get its outcome. */
    @Test
    void timesOutOnceHoweverManySaySo() {
        UUID sender = sender(2);
        UUID job = create(sender);
        kafka.ask(sender, new AcceptJob(job, receiver));
        String id = "timeout:" + job + ":2:0";

        clock.advance(Duration.ofHours(2));
        for (int i = 0; i < 5; i++) {
            kafka.send(id, sender.toString(), new TimeOutJob(job, sender, 2));
        }
        awaitEvents(job, JobCreated.class, JobAccepted.class, JobRequeued.class);

        kafka.awaitAtLeast(Topics.JOB_EVENTS, record -> record.answers(id), 5);
        assertThat(kafka.of(Topics.JOB_EVENTS, record -> record.answers(id)))
                .extracting(record -> record.envelope().id())
                .containsOnly(events(job).getLast().envelope().id());
    }

    @Test
    void neverBothTakesAResultAndTimesItOut() {
        UUID sender = sender(80);
        List<UUID> jobs = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            jobs.add(create(sender));
        }
        jobs.forEach(job -> kafka.ask(sender, new AcceptJob(job, receiver)));
        Map<UUID, String> submissions = new HashMap<>();

        for (int i = 0; i < jobs.size(); i++) {
            submissions.put(jobs.get(i), kafka.send(sender, new SubmitJob(jobs.get(i), receiver, "Found")));
            if (i == jobs.size() / 4) {
                kafka.outcome(Objects.requireNonNull(submissions.get(jobs.getFirst())));
                clock.advance(Duration.ofHours(2));
            }
            if (i == jobs.size() / 2) {
                kafka.awaitAtLeast(
                        Topics.JOB_EVENTS,
                        record -> jobs.contains(UUID.fromString(record.key()))
                                && type(record).equals(MessageTypes.nameOf(JobRequeued.class)),
                        1);
            }
        }

        int late = 0;
        for (UUID job : jobs) {
            boolean submitted = type(kafka.outcome(Objects.requireNonNull(submissions.get(job))))
                    .equals(MessageTypes.nameOf(JobSubmitted.class));
            if (submitted) {
                // Nobody judges it.
                assertThat(types(job)).startsWith(names(JobCreated.class, JobAccepted.class, JobSubmitted.class));
            } else {
                awaitEvents(job, JobCreated.class, JobAccepted.class, JobRequeued.class);
                late++;
            }
        }
        assertThat(late).as("results that came too late, of 40").isBetween(1, 39);
    }

    private static UUID sender(long credits) {
        UUID sender = UUID.randomUUID();
        database.give(sender, credits);
        return sender;
    }

    private static UUID create(UUID sender) {
        return ((JobCreated) kafka.ask(sender, new CreateJob(sender, "research", "Find out", null, null)))
                .job()
                .id();
    }

    /** What has changed the job, in order, each change once; and as many changes as the database knows. */
    private static void awaitEvents(UUID job, Class<?>... events) {
        await().atMost(PATIENCE).until(() -> {
            kafka.poll();
            return events(job).size() >= events.length;
        });
        assertThat(types(job)).containsExactly(names(events));
        assertThat(events(job))
                .extracting(event -> event.envelope().sequence())
                .doesNotHaveDuplicates()
                .last()
                .isEqualTo((long) events.length);
        assertThat(database.asGateway().queryForObject("SELECT sequence FROM api.job WHERE id = ?", Long.class, job))
                .isEqualTo(events.length);
    }

    private static List<Published> events(UUID job) {
        return kafka.of(Topics.JOB_EVENTS, record -> record.key().equals(job.toString())).stream()
                .filter(record -> record.envelope().sequence() != null
                        && !record.envelope().replayed())
                .sorted(Comparator.comparing(
                        record -> Objects.requireNonNull(record.envelope().sequence())))
                .toList();
    }

    private static List<String> types(UUID job) {
        return events(job).stream().map(TimeOutServiceTest::type).toList();
    }

    private static String type(Published record) {
        return record.envelope().type();
    }

    private static String[] names(Class<?>... events) {
        return List.of(events).stream().map(MessageTypes::nameOf).toArray(String[]::new);
    }
}
