package dev.paymaster.system.world;

import static dev.paymaster.system.world.Eventually.eventually;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.embedded.Database;
import dev.paymaster.events.Envelope;
import dev.paymaster.events.Topics;
import dev.paymaster.standalone.Service;
import dev.paymaster.standalone.Settings;
import dev.paymaster.standalone.Standalone;
import dev.paymaster.standalone.StripeMode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A running Paymaster and who has to do with it. Thread-safe. */
public final class World implements AutoCloseable {
    /** Nothing is caught up with while tests look away. */
    private static final Map<String, String> NOT_BEHIND_OUR_BACKS = Map.of("reconcile.first-after", "1h");

    private final Standalone standalone;
    private final TemporaryDirectory directory;
    private final Api admin;
    private final Optional<StripeControl> stripe;
    private final KafkaLog kafka;
    private final Rest rest;
    private final Set<String> meantToFail = ConcurrentHashMap.newKeySet();
    private final List<Runnable> closing = new CopyOnWriteArrayList<>();
    private volatile boolean restless;

    private World(Standalone standalone, TemporaryDirectory directory) {
        this.standalone = standalone;
        this.directory = directory;
        this.admin = new Api(standalone.url(), standalone.adminKey());
        this.stripe = standalone.sandbox().map(each -> new StripeControl(each.baseUrl(), each.secretKey()));
        this.kafka = new KafkaLog(standalone.bootstrapServers());
        this.rest = new Rest(standalone.database(), kafka, stripe);
    }

    /** The one that all tests share which break nothing. */
    public static World shared() {
        return Shared.WORLD;
    }

    /** The one whose parts are stopped and started. */
    public static World forFaults() {
        return ForFaults.WORLD;
    }

    /** One without Stripe. */
    public static World withoutStripe() {
        return WithoutStripe.WORLD;
    }

    /** Skips the calling test when broker and database can't be stopped from here. */
    public static void requireEmbedded() {
        Assumptions.assumeFalse(
                Containers.areWanted(), "stops the embedded broker or database, which -Dinfra=containers does without");
    }

    /**
     * One of its own, whose services have other settings than the defaults: for whoever moves Stripe's time or breaks
     * something for all. It is the caller's to close.
     */
    public static World with(Map<String, String> properties) {
        return start(settings -> settings.withProperties(properties));
    }

    /**
     * One of its own, whose services have this environment in place of the local Stripe, such as another secret key. It is the
     * caller's to close.
     */
    public static World withStripe(Map<String, String> environment) {
        return start(settings ->
                settings.withStripe(StripeMode.ENV).withEnvironment(environment).withProperties(NOT_BEHIND_OUR_BACKS));
    }

    private static World start(UnaryOperator<Settings> chosen) {
        TemporaryDirectory directory = TemporaryDirectory.create();
        Settings wanted = chosen.apply(Settings.forTests(directory.path()));
        Map<String, String> settled = new HashMap<>(wanted.properties());
        // It is asked when everything is at rest.
        settled.putIfAbsent("proof.settled-after", "0s");
        Settings settings = wanted.withProperties(settled);
        Standalone standalone =
                Standalone.start(Containers.areWanted() ? settings.withInfrastructure(Containers.start()) : settings);
        return new World(standalone, directory);
    }

    /** One that lives as long as this JVM. */
    private static World lasting(StripeMode stripe) {
        World world = start(settings -> settings.withStripe(stripe).withProperties(NOT_BEHIND_OUR_BACKS));
        Runtime.getRuntime().addShutdownHook(new Thread(world::close, "world-close"));
        return world;
    }

    @Override
    public void close() {
        standalone.close();
        directory.delete();
        closing.forEach(Runnable::run);
    }

    /** Has something done when this is closed, such as forgetting it: a closed world with all its events is large. */
    public void whenClosed(Runnable action) {
        closing.add(action);
    }

    public Standalone standalone() {
        return standalone;
    }

    public Api admin() {
        return admin;
    }

    public Api stranger() {
        return admin.as(null);
    }

    public Database database() {
        return standalone.database();
    }

    public KafkaLog kafka() {
        return kafka;
    }

    /** The local Stripe, in a world that has one. */
    public Optional<StripeControl> stripeIfOn() {
        return stripe;
    }

    public StripeControl stripe() {
        return stripe.orElseThrow();
    }

