package dev.paymaster.system.chaos;

import static dev.paymaster.system.world.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paymaster.events.Envelope;
import dev.paymaster.events.Topics;
import dev.paymaster.messaging.deadletter.DeadLetters;
import dev.paymaster.system.chaos.Journal.Joined;
import dev.paymaster.system.proof.Findings;
import dev.paymaster.system.world.KafkaLog;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.World;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * Promises are seen to be broken: those of the database by its owner, who rolls back again what was planted; those of Kafka by
 * records that are nowhere else.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PromisesTest {
    private static final String ONE_JOB = "a request makes one job, and nothing else makes any";
    private static final String AS_TOLD = "a job is as its people were told";
    private static final String GRANTED = "credits that were said to be granted are granted, once";
    private static final String APPLIED = "every paid invoice has been applied";
    private static final String PAID = "a verified job is paid";
    private static final String BOUGHT = "credits are what was bought, less what came back";

    private static final String EFFECT = "an event in stripe.events has its effect, without a second look at Stripe";

    private static final String LAPSED = "credits that have lapsed are gone";
    private static final String TAKEN_BACK = "what an administrator takes back is taken back, and nothing else";
    private static final String IN_TIME = "no job stands past its deadline";
    private static final String KEPT = "each dead letter is kept for the administrator, once";

    private static final String ANOTHER_JOB =
            "INSERT INTO jobs.job (id, sender, status, skill, credit_cost, payout_cents,"
                    + " shadow, sequence, created_at, updated_at, prompt) SELECT gen_random_uuid(), sender, status, skill,"
                    + " credit_cost, payout_cents, shadow, sequence, created_at, updated_at, ";
    private static final String VERIFY =
            "UPDATE jobs.job SET status = 'verified', receiver = gen_random_uuid(), output = '', verification = '{}'";
    private static final String PAY_BACK =
            "INSERT INTO payouts.payout (id, job_id, sender, receiver, amount_cents, description, status, attempt,"
                    + " account_id, transfer_id, reversed_cents, sequence, created_at, updated_at) SELECT gen_random_uuid(),"
                    + " id, sender, sender, 100, '', 'reversed', 1, 'acct_1', 'tr_none', 100, 1, now(), now()"
                    + " FROM jobs.job WHERE prompt = '%1$s told'";
    private static final String FROM_JOBS = " FROM jobs.job WHERE prompt = '%1$s untold'";

    private static final String OF_THE_LETTER =
            " identity.dead_letter WHERE position(convert_to('%1$s', 'UTF8') IN record) > 0";
    private static final String ANOTHER_LETTER =
            "INSERT INTO identity.dead_letter (id, topic, partition, record_offset,"
                    + " consumer, exception, message, buried_at, omitted, record) SELECT gen_random_uuid(), topic, partition,"
                    + " record_offset, consumer, exception, message, buried_at, omitted, record FROM" + OF_THE_LETTER;
    private static final String ANOTHER_PLACE =
            "UPDATE identity.dead_letter SET record_offset = record_offset + 1000000 WHERE id IN (SELECT id FROM"
                    + OF_THE_LETTER + ")";

    private static final long BY_HAND = 7;

    private final World world = World.shared();
    private final Person sender = world.newPerson("Sam");
    private final Journal journal = new Journal();
    private final Promises promises = new Promises(journal, world.database(), world.kafka(), world.stripe());
    private final String told = sender.id() + " told";
    private final String untold = sender.id() + " untold";

    /** A third of a subscription came back; a pack was kept. */
    @BeforeAll
    void askForJobs() {
        String session = world.subscribe(sender, "pro");
        sender.awaitCredits(150, 0);
        world.grant(sender, BY_HAND).expect(201);
        journal.granted(sender.id(), BY_HAND);
        journal.asks(told, sender.id());
        journal.created(told, sender.id(), ask(told));
        journal.asks(untold, sender.id());
        ask(untold);
        String customer = world.stripe()
                .fetch("/v1/checkout/sessions/" + session)
                .path("customer")
                .stringValue();
        JsonNode payment =
                world.stripe().fetch("/v1/payment_intents?customer=" + customer).at("/data/0");
        long paid = payment.path("amount_received").longValue();
        world.stripe().refund(payment.path("id").stringValue(), paid / 3);
        sender.awaitCredits(150 + BY_HAND - 2 * Person.COST - 49, 2 * Person.COST);
        world.stripe()
                .complete(sender.api()
                        .post("/api/stripe/topups", "{\"pack\": \"medium\"}")
                        .expect(200)
                        .text("/session_id"));
        sender.awaitCredits(150 + BY_HAND + 50 - 2 * Person.COST - 49, 2 * Person.COST);
        try (KafkaDoor kafka = new KafkaDoor(world.standalone().bootstrapServers(), journal)) {
            kafka.litter(Topics.JOB_COMMANDS, sender.id());
        }
        eventually("dead letters are kept").until(() -> isKept(sender.id()));
    }

    private boolean isKept(String key) throws SQLException {
        try (Connection connection = world.database().connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT FROM" + OF_THE_LETTER.formatted(key))) {
            return row.next();
        }
    }

    private String ask(String prompt) {
        return sender.api().post("/api/jobs", Person.newJob(prompt)).expect(201).text("/id");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ANOTHER_JOB + "prompt" + FROM_JOBS + "| " + ONE_JOB,
                ANOTHER_JOB + "'nobody asked'" + FROM_JOBS + "| " + ONE_JOB,
                "UPDATE jobs.job SET prompt = '%1$s told' WHERE prompt = '%1$s untold'| " + ONE_JOB,
                "DELETE FROM jobs.job WHERE prompt = '%1$s told'| " + ONE_JOB,
                "UPDATE jobs.job SET sender = id WHERE prompt = '%1$s told'| " + ONE_JOB,
                "UPDATE jobs.job SET sender = id WHERE prompt = '%1$s untold'| " + ONE_JOB,
                "UPDATE ledger.transfer SET amount = 300 WHERE user_id = '%1$s' AND kind = 'grant'| " + BOUGHT,
                "DELETE FROM ledger.transfer WHERE user_id = '%1$s' AND kind = 'grant'| " + BOUGHT,
                "UPDATE ledger.transfer SET amount = amount + 1 WHERE user_id = '%1$s' AND kind = 'revoke'| " + BOUGHT,
                "DELETE FROM ledger.transfer WHERE user_id = '%1$s' AND kind = 'revoke'| " + BOUGHT,
                "UPDATE jobs.job SET status = 'cancelled' WHERE prompt = '%1$s told'| " + AS_TOLD,
                "DELETE FROM jobs.job WHERE prompt = '%1$s told'| " + AS_TOLD,
                "DELETE FROM ledger.lot WHERE user_id = '%1$s' AND source = 'manual'| " + GRANTED,
                "UPDATE ledger.lot SET granted = 14 WHERE user_id = '%1$s' AND source = 'manual'| " + GRANTED,
                "DELETE FROM billing.invoice WHERE user_id = '%1$s'| " + APPLIED,
                "DELETE FROM billing.invoice WHERE user_id = '%1$s'| " + EFFECT,
                "DELETE FROM billing.top_up WHERE user_id = '%1$s'| " + EFFECT,
                "DELETE FROM billing.reversal r USING billing.payment p JOIN billing.invoice i USING (invoice_id)"
                        + " WHERE r.payment_id = p.payment_id AND i.user_id = '%1$s'| " + EFFECT,
                "UPDATE ledger.lot SET expires_at = now() - interval '1 h' WHERE user_id = '%1$s'"
                        + " AND source = 'manual'| " + LAPSED,
                "UPDATE ledger.transfer t SET amount = 51 FROM ledger.lot l WHERE l.id = t.lot_id AND l.source = 'topup'"
                        + " AND t.user_id = '%1$s'| " + BOUGHT,
                PAY_BACK + "| " + TAKEN_BACK,
                VERIFY + " WHERE prompt = '%1$s told'| " + PAID,
                "UPDATE jobs.job SET deadline_at = now() - interval '1 h' WHERE prompt = '%1$s told'| " + IN_TIME,
                "DELETE FROM" + OF_THE_LETTER + "| " + KEPT,
                ANOTHER_LETTER + "| " + KEPT,
                ANOTHER_PLACE + "| " + KEPT,
            })
    void areSeenToBeBroken(String corruption, String rule) throws SQLException {
        try (Connection connection = world.database().connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            // Others live in this world, too, and may have broken it.
            List<String> before = promises.broken(statement);
            statement.execute(corruption.formatted(sender.id()));

            assertThat(promises.broken(statement))
                    .as("after %s", corruption)
                    .anyMatch(broken -> isOf(broken, rule) && !before.contains(broken));

            connection.rollback();
        }
    }

    @Test
    void areKeptByThoseWhoWereTold() throws SQLException {
        try (Connection connection = world.database().connect();
                Statement statement = connection.createStatement()) {
            assertThat(promises.broken(statement))
                    .noneMatch(broken -> List.of(ONE_JOB, AS_TOLD, GRANTED, BOUGHT, EFFECT).stream()
                            .anyMatch(rule -> isOf(broken, rule)));
        }
    }

    @Test
    void whatWasSaidOrWrittenInVainIsFound() throws SQLException {
        Journal other = new Journal();
        Promises ofOther = new Promises(other, world.database(), world.kafka(), world.stripe());
        List<String> rules = List.of(
                "every answer is one that a client can understand",
                "everybody is told what came of their calls",
                "a command that Kafka took has one outcome",
                "a record that nobody can read is among the dead letters");
        assertThat(ofOther.broken()).noneMatch(broken -> rules.stream().anyMatch(rule -> isOf(broken, rule)));

        other.contradiction("I'm a teapot");
        other.unanswered("POST /api/jobs");
        other.commanded("command without an outcome");
        other.littered("mark of nothing", Topics.STRIPE_EVENTS);

        List<String> broken = ofOther.broken();
        assertThat(rules).allMatch(rule -> broken.stream().anyMatch(each -> isOf(each, rule)));
    }

    @Test
    void twoOutcomesOfOneCommandAreFoundAndOneThatCameTwiceIsNone() {
        journal.commanded("command");
        ConsumerRecord<byte[], byte[]> first = outcome("event-1", "command");

        assertThat(promises.outcomes(List.of(first, first, outcome("event-2", "another"))))
                .isEmpty();
        assertThat(promises.outcomes(List.of(first, outcome("event-2", "command"))))
                .singleElement()
                .asString()
                .contains("command", "event-1", "event-2");
    }

    @Test
    void whoeverWasMadeInVainIsFound() {
        Person receiver = world.newPerson("Nell");
        String key = world.admin()
                .post("/api/users/" + receiver.id() + "/keys")
                .expect(201)
                .text("/key");
        String account =
                world.admin().as(key).post("/api/stripe/connect").expect(200).text("/account_id");
        Joined there = new Joined(receiver.id(), account);

        assertThat(newcomers(Map.of(key, there))).isEmpty();
        assertThat(newcomers(Map.of("pm_nobody", there))).contains("401");
        assertThat(newcomers(Map.of(key, new Joined(sender.id(), account))))
                .contains("a key of " + sender.id(), "account " + account);
        assertThat(newcomers(Map.of(key, new Joined(receiver.id(), "acct_none"))))
                .contains("acct_none");
    }

    private String newcomers(Map<String, Joined> joined) {
        return Newcomers.broken(joined, world.admin(), world.stripe());
    }

    @Test
    void nonsenseIsMissedByEachWhoReadsIt() {
        Journal other = new Journal();
        Promises ofOther = new Promises(other, world.database(), world.kafka(), world.stripe());
        other.littered("mark", Topics.STRIPE_EVENTS);

        assertThat(ofOther.littered(List.of(litter("credit-worker.billing"), litter("job-service"))))
                .singleElement()
                .asString()
                .contains("mark", "payout-intake", Topics.STRIPE_EVENTS);
        assertThat(ofOther.littered(List.of(litter("credit-worker.billing"), litter("payout-intake"))))
                .isEmpty();
    }

    private static ConsumerRecord<byte[], byte[]> litter(String consumer) {
        return record(
                "topic", 0, Map.of(Findings.MEANT_TO_FAIL, "mark", DeadLetters.HEADER_CONSUMER, consumer), "nonsense");
    }

    @Test
    void eventsOutOfSequenceAreFound() {
        ConsumerRecord<byte[], byte[]> first = event(0, "event-1", "1");
        ConsumerRecord<byte[], byte[]> second = event(0, "event-2", "2");

        assertThat(Promises.outOfSequence(List.of(first, second, first))).isEmpty();
        assertThat(Promises.outOfSequence(List.of(second, event(1, "event-1", "1"))))
                .as("partitions have no order among them")
                .isEmpty();
        assertThat(Promises.outOfSequence(List.of(second, first)))
                .singleElement()
                .asString()
                .contains("1 after 2");
    }

    @Test
    void aNumberOfAUsersCreditsThatIsMissingOrToldInTwoWaysIsFound() {
        ConsumerRecord<byte[], byte[]> first = credit("event-1", "1", "grant");
        ConsumerRecord<byte[], byte[]> second = credit("event-2", "2", "stripe-1");
        ConsumerRecord<byte[], byte[]> withoutNumber = outcome("event-3", "grant");

        assertThat(Promises.misnumbered(List.of(second, withoutNumber, first, second)))
                .isEmpty();
        assertThat(Promises.misnumbered(List.of(second)))
                .singleElement()
                .asString()
                .contains("sam #1", "missing");
        assertThat(Promises.misnumbered(List.of(first, credit("event-1", "1", "grant", "{\"available\": 1}"))))
                .singleElement()
                .asString()
                .contains("sam #1", "available");
        assertThat(Promises.misnumbered(List.of(first, credit("event-2", "1", "grant"))))
                .as("one fact under two ids")
                .hasSize(1);
    }

    @Test
    void eventsThatOnePartitionBroughtAboutOutOfSequenceAreFound() {
        List<ConsumerRecord<byte[], byte[]>> causes = List.of(
                cause("commands", 0, "grant"),
                cause("commands", 0, "another grant"),
                cause("commands", 1, "a third grant"),
                cause("stripe", 0, "stripe-1"),
                cause("commands", 0, "sent twice"),
                cause("commands", 1, "sent twice"));
        ConsumerRecord<byte[], byte[]> fifth = credit("event-5", "5", "grant");

        assertThat(Promises.outOfSequence(List.of(fifth, credit("event-4", "4", "another grant")), causes))
                .singleElement()
                .asString()
                .contains("sam", "4 after 5", "commands-0");
        assertThat(Promises.outOfSequence(
                        List.of(
                                fifth,
                                credit("event-1", "1", "a third grant"),
                                credit("event-2", "2", "stripe-1"),
                                credit("event-3", "3", "sent twice"),
                                fifth),
                        causes))
                .as("partitions have no order among them")
                .isEmpty();
        assertThat(Promises.outOfSequence(List.of(credit("event-1", "1", "nobody")), causes))
                .singleElement()
                .asString()
                .contains("event-1", "nobody");
    }

    /** What workers really tell has a cause that is found. */
    @Test
    void creditEventsOfWhoWasToldAreInOrder() {
        KafkaLog kafka = world.kafka();
        List<ConsumerRecord<byte[], byte[]>> events = kafka.read(Topics.CREDIT_EVENTS).stream()
                .filter(event -> KafkaLog.header(event, Envelope.HEADER_SUBJECT).equals(sender.id()))
                .toList();

        assertThat(events).hasSizeGreaterThan(4);
        assertThat(Promises.misnumbered(events)).isEmpty();
        assertThat(Promises.outOfSequence(
                        events,
                        Promises.CAUSES.stream()
                                .flatMap(topic -> kafka.read(topic).stream())
                                .toList()))
                .isEmpty();
    }

    @Test
    void anEventOfStripeWithoutEffectIsFoundUnlessItIsDeadOrWasFoundByPaymaster() {
        ConsumerRecord<byte[], byte[]> lost = stripe("evt_1", "charge.dispute.closed", "won");
        ConsumerRecord<byte[], byte[]> withdrawn = stripe("evt_2", "charge.dispute.funds_withdrawn", "needs_response");
        ConsumerRecord<byte[], byte[]> refund = stripe("evt_3", "refund.failed", "failed");
        ConsumerRecord<byte[], byte[]> found = stripe("evt_paymaster_4", "invoice.paid", "paid");
        ConsumerRecord<byte[], byte[]> none = stripe("evt_5", "customer.created", "");
        List<ConsumerRecord<byte[], byte[]>> events = List.of(lost, withdrawn, refund, found, none);

        assertThat(StripeEffects.missing(events, List.of(), Set.of("dispute o_1", "refund o_1")))
                .hasSize(3);
        assertThat(StripeEffects.missing(
                        events,
                        List.of(letter("evt_1", "credit-worker.billing"), letter("evt_3", "payout-intake")),
                        Set.of("dispute o_1", "dispute o_1 taken")))
                .singleElement()
                .asString()
                .contains("evt_3", "refund o_1 returned");
    }

    @Test
    void whatNobodyTellsThePayoutsIsFound() {
        List<ConsumerRecord<byte[], byte[]>> events = List.of(
                stripe("evt_1", "account.updated", ""),
                stripe("evt_2", "transfer.reversed", ""),
                stripe("evt_3", "account.updated", ""),
                stripe("evt_paymaster_4", "transfer.reversed", ""),
                stripe("evt_5", "invoice.paid", ""));
        List<ConsumerRecord<byte[], byte[]>> commands =
                List.of(record(Topics.PAYOUT_COMMANDS, 0, Map.of(Envelope.HEADER_CAUSATION_ID, "evt_1"), "{}"));

        assertThat(StripeEffects.untold(
                        events,
                        List.of(letter("evt_2", "credit-worker.billing"), letter("evt_3", "payout-intake")),
                        commands))
                .singleElement()
                .asString()
                .contains("evt_2");
    }

    private static ConsumerRecord<byte[], byte[]> stripe(String id, String type, String status) {
        return record(Topics.STRIPE_EVENTS, 0, Map.of(Envelope.HEADER_ID, id), """
                {"id": "%s", "type": "%s", "data": {"object": {"id": "o_1", "status": "%s"}}}""".formatted(id, type, status));
    }

    private static ConsumerRecord<byte[], byte[]> letter(String id, String consumer) {
        return record(
                Topics.deadLetters(Topics.STRIPE_EVENTS),
                0,
                Map.of(Envelope.HEADER_ID, id, DeadLetters.HEADER_CONSUMER, consumer),
                "");
    }

    private static ConsumerRecord<byte[], byte[]> credit(String id, String sequence, String cause) {
        return credit(id, sequence, cause, "{}");
    }

    private static ConsumerRecord<byte[], byte[]> credit(String id, String sequence, String cause, String json) {
        return record(
                "topic",
                0,
                Map.of(
                        Envelope.HEADER_ID, id,
                        Envelope.HEADER_SUBJECT, "sam",
                        Envelope.HEADER_SEQUENCE, sequence,
                        Envelope.HEADER_CAUSATION_ID, cause),
                json);
    }

    private static ConsumerRecord<byte[], byte[]> cause(String topic, int partition, String id) {
        return record(topic, partition, Map.of(Envelope.HEADER_ID, id), "{}");
    }

    private static ConsumerRecord<byte[], byte[]> outcome(String id, String command) {
        return record("topic", 0, Map.of(Envelope.HEADER_ID, id, Envelope.HEADER_CAUSATION_ID, command), "{}");
    }

    private static ConsumerRecord<byte[], byte[]> event(int partition, String id, String sequence) {
        return record(
                "topic",
                partition,
                Map.of(Envelope.HEADER_ID, id, Envelope.HEADER_SUBJECT, "job", Envelope.HEADER_SEQUENCE, sequence),
                "{}");
    }

    private static ConsumerRecord<byte[], byte[]> record(
            String topic, int partition, Map<String, String> headers, String json) {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(topic, partition, 0, null, json.getBytes(UTF_8));
        headers.forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
        return record;
    }

    private static boolean isOf(String broken, String rule) {
        return broken.startsWith("BROKEN: " + rule);
    }
}
