package dev.paymaster.system.fuzz;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.events.Envelope;
import dev.paymaster.events.MessageTypes;
import dev.paymaster.events.Topics;
import dev.paymaster.events.credit.CreditCommand;
import dev.paymaster.events.credit.CreditEvent;
import dev.paymaster.events.job.JobCommand;
import dev.paymaster.events.job.JobEvent;
import dev.paymaster.events.payout.PayoutCommand;
import dev.paymaster.events.payout.PayoutEvent;
import dev.paymaster.messaging.deadletter.DeadLetters;
import dev.paymaster.standalone.Service;
import dev.paymaster.system.fuzz.RawHttp.Answer;
import dev.paymaster.system.fuzz.RawHttp.Kind;
import dev.paymaster.system.fuzz.RawHttp.Request;
import dev.paymaster.system.proof.Findings;
import dev.paymaster.system.proof.Scenario;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Calls and records of every kind at the whole system: it answers, goes on, adds up, and gives nothing away. */
class AnyInputTest implements Scenario {
    /** As many as {@code messaging.partitions} has by default. */
    private static final int PARTITIONS = 12;

    /** Of Java, its libraries and the database; none of it is anybody's business outside. */
    private static final Pattern INSIDE = Pattern.compile(
            "(java|jakarta|org\\.springframework|io\\.netty|reactor|dev\\.paymaster|tools\\.jackson|io\\.r2dbc)\\.[a-z]|Exception|SQLSTATE|\\tat ");

    private static final List<String> RECEIVED_BY_WORKERS = List.of(
            Topics.STRIPE_EVENTS,
            Topics.JOB_COMMANDS,
            Topics.JOB_EVENTS,
            Topics.CREDIT_COMMANDS,
            Topics.CREDIT_EVENTS,
            Topics.PAYOUT_COMMANDS);

    /** The gateways follow what comes of commands, too. */
    private static final List<String> RECEIVED = Stream.concat(
                    RECEIVED_BY_WORKERS.stream(), Stream.of(Topics.PAYOUT_EVENTS))
            .toList();

    private static final Map<String, Set<String>> TYPES = Map.of(
            Topics.STRIPE_EVENTS, Set.of(),
            Topics.JOB_COMMANDS, MessageTypes.of(JobCommand.class).keySet(),
            Topics.JOB_EVENTS, MessageTypes.of(JobEvent.class).keySet(),
            Topics.CREDIT_COMMANDS, MessageTypes.of(CreditCommand.class).keySet(),
            Topics.CREDIT_EVENTS, MessageTypes.of(CreditEvent.class).keySet(),
            Topics.PAYOUT_COMMANDS, MessageTypes.of(PayoutCommand.class).keySet(),
            Topics.PAYOUT_EVENTS, MessageTypes.of(PayoutEvent.class).keySet());

    /** Whose a command is stays so. */
    private static final Set<String> OWNERS = Set.of("sender", "user_id", "receiver");

    private static final int STRANGE_PER_FIELD = 8;

    /** One message of each type, as those who write them are shown. */
    private static final Path SAMPLES = Path.of("../common-events/src/test/resources/samples");

    /** Who asks much too much is another test's subject. */
    private static final World WORLD = World.with(Map.of(
            "limits.per-caller.per-second", "100000",
            "limits.per-caller.burst", "100000",
            "limits.per-address.per-second", "100000",
            "limits.per-address.burst", "100000",
            // However slow this machine is, Kafka is not away.
            "spring.kafka.producer.properties.request.timeout.ms", "10000",
            "spring.kafka.producer.properties.delivery.timeout.ms", "20000"));

    private final Map<Kind, Map<Integer, Integer>> statuses = new ConcurrentHashMap<>();
    private Person sender;
    private Person receiver;

    @Override
    public World world() {
        return WORLD;
    }

    @AfterAll
    static void close() {
        WORLD.close();
    }

    @BeforeEach
    void playTheStory() {
        WORLD.stripe().setBalance(100_000_000);
        sender = WORLD.newPerson("Sam");
        receiver = WORLD.newPerson("Robin");
        WORLD.subscribe(sender, "starter");
        sender.awaitCredits(50, 0);
        WORLD.onboard(receiver);
        WORLD.verifiedJob(sender, receiver);
        WORLD.comesToRest();
    }

