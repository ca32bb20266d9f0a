package dev.paymaster.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paymaster.embedded.EmbeddedBroker;
import dev.paymaster.events.Envelope;
import dev.paymaster.events.Topics;
import dev.paymaster.gateway.Http.Answer;
import dev.paymaster.messaging.Sha256;
import dev.paymaster.messaging.deadletter.DeadLetters;
import dev.paymaster.messaging.outbox.Outgoing;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.scheduling.annotation.ScheduledAnnotationBeanPostProcessor;
import tools.jackson.databind.JsonNode;

/** Dead letters of all topics are seen, replayed and discarded in one place. */
class DeadLettersTest {
    private static final String PATH = "/api/admin/dead-letters";
    private static final EmbeddedBroker BROKER = EmbeddedBroker.startTemporary();
    private static RunningGateway gateway;
    private static Http admin;

    /** Of its own for each test: they share a database. */
    private final String consumer = "worker-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start("gateway_dead_letters", BROKER);
        admin = new Http(gateway.url(), RunningGateway.ADMIN_KEY);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        BROKER.close();
    }

    @Test
    void showsWhatDiedAndWhy() {
        bury(record(Topics.JOB_COMMANDS, 7, "evt-1", "{\"a\": 1}".getBytes(StandardCharsets.UTF_8)));

        JsonNode letter = awaitLetters(1).getFirst();

        assertThat(letter.path("status").asString()).isEqualTo("open");
        assertThat(letter.path("topic").asString()).isEqualTo(Topics.JOB_COMMANDS);
        assertThat(letter.path("partition").asLong()).isEqualTo(3);
        assertThat(letter.path("offset").asLong()).isEqualTo(7);
        assertThat(letter.path("consumer").asString()).isEqualTo(consumer);
        assertThat(letter.path("event_id").asString()).isEqualTo("evt-1");
        assertThat(letter.path("exception").asString()).isEqualTo(IllegalStateException.class.getName());
        assertThat(letter.path("message").asString()).isEqualTo("type x is not known here");
        assertThat(letter.path("hint").asString()).contains("upgrade the worker");
        assertThat(letter.propertyNames())
                .containsExactlyInAnyOrder(
                        "id",
                        "status",
                        "topic",
                        "partition",
                        "offset",
                        "consumer",
                        "event_id",
                        "exception",
                        "message",
                        "hint",
                        "buried_at",
                        "key",
                        "value_preview");
        assertThat(letter.path("key").asString()).isEqualTo("key-1");
        assertThat(letter.path("value_preview").asString()).isEqualTo("{\"a\": 1}");
        JsonNode whole = opened(letter);
        assertThat(whole.at("/key/text").asString()).isEqualTo("key-1");
        assertThat(whole.at("/value/text").asString()).isEqualTo("{\"a\": 1}");
        assertThat(whole.path("headers")
                        .valueStream()
                        .map(header -> header.path("name").asString()))
                .contains(Envelope.HEADER_ID, "other")
                .noneMatch(name -> name.startsWith("dlt_"));
        assertThat(whole.path("actions")).isEmpty();
    }

    /** A character may have four bytes, of which none is shown without the others. */
    @Test
    void showsHowALongValueBegins() {
        String begins = "😀".repeat(199) + "x";
        bury(record(Topics.JOB_COMMANDS, 80, "evt-80", begins.getBytes(StandardCharsets.UTF_8)));
        bury(record(Topics.JOB_COMMANDS, 81, "evt-81", (begins + "😀").getBytes(StandardCharsets.UTF_8)));
        bury(record(Topics.JOB_COMMANDS, 82, "evt-82", (begins + "y".repeat(9_000)).getBytes(StandardCharsets.UTF_8)));

        assertThat(awaitLetters(3))
                .extracting(letter -> letter.path("value_preview").asString())
                .containsExactly(begins + "…", begins + "…", begins);
    }

    @Test
    void keepsBytesThatAreNoText() {
        byte[] bytes = {0, (byte) 0xff, 1};
        bury(record(Topics.STRIPE_EVENTS, 1, "a\0b", bytes));

        JsonNode letter = awaitLetters(1).getFirst();

        assertThat(letter.path("event_id").asString()).isEqualTo("a\ufffdb");
        assertThat(letter.path("value_preview").asString()).isEqualTo("\ufffd\ufffd\u0001");
        assertThat(Base64.getDecoder().decode(opened(letter).at("/value/base64").asString()))
                .isEqualTo(bytes);
    }

    @Test
    void keepsALetterOnceThatIsWrittenTwice() {
        ConsumerRecord<byte[], byte[]> record = record(Topics.JOB_COMMANDS, 8, "evt-2", new byte[] {'1'});
        bury(record);
        bury(record);
        bury(record(Topics.JOB_COMMANDS, 9, "evt-3", new byte[] {'1'}));

        List<JsonNode> letters = awaitLetters(2);

        assertThat(letters).extracting(letter -> letter.path("offset").asLong()).containsExactly(9L, 8L);
    }

    /** As somebody else's may be; a worker leaves such a header out itself. */
    @Test
    void keepsALetterWithAHeaderThatCannotBeStored() {
        ConsumerRecord<byte[], byte[]> record = record(Topics.JOB_COMMANDS, 50, "evt-50", new byte[] {'1'});
        Outgoing letter = DeadLetters.of(record, consumer, new IllegalStateException("why"));
        publish(letter.with(new Outgoing.Header("y".repeat(70_000), new byte[] {'2'}))
                .with(Outgoing.Header.of(DeadLetters.HEADER_TOPIC, "no\0ne")));
        bury(record(Topics.JOB_COMMANDS, 51, "evt-51", new byte[] {'1'}));

        JsonNode whole = opened(awaitLetters(2).getLast());

        assertThat(whole.at("/value/text").asString()).isEqualTo("1");
        assertThat(whole.path("headers")
                        .valueStream()
                        .filter(header -> header.path("name").asString().equals(DeadLetters.HEADER_OMITTED_HEADERS))
                        .map(header -> header.at("/value/text").asString()))
                .containsExactly("y".repeat(100));
        assertThat(whole.at("/letter/topic").asString()).isEqualTo(Topics.JOB_COMMANDS);
        assertThat(admin.post(PATH + "/" + whole.at("/letter/id").asString() + "/replay", "{}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void saysOfWhichLetterAReplayHasFailed() {
        UUID first = UUID.randomUUID();
        for (String value : List.of(first.toString(), "none")) {
            ConsumerRecord<byte[], byte[]> record =
                    record(Topics.JOB_COMMANDS, 60 + value.length(), "evt-60", new byte[] {'1'});
            record.headers()
                    .add(DeadLetters.HEADER_REPLAY_FOR, consumer.getBytes(StandardCharsets.UTF_8))
                    .add(DeadLetters.HEADER_REPLAY_OF, value.getBytes(StandardCharsets.UTF_8));
            bury(record);
        }

        assertThat(awaitLetters(2))
                .extracting(letter -> letter.path("replay_of").asString(""))
                .containsExactlyInAnyOrder(first.toString(), "");
    }

    /** As after an error that it can't go on from: calls are answered all the same, and somebody has to be told. */
    @Test
    void isUnhealthyAndReadyWhenLettersAreNotReadAnyMore() {
        SmartLifecycle intake = gateway.context().getBean("deadLetterIntake", SmartLifecycle.class);
        Http management = gateway.management();
        assertThat(health(management)).isEqualTo("UP");

        intake.stop();
        try {
            assertThat(health(management)).isEqualTo("DOWN");
            assertThat(management.get("/actuator/health/readiness").status()).isEqualTo(200);
        } finally {
            intake.start();
        }
    }

    private static String health(Http management) {
        return management
                .get("/actuator/health")
                .body()
                .at("/components/deadLetterIntake/status")
                .asString("");
    }

    @Test
    void countsWhatIsOpen() {
        bury(record(Topics.JOB_COMMANDS, 70, "evt-70", new byte[] {'1'}));
        bury(record(Topics.JOB_COMMANDS, 71, "evt-71", new byte[] {'1'}));
        String first = awaitLetters(2).getFirst().path("id").asString();
        awaitCounted(2);

        admin.post(PATH + "/" + first + "/discard", "{\"reason\": \"a test\"}");

        awaitCounted(1);
    }

    private void awaitCounted(int open) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(counted("consumer", "topic")).isEqualTo(open));
    }

    /** The alert that operators are told to set goes by a metric and labels that are there, and ends with the last letter. */
    @Test
    void theAlertOfTheOperatorsPageFiresWhileALetterIsOpen() throws Exception {
        Matcher alert = Pattern.compile("expr: max by \\((\\w+), (\\w+)\\) \\(paymaster_dead_letters_open\\) > 0")
                .matcher(Files.readString(Path.of("../docs/operating.md")));
        assertThat(alert.find()).isTrue();
        bury(record(Topics.JOB_COMMANDS, 72, "evt-72", new byte[] {'1'}));
        String letter = awaitLetters(1).getFirst().path("id").asString();

        await().atMost(Duration.ofSeconds(20)).until(() -> counted(alert.group(1), alert.group(2)) > 0);
        admin.post(PATH + "/" + letter + "/discard", "{\"reason\": \"a test\"}");
        await().atMost(Duration.ofSeconds(20)).until(() -> counted(alert.group(1), alert.group(2)) == 0);
    }

    /** How many letters of this test's consumer Prometheus sees in the series that have these labels. */
    private double counted(String... labels) {
        // Half a minute would be too long to wait for the next time that they are counted.
        gateway.bean(ScheduledAnnotationBeanPostProcessor.class).getScheduledTasks().stream()
                .filter(task -> task.toString().contains("DeadLetterMetrics"))
                .forEach(task -> task.getTask().getRunnable().run());
        return gateway.management()
                .text("/actuator/prometheus")
                .lines()
                .filter(line -> line.startsWith("paymaster_dead_letters_open{") && line.contains(consumer))
                .filter(line -> Stream.of(labels).allMatch(label -> line.contains(label + "=\"")))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    @Test
    void replaysToTheOneWorkerAndOnlyOnce() throws Exception {
        byte[] value = {'{', 0, (byte) 0xfe};
        ConsumerRecord<byte[], byte[]> dying = record(Topics.CREDIT_COMMANDS, 1, "evt-4", value);
        // What it had said of itself like a letter comes again, too, and isn't believed.
        dying.headers().add(DeadLetters.HEADER_OMITTED_BYTES, new byte[] {'y'});
        bury(dying);
        String id = awaitLetters(1).getFirst().path("id").asString();
        try (ScriptedWorker topic = new ScriptedWorker(gateway, Topics.CREDIT_COMMANDS);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Answer>> atOnce = Stream.generate(() ->
                            CompletableFuture.supplyAsync(() -> admin.post(PATH + "/" + id + "/replay", "{}"), threads))
                    .limit(8)
                    .toList();

            for (CompletableFuture<Answer> answer : atOnce) {
                assertThat(answer.get().status()).isEqualTo(200);
                assertThat(answer.get().body().path("status").asString()).isEqualTo("replayed");
            }
            ConsumerRecord<byte[], byte[]> replayed = topic.next();
            assertThat(replayed.key()).isEqualTo("key-1".getBytes(StandardCharsets.UTF_8));
            assertThat(replayed.value()).isEqualTo(value);
            assertThat(ScriptedWorker.header(replayed, Envelope.HEADER_ID)).isEqualTo("evt-4");
            assertThat(ScriptedWorker.header(replayed, "other")).isEqualTo("x");
            assertThat(ScriptedWorker.header(replayed, DeadLetters.HEADER_REPLAY_FOR))
                    .isEqualTo(consumer);
            assertThat(ScriptedWorker.header(replayed, DeadLetters.HEADER_REPLAY_OF))
                    .isEqualTo(id);
            assertThat(ScriptedWorker.header(replayed, DeadLetters.HEADER_OMITTED_BYTES))
                    .isEqualTo("y");
            assertThat(replayed.headers().lastHeader(DeadLetters.HEADER_EXCEPTION))
                    .isNull();
            // What comes after it is the next record: the eight calls wrote one.
            publish(new Outgoing(Topics.CREDIT_COMMANDS, replayed.key(), List.of(), new byte[] {'z'}));
            assertThat(topic.next().value()).isEqualTo(new byte[] {'z'});
        }
        JsonNode actions = admin.get(PATH + "/" + id).body().path("actions");
        assertThat(actions).hasSize(1);
        assertThat(actions.at("/0/action").asString()).isEqualTo("replayed");
        assertThat(actions.at("/0/actor").asString())
                .isEqualTo("admin:" + HexFormat.of().formatHex(Sha256.of(RunningGateway.ADMIN_KEY), 0, 3));
        assertThat(admin.post(PATH + "/" + id + "/discard", "{\"reason\": \"x\"}")
                        .code())
                .isEqualTo("already_replayed");
    }

    @Test
    void discardsWithAReasonAndMayStillReplay() {
        bury(record(Topics.PAYOUT_COMMANDS, 1, "evt-5", new byte[] {'1'}));
        String letter = PATH + "/" + awaitLetters(1).getFirst().path("id").asString();

        assertThat(admin.post(letter + "/discard", "{}").status()).isEqualTo(400);
        assertThat(admin.post(letter + "/discard", "{\"reason\": \"a test\"}")
                        .body()
                        .path("status")
                        .asString())
                .isEqualTo("discarded");
        assertThat(admin.post(letter + "/discard", "{\"reason\": \"again\"}").status())
                .isEqualTo(200);
        assertThat(admin.post(letter + "/replay", "{}").body().path("status").asString())
                .isEqualTo("replayed");
        JsonNode actions = admin.get(letter).body().path("actions");
        assertThat(actions).hasSize(2);
        assertThat(actions.at("/0/reason").asString()).isEqualTo("a test");
    }

    @Test
    void replaysAllThatFitTheOldestFirst() {
        for (int offset = 0; offset < 3; offset++) {
            bury(record(Topics.JOB_COMMANDS, offset, "evt-" + offset, new byte[] {(byte) ('a' + offset)}));
        }
        awaitLetters(3);
        try (ScriptedWorker topic = new ScriptedWorker(gateway, Topics.JOB_COMMANDS)) {
            Answer done = admin.post(PATH + "/replay", "{\"consumer\": \"" + consumer + "\"}");

            assertThat(done.body().path("done").asLong()).isEqualTo(3);
            assertThat(done.body().path("left").asLong()).isZero();
            for (int offset = 0; offset < 3; offset++) {
                assertThat(topic.next().value()).isEqualTo(new byte[] {(byte) ('a' + offset)});
            }
            assertThat(admin.post(PATH + "/replay", "{\"consumer\": \"" + consumer + "\"}")
                            .body()
                            .path("done")
                            .asLong())
                    .isZero();
        }
        assertThat(admin.post(PATH + "/replay", "{}").status()).isEqualTo(400);
        assertThat(admin.post(PATH + "/discard", "{\"topic\": \"x\"}").status()).isEqualTo(400);
    }

    @Test
    void saysWhichConsumersHaveLettersWhenNoneIsAsNamed() {
        bury(record(Topics.JOB_COMMANDS, 30, "evt-30", new byte[] {'1'}));
        awaitLetters(1);

        Answer typo = admin.post(PATH + "/replay", "{\"consumer\": \"" + consumer.substring(1) + "\"}");
        assertThat(typo.status()).isEqualTo(400);
        assertThat(typo.body().path("field").asString()).isEqualTo("consumer");
        assertThat(typo.body().path("detail").asString()).contains(consumer);
        Answer elsewhere = admin.post(
                PATH + "/discard", "{\"consumer\": \"" + consumer + "\", \"topic\": \"x\", \"reason\": \"y\"}");
        assertThat(elsewhere.status()).isEqualTo(400);
        assertThat(elsewhere.body().path("field").asString()).isEqualTo("topic");
        assertThat(elsewhere.body().path("detail").asString()).contains(Topics.JOB_COMMANDS);
    }

    @Test
    void passesOverWhatSomebodyElseHasDealtWithMeanwhile() throws Exception {
        for (int offset = 40; offset < 43; offset++) {
            bury(record(Topics.JOB_COMMANDS, offset, "evt-" + offset, new byte[] {'1'}));
        }
        UUID oldest = UUID.fromString(awaitLetters(3).getLast().path("id").asString());
        UUID second = UUID.fromString(awaitLetters(3).get(1).path("id").asString());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                Connection other =
                        Objects.requireNonNull(gateway.owner.getDataSource()).getConnection()) {
            other.setAutoCommit(false);
            JdbcTemplate locking = new JdbcTemplate(new SingleConnectionDataSource(other, true));
            locking.queryForList("SELECT id FROM identity.dead_letter WHERE id = ? FOR UPDATE", oldest);
            CompletableFuture<Answer> bulk = CompletableFuture.supplyAsync(
                    () -> admin.post(PATH + "/discard", "{\"consumer\": \"" + consumer + "\", \"reason\": \"a test\"}"),
                    threads);
            await().atMost(Duration.ofSeconds(30)).until(() -> isAwaited(locking));
            locking.update("UPDATE identity.dead_letter SET status = 'replayed' WHERE id = ?", second);
            other.commit();

            assertThat(bulk.get().status()).isEqualTo(200);
            assertThat(bulk.get().body().path("done").asLong()).isEqualTo(2);
            assertThat(bulk.get().body().path("left").asLong()).isZero();
        }
    }

    /** With what a replay adds. The record itself was taken, and so is its letter. */
    @Test
    void saysWhatToDoAboutARecordThatIsTooLargeToBeReplayed() {
        byte[] value = new byte[(16 << 20) - 200];
        new Random(1).nextBytes(value);
        ConsumerRecord<byte[], byte[]> large = record(Topics.JOB_COMMANDS, 90, "evt-90", value);
        publish(new Outgoing(Topics.JOB_COMMANDS, large.key(), DeadLetters.headersOf(large), value));
        bury(large);
        bury(record(Topics.JOB_COMMANDS, 91, "evt-91", new byte[] {'1'}));
        String letter = PATH + "/" + awaitLetters(2).getLast().path("id").asString();

        Answer refused = admin.post(letter + "/replay", "{}");

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("record_too_large");
        assertThat(refused.body().path("detail").asString()).contains("send it again", "discard");
        Answer others = admin.post(PATH + "/replay", "{\"consumer\": \"" + consumer + "\"}");
        assertThat(others.body().path("done").asLong()).isEqualTo(1);
        assertThat(others.body().path("left").asLong()).isEqualTo(1);
        assertThat(admin.post(letter + "/discard", "{\"reason\": \"sent again\"}")
                        .status())
                .isEqualTo(200);
    }

    private static boolean isAwaited(JdbcTemplate locking) {
        return Boolean.TRUE.equals(locking.queryForObject(
                "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))",
                Boolean.class));
    }

    /** Its transaction can't be ended either, and one line says all of it. */
    @Test
    void refusesAReplayWhoseConnectionBreaks() throws Exception {
        bury(record(Topics.JOB_COMMANDS, 90, "evt-90", new byte[] {'1'}));
        UUID letter = UUID.fromString(awaitLetters(1).getFirst().path("id").asString());
        try (Connection other =
                        Objects.requireNonNull(gateway.owner.getDataSource()).getConnection();
                LogWatch log = new LogWatch()) {
            other.setAutoCommit(false);
            JdbcTemplate locking = new JdbcTemplate(new SingleConnectionDataSource(other, true));
            locking.queryForList("SELECT id FROM identity.dead_letter WHERE id = ? FOR UPDATE", letter);
            CompletableFuture<Answer> replay = admin.postAsync(PATH + "/" + letter + "/replay", "{}");
            await().atMost(Duration.ofSeconds(30)).until(() -> isAwaited(locking));
            Integer waiting = locking.queryForObject(
                    "SELECT pid FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))",
                    Integer.class);
            // Its own role may end it.
            gateway.bean(DatabaseClient.class)
                    .sql("SELECT pg_terminate_backend(:pid)")
                    .bind("pid", Objects.requireNonNull(waiting))
                    .then()
                    .block();

            Answer answer = Http.await(replay);
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.code()).isEqualTo("database_unavailable");
            assertThat(log.lines()).anyMatch(line -> line.contains("database_unavailable"));
            assertThat(log.traces()).isEmpty();
        }
        assertThat(admin.post(PATH + "/" + letter + "/replay", "{}").status()).isEqualTo(200);
    }

    @Test
    void keepsWhatCameWhileTheDatabaseTookNothing() {
        try (LogWatch log = new LogWatch()) {
            refuseLetters();
            try {
                bury(record(Topics.JOB_COMMANDS, 100, "evt-100", new byte[] {'1'}));
                bury(record(Topics.PAYOUT_COMMANDS, 101, "evt-101", new byte[] {'1'}));
                awaitRefusal(log);
            } finally {
                takeLetters();
            }

            awaitLetters(2);
            assertThat(log.traces()).isEmpty();
        }
    }

    @Test
    void stopsSoonWhileTheDatabaseTakesNothing() {
        SmartLifecycle intake = gateway.context().getBean("deadLetterIntake", SmartLifecycle.class);
        try (LogWatch log = new LogWatch()) {
            refuseLetters();
            try {
                bury(record(Topics.JOB_COMMANDS, 102, "evt-102", new byte[] {'1'}));
                awaitRefusal(log);

                assertThat(CompletableFuture.runAsync(intake::stop)).succeedsWithin(Duration.ofSeconds(5));
            } finally {
                takeLetters();
                intake.start();
            }

            awaitLetters(1);
            assertThat(log.traces()).isEmpty();
        }
    }

    private static void refuseLetters() {
        gateway.owner.execute("REVOKE INSERT ON identity.dead_letter FROM paymaster_gateway");
    }

    private static void takeLetters() {
        gateway.owner.execute("GRANT INSERT ON identity.dead_letter TO paymaster_gateway");
    }

    private static void awaitRefusal(LogWatch log) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> log.lines().stream().anyMatch(line -> line.contains("dead letters come again")));
    }

    @Test
    void anIdThatIsNoneNamesNoLetter() {
        assertThat(admin.get(PATH + "/x").code()).isEqualTo("not_found");
        assertThat(admin.post(PATH + "/x/replay", "{}").code()).isEqualTo("not_found");
        assertThat(admin.post(PATH + "/x/discard", "{\"reason\": \"y\"}").code())
                .isEqualTo("not_found");
    }

    @Test
    void leavesOpenWhatKafkaHasNotTaken() {
        bury(record(Topics.JOB_COMMANDS, 20, "evt-20", new byte[] {'1'}));
        String letter = PATH + "/" + awaitLetters(1).getFirst().path("id").asString();
        BROKER.stop();
        try {
            assertThat(admin.post(letter + "/replay", "{}").code()).isEqualTo("kafka_unavailable");
            assertThat(admin.get(letter).body().at("/letter/status").asString()).isEqualTo("open");
        } finally {
            BROKER.start();
        }
        await().atMost(Duration.ofSeconds(30))
                .until(() -> admin.post(letter + "/replay", "{}").status() == 200);
    }

    @Test
    void isForAdministratorsOnly() {
        Http user = admin.as(admin.post("/api/users", "{\"name\": \"Bob\"}")
                .body()
                .path("key")
                .asString());

        assertThat(user.get(PATH).status()).isEqualTo(403);
        assertThat(user.post(PATH + "/replay", "{\"topic\": \"x\"}").status()).isEqualTo(403);
        assertThat(admin.get(PATH + "/" + UUID.randomUUID()).status()).isEqualTo(404);
        assertThat(admin.get(PATH + "?status=lost").status()).isEqualTo(400);
    }

    private List<JsonNode> awaitLetters(int number) {
        return await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> admin.get(PATH + "?consumer=" + consumer)
                                .body()
                                .path("data")
                                .valueStream()
                                .toList(),
                        letters -> letters.size() == number);
    }

    private static JsonNode opened(JsonNode letter) {
        return admin.get(PATH + "/" + letter.path("id").asString()).body();
    }

    /** As a worker does it. */
    private void bury(ConsumerRecord<byte[], byte[]> record) {
        publish(DeadLetters.of(record, consumer, new IllegalStateException("type x is not known here")));
    }

    private static void publish(Outgoing record) {
        Map<String, Object> servers =
                Map.of("bootstrap.servers", BROKER.bootstrapServers(), "max.request.size", 17 << 20);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(servers, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(record.toProducerRecord()).get(20, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ConsumerRecord<byte[], byte[]> record(String topic, long offset, String eventId, byte[] value) {
        RecordHeaders headers = new RecordHeaders(List.of(
                new RecordHeader(Envelope.HEADER_ID, eventId.getBytes(StandardCharsets.UTF_8)),
                new RecordHeader("other", new byte[] {'x'})));
        return new ConsumerRecord<>(
                topic,
                3,
                offset,
                Instant.parse("2026-03-01T00:00:00Z").toEpochMilli(),
                TimestampType.CREATE_TIME,
                5,
                value.length,
                "key-1".getBytes(StandardCharsets.UTF_8),
                value,
                headers,
                java.util.Optional.empty());
    }
}
