package dev.paymaster.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paymaster.embedded.EmbeddedBroker;
import dev.paymaster.events.Envelope;
import dev.paymaster.events.Topics;
import dev.paymaster.events.job.JobCommand.CreateJob;
import dev.paymaster.events.job.JobEvent.JobCreated;
import dev.paymaster.events.job.JobEvent.JobRefused;
import dev.paymaster.events.job.JobSnapshot;
import dev.paymaster.events.job.JobStatus;
import dev.paymaster.gateway.Http.Answer;
import dev.paymaster.messaging.Codec;
import dev.paymaster.messaging.outbox.Outgoing;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How commands go to Kafka and their outcomes become answers, with a worker that does what the test says. */
class CommandsTest {
    private static RunningGateway gateway;
    private static ScriptedWorker worker;
    private static Http admin;
    private static Http sender;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start("gateway_commands", EmbeddedBroker.shared());
        worker = new ScriptedWorker(gateway, Topics.JOB_COMMANDS);
        admin = new Http(gateway.url(), RunningGateway.ADMIN_KEY);
        sender = admin.as(admin.post("/api/users", "{\"name\": \"Sam\"}")
                .body()
                .path("key")
                .asString());
    }

    @AfterAll
    static void stop() {
        worker.close();
        gateway.close();
    }

    @Test
    void answersWithTheOutcome() {
        CompletableFuture<Answer> answer = sender.postAsync("/api/jobs", "{\"prompt\": \"Do it\"}");
        ConsumerRecord<byte[], byte[]> command = worker.next();
        CreateJob create = Codec.read(command.value(), CreateJob.class);
        assertThat(create.prompt()).isEqualTo("Do it");
        assertThat(create.skill()).isEqualTo("research");
        assertThat(new String(command.key(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo(create.sender().toString());

        JobSnapshot job = job(create);
        worker.publish(command, new JobCreated(job));

        assertThat(Http.await(answer).status()).isEqualTo(201);
        assertThat(Http.await(answer).header("Location")).isEqualTo("/api/jobs/" + job.id());
        assertThat(Http.await(answer).body().path("id").asString())
                .isEqualTo(job.id().toString());
        nobodyWaits();
    }

    @Test
    void answersARefusalWithItsFields() {
        CompletableFuture<Answer> answer = sender.postAsync("/api/jobs", "{\"prompt\": \"Do it\"}");
        worker.publish(worker.next(), new JobRefused(null, "insufficient_credits", "Too dear.", null, 2L, 1L));

        assertThat(Http.await(answer).status()).isEqualTo(402);
        assertThat(Http.await(answer).body().path("required").asLong()).isEqualTo(2);
        assertThat(Http.await(answer).body().path("available").asLong()).isEqualTo(1);
        assertThat(Http.await(answer).body().path("error").asString()).isEqualTo("Too dear.");
    }

    /** Both at once, as each waits for seconds. */
    @Test
    void findsAnOutcomeThatTheTailMissedAndSaysWhereToAskForOneThatTakesTooLong() {
        CompletableFuture<Answer> missed = sender.postAsync("/api/jobs", "{\"prompt\": \"Do it\"}");
        ConsumerRecord<byte[], byte[]> decided = worker.next();
        CompletableFuture<Answer> late = sender.postAsync("/api/jobs", "{\"prompt\": \"Do it\"}");
        ConsumerRecord<byte[], byte[]> command = worker.next();
        worker.decide(decided, new JobCreated(job(Codec.read(decided.value(), CreateJob.class))));

        assertThat(Http.await(missed).status()).isEqualTo(201);
        Answer pending = Http.await(late);
        assertThat(pending.status()).isEqualTo(202);
        String place = pending.header("Location");
        assertThat(sender.get(place).status()).isEqualTo(202);
        assertThat(admin.get(place).status()).isEqualTo(404);

        worker.decide(command, new JobCreated(job(Codec.read(command.value(), CreateJob.class))));

        assertThat(sender.get(place).status()).isEqualTo(201);
        nobodyWaits();
    }

    @Test
    void doesNotWaitForAClientThatDoesNotWantTo() {
        Answer answer = sender.post("/api/jobs", "{\"prompt\": \"Do it\"}", "Prefer", "respond-async");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(ScriptedWorker.header(worker.next(), Envelope.HEADER_ID))
                .isEqualTo(answer.body().path("command_id").asString());
    }

    @Test
    void sendsTheSameKeyAsTheSameCommandAndSaysWhenTheAnswerIsOld() {
        String key = UUID.randomUUID().toString();
        CompletableFuture<Answer> first = sender.postAsync("/api/jobs", "{\"prompt\": \"A\"}", "Idempotency-Key", key);
        ConsumerRecord<byte[], byte[]> command = worker.next();
        Outgoing outcome = worker.decide(command, new JobCreated(job(Codec.read(command.value(), CreateJob.class))));
        worker.publish(outcome);
        assertThat(Http.await(first).header("Idempotent-Replayed")).isEmpty();

        CompletableFuture<Answer> again = sender.postAsync("/api/jobs", "{\"prompt\": \"A\"}", "Idempotency-Key", key);
        ConsumerRecord<byte[], byte[]> repeated = worker.next();
        assertThat(ScriptedWorker.header(repeated, Envelope.HEADER_ID))
                .isEqualTo(ScriptedWorker.header(command, Envelope.HEADER_ID));
        worker.publish(outcome.asReplay());

        assertThat(Http.await(again).header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(Http.await(again).body()).isEqualTo(Http.await(first).body());
    }

    @Test
    void tellsTwoRequestsWithOneKeyApartWhenOneEventAnswersBoth() {
        String key = UUID.randomUUID().toString();
        CompletableFuture<Answer> one = sender.postAsync("/api/jobs", "{\"prompt\": \"A\"}", "Idempotency-Key", key);
        ConsumerRecord<byte[], byte[]> first = worker.next();
        CompletableFuture<Answer> two = sender.postAsync("/api/jobs", "{\"prompt\": \"B\"}", "Idempotency-Key", key);
        worker.next();
        worker.publish(worker.decide(first, new JobCreated(job(Codec.read(first.value(), CreateJob.class)))));

        assertThat(Http.await(one).status()).isEqualTo(201);
        assertThat(Http.await(two).status()).isEqualTo(422);
        assertThat(Http.await(two).code()).isEqualTo("idempotency_mismatch");
    }

    @Test
    void answersAtOnceWhatIsKnownAlready() {
        String key = UUID.randomUUID().toString();
        String[] headers = {"Idempotency-Key", key, "Prefer", "wait=1, Respond-Async"};
        assertThat(sender.post("/api/jobs", "{\"prompt\": \"A\"}", headers).status())
                .isEqualTo(202);
        ConsumerRecord<byte[], byte[]> command = worker.next();
        worker.decide(command, new JobCreated(job(Codec.read(command.value(), CreateJob.class))));

        assertThat(sender.post("/api/jobs", "{\"prompt\": \"A\"}", headers).status())
                .isEqualTo(201);
        assertThat(sender.post("/api/jobs", "{\"prompt\": \"B\"}", headers).status())
                .isEqualTo(422);
        assertThat(worker.hasNothing()).isTrue();
    }

    @Test
    void answersInJsonWhateverTheClientAccepts() {
        Answer answer =
                sender.post("/api/jobs", "{\"prompt\": \"A\"}", "Accept", "text/html", "Prefer", "respond-async");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        worker.next();
    }

    @Test
    void knowsNoCommandThatItCannotHaveMade() {
        String mine = sender.get("/api/whoami").body().path("user").path("id").asString();

        assertThat(sender.get("/api/commands/" + mine + ":nope").status()).isEqualTo(404);
        assertThat(sender.get("/api/commands/nope").status()).isEqualTo(404);
        assertThat(sender.get("/api/jobs/%00").code()).isEqualTo("invalid_request");
        assertThat(sender.get("/api/jobs?skill=%00").status()).isEqualTo(400);
    }

    @Test
    void sendsNothingThatIsNotValid() {
        assertThat(sender.post("/api/jobs", "{\"prompt\": \" \"}").status()).isEqualTo(400);
        assertThat(sender.post("/api/jobs", "{\"prompt\": \"a\\u0000b\"}").status())
                .isEqualTo(400);
        assertThat(sender.post("/api/jobs", "{\"prompt\": \"A\", \"sender\": \"x\"}")
                        .status())
                .isEqualTo(400);
        assertThat(sender.post("/api/jobs", "{\"prompt\": \"A\"}", "Idempotency-Key", "k".repeat(256))
                        .status())
                .isEqualTo(400);
        assertThat(sender.post("/api/jobs", "{\"prompt\": \"" + "x".repeat(1 << 20) + "\"}")
                        .status())
                .isEqualTo(413);
        assertThat(admin.post("/api/credits/grants", grant("2020-01-01T00:00:00Z"))
                        .body()
                        .path("detail")
                        .asString())
                .isEqualTo("expires_at has passed");
        assertThat(admin.post("/api/credits/grants", grant("+300000-01-01T00:00:00Z"))
                        .status())
                .isEqualTo(400);
        assertThat(admin.post("/api/credits/grants", grant("1900000000")).status())
                .isEqualTo(400);
        assertThat(admin.post("/api/credits/grants", grant("2030-01-01T00:00:00+01:00"))
                        .status())
                .isEqualTo(404);
        assertThat(worker.hasNothing()).isTrue();
    }

    private static String grant(String expiresAt) {
        return "{\"user_id\": \"" + UUID.randomUUID() + "\", \"amount\": 1, \"reason\": \"x\", \"expires_at\": \""
                + expiresAt + "\"}";
    }

    private static void nobodyWaits() {
        MeterRegistry meters = gateway.bean(MeterRegistry.class);
        await().until(() -> meters.get("paymaster.gateway.waits").gauge().value() == 0);
    }

    private static JobSnapshot job(CreateJob create) {
        Instant now = Instant.now();
        return new JobSnapshot(
                UUID.randomUUID(),
                JobStatus.QUEUED,
                create.skill(),
                2,
                100,
                false,
                create.prompt(),
                null,
                null,
                create.sender(),
                null,
                null,
                null,
                now,
                now);
    }
}
