package dev.paymaster.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.events.job.JobCommand.AcceptJob;
import dev.paymaster.events.job.JobCommand.CancelJob;
import dev.paymaster.events.job.JobCommand.CreateJob;
import dev.paymaster.events.job.JobCommand.SubmitJob;
import dev.paymaster.events.job.JobCommand.VerifyJob;
import dev.paymaster.events.job.JobEvent.JobCancelled;
import dev.paymaster.events.job.JobEvent.JobCreated;
import dev.paymaster.events.job.JobEvent.JobVerified;
import dev.paymaster.events.job.JobSnapshot;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The whole service, with Stripe switched on and off between jobs. */
class ShadowTest {
    private final UUID sender = UUID.randomUUID();
    private final UUID receiver = UUID.randomUUID();
    private final UUID poor = UUID.randomUUID();

    @Test
    void leavesEachJobInTheModeInWhichItWasCreated() {
        ServiceDatabase database = ServiceDatabase.create("job_shadow");
        List<JobSnapshot> held;
        try (RunningService _ = RunningService.start(database, "sk_test_1");
                Kafka kafka = new Kafka()) {
            database.give(sender, 5);
            held = List.of(create(kafka, sender), create(kafka, sender));
            submit(kafka, held.getFirst());
        }
        assertThat(database.balance(sender)).isEqualTo("1/4/0");

        JobSnapshot shadow;
        try (RunningService _ = RunningService.start(database, "");
                Kafka kafka = new Kafka()) {
            assertThat(kafka.ask(sender, new VerifyJob(held.getFirst().id(), sender, true, null, null)))
                    .isInstanceOf(JobVerified.class);
            assertThat(kafka.ask(sender, new CancelJob(held.getLast().id(), sender)))
                    .isInstanceOf(JobCancelled.class);
            assertThat(database.balance(sender)).isEqualTo("3/0/0");

            JobSnapshot verified = create(kafka, poor);
            submit(kafka, verified);
            assertThat(kafka.ask(poor, new VerifyJob(verified.id(), poor, true, null, null)))
                    .isInstanceOfSatisfying(JobVerified.class, event -> {
                        assertThat(event.job().shadow()).isTrue();
                        assertThat(event.job().payoutCents()).isEqualTo(100);
                    });
            shadow = create(kafka, poor);
        }
        try (RunningService _ = RunningService.start(database, "sk_test_1");
                Kafka kafka = new Kafka()) {
            assertThat(kafka.ask(poor, new CancelJob(shadow.id(), poor))).isInstanceOf(JobCancelled.class);
        }
        assertThat(database.balance(poor)).isEqualTo("none");
    }

    private static JobSnapshot create(Kafka kafka, UUID who) {
        return ((JobCreated) kafka.ask(who, new CreateJob(who, "research", "Find out", null, null))).job();
    }

    private void submit(Kafka kafka, JobSnapshot job) {
        kafka.ask(job.sender(), new AcceptJob(job.id(), receiver));
        kafka.ask(job.sender(), new SubmitJob(job.id(), receiver, "Found"));
    }
}