    @Test
    void answersEveryCallWithoutGivingAnythingAway() throws Exception {
        Seed seed = Seed.ofRun(1);
        Person other = WORLD.newPersonWith(10);
        List<String> keys = new ArrayList<>(List.of(WORLD.standalone().adminKey(), "", "pm_wrong"));
        List.of(sender, receiver, other).forEach(person -> keys.add(newKey(person)));
        Calls calls = calls(other);
        List<String> secrets = secrets(keys);

        List<Future<List<String>>> findings = new ArrayList<>();
        try (LogWatch log = new LogWatch(secrets);
                ExecutorService callers = Executors.newFixedThreadPool(8)) {
            int part = 0;
            for (Calls.Call call : calls.all()) {
                for (String key : keys) {
                    Random random = seed.random(part++);
                    findings.add(callers.submit(() -> findings(calls, call, key, secrets, random, seed.rounds())));
                }
            }
            assertThat(all(findings)).as("%s", seed).isEmpty();
            assertThat(statuses).as("%s", seed).containsOnlyKeys(Kind.values());
            assertThat(statuses.getOrDefault(Kind.VALID, Map.of()).keySet())
                    .as("what is as described is done, for whoever may: %s, %s", statuses, seed)
                    .contains(200, 401, 403);
            assertThat(statuses.getOrDefault(Kind.BROKEN, Map.of()).keySet())
                    .as("some of what is broken is refused: %s, %s", statuses, seed)
                    .contains(400, 404);
            assertThat(log.leaks()).as("secrets in the log, %s", seed).isEmpty();
            assertThat(log.errors()).as("errors in the log, %s", seed).isEmpty();
        }
        playTheStory();
    }

    /** By a user, or by an administrator where only these may. */
    @Test
    void answersEveryStrangeValueInEveryPlace() throws Exception {
        Seed seed = Seed.ofRun(1);
        String key = newKey(sender);
        String adminKey = WORLD.standalone().adminKey();
        Calls calls = calls(WORLD.newPersonWith(10));
        List<String> secrets = secrets(List.of(key, adminKey));
        List<Future<List<String>>> findings = new ArrayList<>();
        try (LogWatch log = new LogWatch(secrets);
                ExecutorService callers = Executors.newFixedThreadPool(8)) {
            for (Calls.Call call : calls.all()) {
                Random random = seed.random(findings.size());
                findings.add(callers.submit(() -> {
                    List<Request> requests = calls.strange(call, key, random);
                    boolean mayNot = !requests.isEmpty()
                            && RawHttp.send(WORLD.standalone().url().getPort(), requests.getLast())
                                            .status()
                                    == 403;
                    return findings(call, mayNot ? calls.strange(call, adminKey, random) : requests, key, secrets);
                }));
            }
            assertThat(all(findings)).as("%s", seed).isEmpty();
            assertThat(statuses.getOrDefault(Kind.BROKEN, Map.of()).keySet())
                    .as("some are taken, some are refused, and whoever calls may: %s, %s", statuses, seed)
                    .contains(200, 201, 400, 404)
                    .doesNotContain(401, 403);
            assertThat(log.leaks()).as("secrets in the log, %s", seed).isEmpty();
            assertThat(log.errors()).as("errors in the log, %s", seed).isEmpty();
        }
        playTheStory();
    }

    /** With ids of what is there. */
    private Calls calls(Person other) {
        JsonNode contract = WORLD.stranger().get("/openapi.json").expect(200).json();
        return new Calls(contract, new Schemas(contract, ids(other)));
    }

    private static String newKey(Person person) {
        return WORLD.admin()
                .post("/api/users/" + person.id() + "/keys")
                .expect(201)
                .text("/key");
    }

    /** What must be in no answer and in no log. */
    private static List<String> secrets(List<String> keys) {
        List<String> secrets =
                new ArrayList<>(keys.stream().filter(key -> key.length() > 10).toList());
        secrets.add(setting("stripe.secret-key"));
        secrets.add(setting("stripe.webhook-secret"));
        return secrets;
    }

