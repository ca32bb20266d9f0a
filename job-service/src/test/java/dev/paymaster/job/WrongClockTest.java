package dev.paymaster.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.events.Topics;
import dev.paymaster.events.job.JobCommand.AcceptJob;
import dev.paymaster.events.job.JobCommand.CreateJob;
import dev.paymaster.events.job.JobCommand.SubmitJob;
import dev.paymaster.events.job.JobEvent.JobCreated;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A service whose own clock is far ahead: its timer is wrong, and nobody believes it, the service itself included. */
class WrongClockTest {
    private static final String[] SETTINGS = {"--jobs.policy.verify-within=24h", "--jobs.timer.poll=20ms"};

    private final ServiceDatabase database = ServiceDatabase.create("job_wrong_clock");
    private final UUID sender = UUID.randomUUID();

    @Test
    void timesNothingOutEarly() {
        UUID job;
        try (RunningService _ = RunningService.start(database, "sk_test_1", Clock.systemUTC(), SETTINGS);
                Kafka kafka = new Kafka()) {
            database.give(sender, 2);
            UUID receiver = UUID.randomUUID();
            job = ((JobCreated) kafka.ask(sender, new CreateJob(sender, "research", "Find out", null, null)))
                    .job()
                    .id();
            kafka.ask(sender, new AcceptJob(job, receiver));
            kafka.ask(sender, new SubmitJob(job, receiver, "Found"));
        }

        Clock ahead = Clock.offset(Clock.systemUTC(), Duration.ofHours(25));
        try (Kafka kafka = new Kafka();
                RunningService _ = RunningService.start(database, "sk_test_1", ahead, SETTINGS)) {
            kafka.awaitAtLeast(
                    Topics.JOB_EVENTS,
                    record -> String.valueOf(record.envelope().causationId()).startsWith("timeout:" + job),
                    1);
        }
        assertThat(database.asGateway().queryForObject("SELECT status FROM api.job WHERE id = ?", String.class, job))
                .isEqualTo("submitted");
        assertThat(database.balance(sender)).isEqualTo("0/2/0");
    }
}