    public Webhooks webhooks() {
        String secrets = standalone.context(Service.GATEWAY).getEnvironment().getProperty("stripe.webhook-secret");
        return new Webhooks(stranger(), requireNonNull(secrets, "stripe.webhook-secret"));
    }

    public Person newPerson(String name) {
        Answer created = admin.post("/api/users", """
                {"name": "%s", "email": "%s@example.com"}""".formatted(name, name)).expect(201);
        return new Person(created.text("/user/id"), admin.as(created.text("/key")));
    }

    /** Somebody with so many credits, given by the administrator. */
    public Person newPersonWith(long credits) {
        Person person = newPerson("Sam");
        grant(person, credits).expect(201);
        return person;
    }

    /** An event of Stripe's that is going to be refused, and belongs into the dead letters. */
    public void meansToFail(String event) {
        meantToFail.add(event);
    }

    public Set<String> meantToFail() {
        return Set.copyOf(meantToFail);
    }

    public Answer grant(Person person, long credits) {
        return admin.post("/api/credits/grants", """
                {"user_id": "%s", "amount": %d, "reason": "for a test"}""".formatted(person.id(), credits));
    }

    /** Subscribes by Checkout and pays; returns the id of the session. Credits come when the webhooks have. */
    public String subscribe(Person person, String tier) {
        String session = person.api()
                .post("/api/stripe/checkout", "{\"tier\": \"" + tier + "\"}")
                .expect(200)
                .text("/session_id");
        stripe().complete(session);
        return session;
    }

    /** Opens an account that can be paid, and returns its id once that is known here. */
    public String onboard(Person person) {
        String account = person.api().post("/api/stripe/connect").expect(200).text("/account_id");
        stripe().onboard(account, "complete");
        awaitConnect(person, "active");
        return account;
    }

    public void awaitConnect(Person person, String status) {
        eventually("connect status of " + person.id())
                .untilAsserted(() -> assertThat(person.api()
                                .get("/api/stripe/connect/status")
                                .expect(200)
                                .text("/status"))
                        .isEqualTo(status));
    }

    /** What somebody was told of credits that have run low, oldest first. */
    public List<JsonNode> lowBalances(Person person) {
        return kafka.read(Topics.CREDIT_EVENTS).stream()
                .filter(event -> KafkaLog.header(event, Envelope.HEADER_TYPE).equals("dev.paymaster.BalanceLow.v1"))
                .map(event -> JsonMapper.shared().readTree(event.value()))
                .filter(low -> low.path("user_id").asString().equals(person.id()))
                .toList();
    }

    /** A job from its creation to its verification; returns its id. */
    public String verifiedJob(Person sender, Person receiver) {
        String job = sender.createJob();
        receiver.accept(job).expect(200);
        receiver.submit(job).expect(200);
        sender.verify(job, true).expect(200);
        return job;
    }

    /** Waits until nothing is under way any more; not again for long when that was in vain before. */
    public void comesToRest() {
        ConditionFactory rested = restless ? eventually("rest").atMost(Duration.ofSeconds(1)) : eventually("rest");
        restless = true;
        rested.untilAsserted(() -> assertThat(rest.unfinished()).isEmpty());
        restless = false;
    }

    /** How many invoices are yet to be looked up at Stripe. */
    public long invoicesToLookUp() {
        return rest.invoicesToLookUp();
    }

    /** Waits until the workers have done all that they were told; for when Stripe itself says nothing. */
    public void workersComeToRest() {
        eventually("rest of the workers")
                .untilAsserted(() -> assertThat(rest.unread()).isEmpty());
    }

    /** Waits until missed reviews have been looked for twice, nothing calls for one any more, and what they led to is done. */
    public void reviewsComeToRest() {
        Counter rounds = standalone
                .context(Service.CREDIT_WORKER)
                .getBean(MeterRegistry.class)
                .counter("paymaster.timer.rounds", "timer", "credit-reviews");
        double before = rounds.count();
        eventually("two looks for missed reviews").until(() -> rounds.count() >= before + 2);
        eventually("no reviews to come").until(() -> rest.reviewsToCome() == 0);
        workersComeToRest();
    }

    private static final class Shared {
        static final World WORLD = lasting(StripeMode.SANDBOX);
    }

    private static final class ForFaults {
        static final World WORLD = lasting(StripeMode.SANDBOX);
    }

    private static final class WithoutStripe {
        static final World WORLD = lasting(StripeMode.OFF);
    }
}