    /** As bytes on the wire, since no client would send them. */
    @ParameterizedTest
    @ValueSource(strings = {"\r", "\n", "\r\n", "\r\n ", "\u0000", "\u0085"})
    void takesNoKeyWithAnotherLineInIt(String between) {
        String key = WORLD.standalone().adminKey();
        String half = key.substring(0, key.length() / 2);
        List<String> secrets = List.of(key, half, key.substring(half.length()));
        int port = WORLD.standalone().url().getPort();
        try (LogWatch log = new LogWatch(secrets)) {
            for (String header : List.of(
                    "Authorization: Bearer " + half + between + key.substring(half.length()),
                    "Authorization: Bearer pm_nobody" + between + "Bearer " + key,
                    "Authorization: Bearer " + between + key.substring(half.length()) + between + half)) {
                RawHttp.Answer answer = RawHttp.send(
                        port,
                        new RawHttp.Request("GET /api/whoami HTTP/1.1", List.of(header), new byte[0], Kind.MALFORMED));

                assertThat(answer.status()).as(header).isIn(0, 400, 401);
                assertThat(answer.head() + answer.body()).doesNotContain(secrets);
            }
            assertThat(log.leaks()).isEmpty();
        }
    }

    @Test
    void goesOnAfterEveryRecord() {
        Seed seed = Seed.ofRun(1);
        // The story has no command about credits.
        WORLD.newPersonWith(10);
        Random random = seed.random(0);
        List<ProducerRecord<byte[], byte[]>> garbage = new ArrayList<>();
        for (String topic : RECEIVED) {
            Map<String, ConsumerRecord<byte[], byte[]>> written =
                    oneOfEachType(WORLD.kafka().read(topic));
            garbage.addAll(mutated(List.copyOf(written.values()), Mutations.ANY, seed, random));
            garbage.addAll(mutated(samples(topic, written.keySet()), Mutations.UNREADABLE, seed, random));
        }
        assertThat(garbage.stream().map(each -> new TopicPartition(each.topic(), each.partition())))
                .as("where they go, %s", seed)
                .contains(partitions());
        List<String> secrets = List.of(setting("stripe.secret-key"), setting("stripe.webhook-secret"));
        Person.Balance before = sender.credits();
        try (LogWatch log = new LogWatch(secrets)) {
            WORLD.kafka().publish(garbage);
            WORLD.workersComeToRest();
            goesOnAfterEveryLetter(seed, random);
            assertThat(log.leaks()).as("secrets in the log, %s", seed).isEmpty();
            assertThat(log.errors())
                    .as("errors in the log, %s", seed)
                    // An outcome that names another transfer: the alarm is right.
                    .allSatisfy(error -> assertThat(error).contains("was made twice"));
            assertThat(log.warnings())
                    .as("the gateway follows all events, %s", seed)
                    .noneSatisfy(warning -> assertThat(warning).contains("cannot be followed"));
        }
        assertThat(sender.credits()).as("%s", seed).isEqualTo(before);
        playTheStory();
    }

    /**
     * Nobody has seen these commands before, so whatever they say is decided, and saved or refused. They are about two people
     * whom nobody else has to do with, and whose books must be as sound as anybody's.
     */
    @Test
    void goesOnAfterEveryNewCommand() {
        Seed seed = Seed.ofRun(1);
        Random random = seed.random(0);
        Person asking = WORLD.newPersonWith(1_000);
        Person earning = WORLD.newPerson("Robin");
        WORLD.onboard(earning);
        String paid = WORLD.verifiedJob(asking, earning);
        WORLD.comesToRest();
        String payout = earning.api().get("/api/payouts").expect(200).text("/data/0/id");
        List<ProducerRecord<byte[], byte[]>> commands = new ArrayList<>();
        for (String topic : List.of(Topics.JOB_COMMANDS, Topics.CREDIT_COMMANDS, Topics.PAYOUT_COMMANDS)) {
            for (String type : new TreeSet<>(TYPES.getOrDefault(topic, Set.of()))) {
                boolean pays = topic.equals(Topics.PAYOUT_COMMANDS);
                // A payout is made for a job once: what is told of this one again and again changes nothing.
                ObjectNode command = about(type, asking, earning, pays ? paid : asking.createJob(), payout);
                String key = (pays ? earning : asking).id();
                for (String field : command.propertyNames()) {
                    if (!OWNERS.contains(field)) {
                        Schemas.strange(STRANGE_PER_FIELD * seed.rounds(), random)
                                .forEach(by -> commands.add(Mutations.fresh(topic, type, key, command, field, by)));
                    }
                }
                commands.add(Mutations.fresh(topic, type, key, command, "colour", "\"red\""));
            }
        }
        List<String> secrets = List.of(setting("stripe.secret-key"), setting("stripe.webhook-secret"));
        Person.Balance before = sender.credits();
        try (LogWatch log = new LogWatch(secrets)) {
            WORLD.kafka().publish(commands);
            WORLD.workersComeToRest();
            assertThat(log.leaks()).as("secrets in the log, %s", seed).isEmpty();
            assertThat(log.errors())
                    .as("errors in the log, %s", seed)
                    .allSatisfy(error -> assertThat(error).containsAnyOf("was made twice", "goes to the dead letters"));
        }
        assertThat(sender.credits()).as("%s", seed).isEqualTo(before);
        assertThat(asking.api().get("/api/jobs?limit=100").expect(200).json().path("data"))
                .as("some of them had an effect, %s", seed)
                .hasSizeGreaterThan(
                        TYPES.getOrDefault(Topics.JOB_COMMANDS, Set.of()).size() + 1);
        playTheStory();
    }

