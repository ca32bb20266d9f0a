package dev.paymaster.job;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paymaster.events.MessageTypes;
import dev.paymaster.events.Topics;
import dev.paymaster.events.credit.CreditEvent.CreditsCaptured;
import dev.paymaster.events.credit.CreditEvent.CreditsHeld;
import dev.paymaster.events.credit.CreditEvent.CreditsReleased;
import dev.paymaster.events.job.JobCommand;
import dev.paymaster.events.job.JobCommand.AcceptJob;
import dev.paymaster.events.job.JobCommand.CancelJob;
import dev.paymaster.events.job.JobCommand.CreateJob;
import dev.paymaster.events.job.JobCommand.SubmitJob;
import dev.paymaster.events.job.JobCommand.VerifyJob;
import dev.paymaster.events.job.JobEvent;
import dev.paymaster.events.job.JobEvent.JobAccepted;
import dev.paymaster.events.job.JobEvent.JobCancelled;
import dev.paymaster.events.job.JobEvent.JobCreated;
import dev.paymaster.events.job.JobEvent.JobRefused;
import dev.paymaster.events.job.JobEvent.JobRejected;
import dev.paymaster.events.job.JobEvent.JobSubmitted;
import dev.paymaster.events.job.JobEvent.JobVerified;
import dev.paymaster.events.job.JobSnapshot;
import dev.paymaster.events.job.JobStatus;
import dev.paymaster.job.Kafka.Published;
import dev.paymaster.messaging.outbox.OutgoingCodec;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole service with Stripe on: commands go in through Kafka, and events come out. */
class JobServiceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static ServiceDatabase database;
    private static RunningService service;
    private static Kafka kafka;

    private final UUID sender = UUID.randomUUID();
    private final UUID receiver = UUID.randomUUID();

    @BeforeAll
    static void start() {
        database = ServiceDatabase.create("job_service");
        service = RunningService.start(database, "sk_test_1");
        kafka = new Kafka();
    }

    @AfterAll
    static void stop() {
        kafka.close();
        service.close();
    }

    @Test
    void takesAJobFromItsCreationToItsVerification() {
        database.give(sender, 5);

        JobSnapshot created = create();
        assertThat(database.balance(sender)).isEqualTo("3/2/0");
        JobEvent accepted = ask(new AcceptJob(created.id(), receiver));
        JobEvent submitted = ask(new SubmitJob(created.id(), receiver, "Found: \"42\" – \\n"));
        JobEvent verified = ask(new VerifyJob(created.id(), sender, true, "Good", Map.of("depth", 0.25)));

        assertThat(created.status()).isEqualTo(JobStatus.QUEUED);
        assertThat(created.creditCost()).isEqualTo(2);
        assertThat(created.payoutCents()).isEqualTo(100);
        assertThat(accepted).isInstanceOfSatisfying(JobAccepted.class, event -> {
            assertThat(event.job().receiver()).isEqualTo(receiver);
            assertThat(event.job().prompt()).isEqualTo("Find out");
        });
        assertThat(submitted)
                .isInstanceOfSatisfying(
                        JobSubmitted.class,
                        event -> assertThat(event.job().output()).isEqualTo("Found: \"42\" – \\n"));
        assertThat(verified).isInstanceOfSatisfying(JobVerified.class, event -> {
            assertThat(event.job().shadow()).isFalse();
            assertThat(event.job().verification())
                    .isEqualTo(new JobSnapshot.Verification(true, "Good", Map.of("depth", 0.25)));
        });
        assertThat(database.balance(sender)).isEqualTo("3/0/0");
        assertNumberedFromOne(created.id(), 4);
        assertCreditEvents(List.of(CreditsHeld.class, CreditsCaptured.class));
    }

    @Test
    void givesTheCreditsOfARejectedJobBack() {
        database.give(sender, 2);
        JobSnapshot created = create();
        ask(new AcceptJob(created.id(), receiver));
        ask(new SubmitJob(created.id(), receiver, "Nothing"));

        JobEvent rejected = ask(new VerifyJob(created.id(), null, false, "Is nothing", null));

        assertThat(rejected).isInstanceOf(JobRejected.class);
        assertThat(database.balance(sender)).isEqualTo("2/0/0");
        assertNumberedFromOne(created.id(), 4);
        assertCreditEvents(List.of(CreditsHeld.class, CreditsReleased.class));
    }

    @Test
    void givesTheCreditsOfACancelledJobBack() {
        database.give(sender, 2);
        JobSnapshot created = create();

        assertThat(ask(new CancelJob(created.id(), sender))).isInstanceOf(JobCancelled.class);

        assertThat(database.balance(sender)).isEqualTo("2/0/0");
        assertNumberedFromOne(created.id(), 2);
        assertThat(refusal(new AcceptJob(created.id(), receiver)).status()).isEqualTo(JobStatus.CANCELLED);
    }

    @Test
    void refusesWithoutChangingAnything() {
        database.give(sender, 2);
        JobSnapshot created = create();

        assertThat(refusal(new AcceptJob(created.id(), sender)).code()).isEqualTo("own_job");
        assertThat(refusal(new CancelJob(created.id(), receiver)).code()).isEqualTo("not_found");
        assertThat(refusal(new CancelJob(UUID.randomUUID(), sender)).code()).isEqualTo("not_found");
        assertThat(refusal(new VerifyJob(created.id(), sender, true, null, null))
                        .status())
                .isEqualTo(JobStatus.QUEUED);
        assertThat(refusal(new CreateJob(sender, "alchemy", "Make gold", null, null))
                        .code())
                .isEqualTo("unknown_skill");
        JobRefused poor = refusal(new CreateJob(sender, "research", "Find out", null, null));
        assertThat(List.of(poor.code(), requireNonNull(poor.required()), requireNonNull(poor.available())))
                .isEqualTo(List.of("insufficient_credits", 2L, 0L));

        assertThat(database.balance(sender)).isEqualTo("0/2/0");
        assertNumberedFromOne(created.id(), 1);
        assertThat(kafka.of(Topics.JOB_EVENTS, record -> record.key().equals(sender.toString())))
                .as("refused creations are keyed by their sender, and count nothing")
                .hasSize(2)
                .allSatisfy(record -> assertThat(record.envelope().sequence()).isNull());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void createsExactlyAsManyJobsAsThereAreCredits(boolean onOnePartition) {
        database.give(sender, 200);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String id = UUID.randomUUID().toString();
            kafka.send(id, onOnePartition ? sender.toString() : id, newJob());
            ids.add(id);
        }

        Map<Class<?>, List<JobEvent>> outcomes =
                kafka.await(Topics.JOB_EVENTS, event -> ids.stream().anyMatch(event::answers), 200).stream()
                        .map(kafka::event)
                        .collect(groupingBy(JobEvent::getClass));

        assertThat(outcomes.get(JobCreated.class)).hasSize(100);
        assertThat(outcomes.get(JobRefused.class)).hasSize(100);
        assertThat(database.balance(sender)).isEqualTo("0/200/0");
        kafka.await(Topics.CREDIT_EVENTS, record -> record.key().equals(sender.toString()), 100);
        assertThat(database.asGateway()
                        .queryForObject("SELECT count(*) FROM api.job WHERE sender = ?", Long.class, sender))
                .isEqualTo(100);
    }

    @Test
    void answersARepeatedCommandWithItsFirstOutcome() {
        database.give(sender, 10);
        String id = kafka.send(sender, newJob());
        Published first = kafka.outcome(id);

        kafka.send(id, sender.toString(), newJob());
        kafka.send(id, sender.toString(), newJob());
        List<Published> outcomes = kafka.outcomes(id, 3);

        assertThat(first.envelope().replayed()).isFalse();
        assertThat(outcomes).allSatisfy(outcome -> {
            assertThat(outcome.value()).isEqualTo(first.value());
            assertThat(outcome.envelope().id()).isEqualTo(first.envelope().id());
        });
        assertThat(outcomes.subList(1, 3))
                .allMatch(outcome -> outcome.envelope().replayed());
        assertThat(database.balance(sender)).isEqualTo("8/2/0");
    }

    @Test
    void refusesAnotherCommandUnderAnIdThatWasUsed() {
        database.give(sender, 10);
        String id = kafka.send(sender, newJob());
        kafka.outcome(id);

        kafka.send(id, sender.toString(), new CreateJob(sender, "research", "Something else", null, null));

        assertThat(kafka.event(kafka.outcomes(id, 2).getLast()))
                .isInstanceOfSatisfying(
                        JobRefused.class, refused -> assertThat(refused.code()).isEqualTo("idempotency_mismatch"));
        assertThat(database.balance(sender)).isEqualTo("8/2/0");
    }

    @Test
    void buriesWhatItCannotReadAndGoesOn() {
        database.give(sender, 4);
        String key = sender.toString();
        String before = kafka.send(sender, newJob());
        kafka.sendRaw("future-" + key, key, "dev.paymaster.CreateJob.v2", "{}");
        kafka.sendRaw("broken-" + key, key, MessageTypes.nameOf(CreateJob.class), "{\"sender\": ");
        kafka.sendRaw("empty-" + key, key, MessageTypes.nameOf(CreateJob.class), "{\"sender\": \"" + key + "\"}");
        String after = kafka.send(sender, newJob());

        assertThat(kafka.event(kafka.outcome(before))).isInstanceOf(JobCreated.class);
        assertThat(kafka.event(kafka.outcome(after))).isInstanceOf(JobCreated.class);
        List<Published> letters = kafka.await(
                Topics.deadLetters(Topics.JOB_COMMANDS), record -> record.key().equals(key), 3);
        assertThat(letters)
                .extracting(letter -> letter.envelope().id())
                .containsExactly("future-" + key, "broken-" + key, "empty-" + key);
        assertThat(letters.getLast().headers()).containsEntry("dlt_consumer", "job-service");
        assertThat(letters.getLast().headers().get("dlt_message")).contains("skill is missing");
    }

    @Test
    void showsItsJobsAndOutcomesToTheGateway() {
        database.give(sender, 2);
        String id = kafka.send(sender, newJob());
        Published outcome = kafka.outcome(id);

        Map<String, @Nullable Object> row =
                database.asGateway().queryForMap("SELECT * FROM api.job WHERE sender = ?", sender);

        assertThat(row)
                .containsEntry("id", UUID.fromString(outcome.key()))
                .containsEntry("status", "queued")
                .containsEntry("credit_cost", 2L)
                .containsEntry("sequence", 1L);
        assertThat(database.asGateway()
                        .queryForList("SELECT outcome FROM api.job_outcome WHERE command_id = ?", byte[].class, id))
                .singleElement()
                .satisfies(bytes -> assertThat(
                                OutgoingCodec.decode(bytes).getFirst().value())
                        .isEqualTo(outcome.value()));
    }

    @Test
    void isReadyAndTellsItsMetrics() {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(get("health/readiness").statusCode()).isEqualTo(200);
            assertThat(get("prometheus").body()).contains("hikaricp_connections", "paymaster_");
        });
    }

    private JobSnapshot create() {
        return ((JobCreated) ask(newJob())).job();
    }

    private CreateJob newJob() {
        return new CreateJob(sender, "research", "Find out", "A title", "Be thorough");
    }

    private JobEvent ask(JobCommand command) {
        return kafka.ask(sender, command);
    }

    private JobRefused refusal(JobCommand command) {
        return (JobRefused) ask(command);
    }

    private static void assertNumberedFromOne(UUID jobId, int last) {
        assertThat(kafka.of(Topics.JOB_EVENTS, record -> record.key().equals(jobId.toString())))
                .extracting(record -> record.envelope().sequence())
                .filteredOn(sequence -> sequence != null)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, last).boxed().toList());
    }

    /** The grant came first, so the service's own transfers are numbered from 2. */
    private void assertCreditEvents(List<Class<?>> types) {
        List<Published> events =
                kafka.await(Topics.CREDIT_EVENTS, record -> record.key().equals(sender.toString()), types.size());
        assertThat(events)
                .extracting(event -> event.envelope().type())
                .containsExactlyElementsOf(
                        types.stream().map(MessageTypes::nameOf).toList());
        assertThat(events)
                .extracting(event -> event.envelope().sequence())
                .containsExactlyElementsOf(
                        LongStream.range(2, 2 + types.size()).boxed().toList());
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(service.actuator(path)).build(), BodyHandlers.ofString());
        }
    }
}