    /** A sample about these people, their job and their payout. */
    private static ObjectNode about(String type, Person asking, Person earning, String job, String payout) {
        ObjectNode command = (ObjectNode)
                Schemas.read(new String(sample(Topics.JOB_COMMANDS, type).value(), StandardCharsets.UTF_8));
        Map<String, String> ids = Map.of(
                "sender", asking.id(),
                "user_id", asking.id(),
                "verifier", asking.id(),
                "receiver", earning.id(),
                "job_id", job,
                "payout_id", payout);
        ids.forEach((field, id) -> {
            if (command.has(field)) {
                command.put(field, id);
            }
        });
        return command;
    }

    /** The gateway keeps what comes to the topics of dead letters, whoever wrote it. */
    private static void goesOnAfterEveryLetter(Seed seed, Random random) {
        List<ProducerRecord<byte[], byte[]>> letters = new ArrayList<>();
        for (String topic : RECEIVED_BY_WORKERS) {
            letters.addAll(
                    mutated(oneLetter(WORLD.kafka().read(Topics.deadLetters(topic))), Mutations.ANY, seed, random));
        }
        String last = "last-" + UUID.randomUUID();
        for (String topic : RECEIVED_BY_WORKERS) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                ProducerRecord<byte[], byte[]> letter =
                        new ProducerRecord<>(Topics.deadLetters(topic), partition, null, Schemas.utf8("{}"));
                letter.headers().add(DeadLetters.HEADER_CONSUMER, Schemas.utf8(last));
                letter.headers().add(Findings.MEANT_TO_FAIL, Schemas.utf8("last"));
                letters.add(letter);
            }
        }
        WORLD.kafka().publish(letters);
        String path = "/api/admin/dead-letters?limit=100";
        eventually("the last letter of each partition, %s".formatted(seed))
                .untilAsserted(() -> assertThat(WORLD.admin()
                                .get(path + "&consumer=" + last)
                                .expect(200)
                                .json()
                                .path("data"))
                        .hasSize(RECEIVED_BY_WORKERS.size() * PARTITIONS));
        for (JsonNode letter : WORLD.admin().get(path).expect(200).json().path("data")) {
            WORLD.admin()
                    .get("/api/admin/dead-letters/" + letter.path("id").asString(""))
                    .expect(200);
        }
    }

    private static List<ProducerRecord<byte[], byte[]>> mutated(
            List<ConsumerRecord<byte[], byte[]>> samples, List<Integer> kinds, Seed seed, Random random) {
        List<ProducerRecord<byte[], byte[]>> mutated = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> each : samples) {
            for (int i = 0; i < seed.rounds() * kinds.size(); i++) {
                int partition = mutated.size() % PARTITIONS;
                mutated.add(Mutations.of(each, kinds.get(i % kinds.size()), partition, random));
            }
        }
        return mutated;
    }

    private static TopicPartition[] partitions() {
        return RECEIVED.stream()
                .flatMap(topic -> IntStream.range(0, PARTITIONS).mapToObj(each -> new TopicPartition(topic, each)))
                .toArray(TopicPartition[]::new);
    }

    /** Of the types that nobody has written: nothing of what they say has had its effect. */
    private static List<ConsumerRecord<byte[], byte[]>> samples(String topic, Set<String> written) {
        return TYPES.getOrDefault(topic, Set.of()).stream()
                .filter(type -> !written.contains(type))
                .sorted()
                .map(type -> sample(topic, type))
                .toList();
    }

    private static ConsumerRecord<byte[], byte[]> sample(String topic, String type) {
        try {
            byte[] value = Schemas.utf8(
                    Files.readString(SAMPLES.resolve(type + ".json")).strip());
            ConsumerRecord<byte[], byte[]> sample = new ConsumerRecord<>(topic, 0, 0, Schemas.utf8("sample"), value);
            Envelope.of(UUID.randomUUID().toString(), "/test", type, "sample", Instant.now())
                    .toHeaders()
                    .forEach((name, text) -> sample.headers().add(name, Schemas.utf8(text)));
            return sample;
        } catch (IOException e) {
            throw new UncheckedIOException("a type without a sample", e);
        }
    }

    private static List<ConsumerRecord<byte[], byte[]>> oneLetter(List<ConsumerRecord<byte[], byte[]>> letters) {
        List<ConsumerRecord<byte[], byte[]>> one = letters.stream()
                .filter(each -> Mutations.isJson(each.value()))
                .limit(1)
                .toList();
        assertThat(one).as("a letter to begin with").isNotEmpty();
        return one;
    }

    private List<String> findings(
            Calls calls, Calls.Call call, String key, List<String> secrets, Random random, int rounds) {
        List<Request> requests = Stream.generate(() -> calls.request(call, key, random))
                .limit(rounds)
                .toList();
        return findings(call, requests, key, secrets);
    }

    private List<String> findings(Calls.Call call, List<Request> requests, String key, List<String> secrets) {
        List<String> findings = new ArrayList<>();
        for (Request request : requests) {
            Answer answer = RawHttp.send(WORLD.standalone().url().getPort(), request);
            statuses.computeIfAbsent(request.kind(), _ -> new ConcurrentHashMap<>())
                    .merge(answer.status(), 1, Integer::sum);
            String wrong = wrong(call, request, answer, key, secrets);
            if (!wrong.isEmpty()) {
                findings.add(wrong + ": " + request + " -> " + answer);
            }
        }
        return findings;
    }

    private static String wrong(Calls.Call call, Request request, Answer answer, String key, List<String> secrets) {
        if (INSIDE.matcher(answer.body()).find() && answer.status() >= 400) {
            return "tells what is inside";
        }
        if (secrets.stream().anyMatch(secret -> answer.body().contains(secret))) {
            return "tells a secret";
        }
        if (request.kind() == Kind.MALFORMED) {
            return answer.status() >= 500 ? "fails" : "";
        }
        if (answer.status() == 0) {
            return "isn't answered";
        }
        if (answer.status() >= 500) { // nothing is away here
            return "fails";
        }
        if (answer.status() >= 400 && !isWholeProblem(answer)) {
            return "no problem";
        }
        if (key.isEmpty() && answer.status() < 300 && !call.path().equals("/openapi.json")) {
            return "open to everybody";
        }
        return "";
    }

    private static boolean isWholeProblem(Answer answer) {
        if (!answer.isProblem()) {
            return false;
        }
        JsonNode problem = Schemas.read(answer.body());
        return problem.path("status").asInt(0) == answer.status()
                && problem.path("code").isString()
                && problem.path("request_id").isString()
                && problem.path("detail").isString();
    }

    private List<String> ids(Person other) {
        List<String> ids = new ArrayList<>(List.of(sender.id(), receiver.id(), other.id()));
        for (String list : List.of("/api/jobs", "/api/payouts", "/api/admin/dead-letters")) {
            WORLD.admin()
                    .get(list)
                    .expect(200)
                    .json()
                    .path("data")
                    .forEach(each -> ids.add(each.path("id").asString("")));
        }
        return ids;
    }

    private static String setting(String name) {
        return WORLD.standalone().context(Service.GATEWAY).getEnvironment().getRequiredProperty(name);
    }

    private static List<String> all(List<Future<List<String>>> parts) throws ExecutionException, InterruptedException {
        List<String> all = new ArrayList<>();
        for (Future<List<String>> part : parts) {
            all.addAll(part.get());
        }
        return all;
    }

    private static Map<String, ConsumerRecord<byte[], byte[]>> oneOfEachType(
            List<ConsumerRecord<byte[], byte[]>> records) {
        Map<String, ConsumerRecord<byte[], byte[]>> types = new java.util.TreeMap<>();
        records.stream()
                .filter(each -> each.headers().lastHeader(Findings.MEANT_TO_FAIL) == null)
                .forEach(each -> types.put(Mutations.type(each), each));
        return types;
    }
}
