package dev.paymaster.system.chaos;

import dev.paymaster.embedded.Database;
import dev.paymaster.events.Envelope;
import dev.paymaster.events.Topics;
import dev.paymaster.messaging.deadletter.DeadLetters;
import dev.paymaster.system.chaos.Journal.Asked;
import dev.paymaster.system.chaos.Journal.Remembered;
import dev.paymaster.system.chaos.Purchase.Credits;
import dev.paymaster.system.proof.Findings;
import dev.paymaster.system.proof.Rule;
import dev.paymaster.system.world.KafkaLog;
import dev.paymaster.system.world.StripeControl;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import tools.jackson.databind.JsonNode;

/** Whether what people were told is so: each acknowledged request has its effect, once. */
final class Promises {
    private static final String JOBS = "SELECT id, sender, status, receiver FROM jobs.job";
    private static final String GRANTS =
            "SELECT user_id, sum(granted) FROM ledger.lot WHERE source = 'manual' GROUP BY user_id";
    private static final String PROMPTS = "SELECT split_part(prompt, E'\\n', 1), id, sender FROM jobs.job";
    private static final String BOUGHT = """
            SELECT t.user_id, coalesce(sum(t.amount) FILTER (WHERE t.kind = 'grant' AND l.source IN ('invoice', 'topup')), 0),
                   coalesce(sum(t.amount) FILTER (WHERE t.kind = 'revoke'), 0)
                   - coalesce(sum(t.amount) FILTER (WHERE t.kind = 'reinstate'), 0)
            FROM ledger.transfer t LEFT JOIN ledger.lot l ON l.user_id = t.user_id AND l.id = t.lot_id
            GROUP BY t.user_id""";
    private static final String INVOICES = "SELECT invoice_id FROM billing.invoice";
    private static final String UNPAID = """
            SELECT format('%s job %s: payout %s %s', j.status, j.id, coalesce(p.status, 'missing'), p.reason)
            FROM jobs.job j LEFT JOIN payouts.payout p ON p.job_id = j.id
            WHERE j.status = 'verified' AND coalesce(p.status, '') NOT IN ('paid', 'reversed')""";

    private static final String REVERSED = "SELECT job_id, id FROM payouts.payout WHERE status = 'reversed'";

    private static final String OVERDUE = """
            SELECT format('%s job %s was due at %s', status, id, deadline_at) FROM jobs.job
            WHERE status IN ('queued', 'accepted', 'submitted') AND deadline_at < now()""";

    /** What Stripe told of an account may be lost: then it is asked. And what is taken back is called for until it is. */
    private static final String HELD = """
            SELECT id FROM payouts.payout WHERE reason = 'account_not_active' OR (status = 'paid' AND step IS NOT NULL)""";

    /** A timer looks every second, and what it says takes a moment. */
    private static final String LONG_OVERDUE = OVERDUE + " - interval '10 s'";

    private static final String LAPSED = """
            SELECT format('%s has %s left of lot %s, which lapsed at %s', user_id, remaining, id, expires_at)
            FROM ledger.lot WHERE remaining > 0 AND expires_at < now()""";

    private static final String LONG_LAPSED = LAPSED + " - interval '10 s'";

    private static final String KEPT =
            "SELECT format('%s-%s@%s of %s', topic, partition, record_offset, consumer) FROM identity.dead_letter";

    /** Whatever changes a job or credits is read from one of these. */
    static final List<String> CAUSES = List.of(Topics.STRIPE_EVENTS, Topics.CREDIT_COMMANDS, Topics.JOB_COMMANDS);

    private static final Credits NOTHING = new Credits(0, 0);

    private final Journal journal;
    private final Database database;
    private final KafkaLog kafka;
    private final StripeControl stripe;

    Promises(Journal journal, Database database, KafkaLog kafka, StripeControl stripe) {
        this.journal = journal;
        this.database = database;
        this.kafka = kafka;
        this.stripe = stripe;
    }

    /** Each promise that was not kept, with what is missing. */
    List<String> broken() throws SQLException {
        List<String> broken = new ArrayList<>();
        broken.add(Rule.broken("every answer is one that a client can understand", journal.contradictions()));
        broken.add(Rule.broken("everybody is told what came of their calls", journal.unanswered()));
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            broken.addAll(broken(statement));
        }
        broken.add(Rule.broken(
                "a command that Kafka took has one outcome",
                outcomes(Stream.of(Topics.JOB_EVENTS, Topics.PAYOUT_EVENTS)
                        .flatMap(topic -> kafka.read(topic).stream())
                        .toList())));
        broken.add(Rule.broken(
                "a record that nobody can read is among the dead letters",
                littered(KafkaDoor.READ.stream()
                        .flatMap(topic -> kafka.read(Topics.deadLetters(topic)).stream())
                        .toList())));
        List<ConsumerRecord<byte[], byte[]>> causes =
                CAUSES.stream().flatMap(topic -> kafka.read(topic).stream()).toList();
        for (String topic : List.of(Topics.JOB_EVENTS, Topics.CREDIT_EVENTS)) {
            broken.add(Rule.broken(
                    "in " + topic + " the events of one come in sequence", outOfSequence(kafka.read(topic), causes)));
        }
        broken.add(Rule.broken(
                "in " + Topics.PAYOUT_EVENTS + " the events of one come in sequence",
                outOfSequence(kafka.read(Topics.PAYOUT_EVENTS))));
        broken.add(Rule.broken(
                "a user's credit events have each number once, without gaps",
                misnumbered(kafka.read(Topics.CREDIT_EVENTS))));
        broken.removeIf(String::isEmpty);
        return broken;
    }

    /** What nobody but Stripe has told of: whoever catches up with Stripe afterwards hides what was lost. */
    String withoutEffect() throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            return withoutEffect(statement);
        }
    }

    private String withoutEffect(Statement statement) throws SQLException {
        List<ConsumerRecord<byte[], byte[]>> events = kafka.read(Topics.STRIPE_EVENTS);
        List<ConsumerRecord<byte[], byte[]>> deadLetters = kafka.read(Topics.deadLetters(Topics.STRIPE_EVENTS));
        List<String> missing = new ArrayList<>(StripeEffects.missing(events, deadLetters, StripeEffects.in(statement)));
        missing.addAll(StripeEffects.untold(events, deadLetters, kafka.read(Topics.PAYOUT_COMMANDS)));
        return Rule.broken(
                "an event in " + Topics.STRIPE_EVENTS + " has its effect, without a second look at Stripe", missing);
    }

    /** Those of the database, as this statement's connection sees it. */
    List<String> broken(Statement statement) throws SQLException {
        return List.of(
                withoutEffect(statement),
                Rule.broken("a job is as its people were told", jobs(statement)),
                Rule.broken("a request makes one job, and nothing else makes any", requests(statement)),
                Rule.broken("credits that were said to be granted are granted, once", grants(statement)),
                Rule.broken("every paid invoice has been applied", invoices(statement)),
                Rule.broken("credits are what was bought, less what came back", bought(statement)),
                Rule.broken("a verified job is paid", texts(statement, UNPAID)),
                Rule.broken("what an administrator takes back is taken back, and nothing else", takenBack(statement)),
                Rule.broken("no job stands past its deadline", texts(statement, LONG_OVERDUE)),
                Rule.broken("credits that have lapsed are gone", texts(statement, LONG_LAPSED)),
                Rule.broken("each dead letter is kept for the administrator, once", letters(statement)));
    }

    /** What is no broken promise as long as it is about to be done, in words; empty when nothing is. */
    String toCome() throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            int overdue = texts(statement, OVERDUE).size();
            if (overdue > 0) {
                return overdue + " jobs are overdue";
            }
            int lapsed = texts(statement, LAPSED).size();
            if (lapsed > 0) {
                return lapsed + " lots have lapsed and are not empty";
            }
            int held = texts(statement, HELD).size();
            if (held > 0) {
                return held + " payouts wait for an account, or are being taken back";
            }
            Set<String> unkept = written();
            texts(statement, KEPT).forEach(unkept::remove);
            return unkept.isEmpty() ? "" : unkept.size() + " dead letters are to be kept";
        }
    }

    private List<String> letters(Statement statement) throws SQLException {
        Map<String, Integer> kept = new TreeMap<>();
        texts(statement, KEPT).forEach(letter -> kept.merge(letter, 1, Integer::sum));
        Set<String> written = written();
        List<String> wrong = new ArrayList<>();
        written.stream()
                .filter(letter -> !kept.containsKey(letter))
                .map(letter -> letter + " is not kept")
                .forEach(wrong::add);
        kept.forEach((letter, times) -> {
            if (!written.contains(letter)) {
                wrong.add(letter + " is kept, and nobody wrote it");
            } else if (times > 1) {
                wrong.add(letter + " is kept " + times + " times");
            }
        });
        return wrong;
    }

    /** By where their records stood and who could not apply them: a letter may be written twice. */
    private Set<String> written() {
        return Topics.all().stream()
                .flatMap(topic -> kafka.read(Topics.deadLetters(topic)).stream())
                .map(letter -> KafkaLog.header(letter, DeadLetters.HEADER_TOPIC)
                        + "-" + KafkaLog.header(letter, DeadLetters.HEADER_PARTITION)
                        + "@" + KafkaLog.header(letter, DeadLetters.HEADER_OFFSET)
                        + " of " + KafkaLog.header(letter, DeadLetters.HEADER_CONSUMER))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** By prompts: each request has one of its own, and nothing on its way can make another of it. */
    private List<String> requests(Statement statement) throws SQLException {
        Map<String, Asked> asked = journal.requests();
        Set<String> senders = asked.values().stream().map(Asked::sender).collect(Collectors.toSet());
        Map<String, Asked> made = new HashMap<>();
        List<String> wrong = new ArrayList<>();
        try (ResultSet row = statement.executeQuery(PROMPTS)) {
            while (row.next()) {
                String request = row.getString(1);
                Asked job = new Asked(row.getString(3), row.getString(2));
                if (asked.containsKey(request) || senders.contains(job.sender())) {
                    Asked other = made.put(request, job);
                    if (other != null || !asked.containsKey(request)) {
                        wrong.add(job + " for request " + request + ", beside " + other);
                    }
                }
            }
        }
        asked.forEach((request, told) -> {
            Asked job = made.get(request);
            if (told.job() == null ? job != null && !job.sender().equals(told.sender()) : !told.equals(job)) {
                wrong.add("request " + request + " was told of " + told + " and made " + job);
            }
        });
        return wrong;
    }

    private List<String> jobs(Statement statement) throws SQLException {
        Map<String, Remembered> are = new HashMap<>();
        try (ResultSet row = statement.executeQuery(JOBS)) {
            while (row.next()) {
                are.put(row.getString(1), new Remembered(row.getString(2), row.getString(3), row.getString(4)));
            }
        }
        List<String> wrong = new ArrayList<>();
        journal.jobs().forEach((id, told) -> {
            if (!told.equals(are.get(id))) {
                wrong.add("job " + id + " was told to be " + told + " and is " + are.get(id));
            }
        });
        return wrong;
    }

    private List<String> grants(Statement statement) throws SQLException {
        Map<String, Long> are = new HashMap<>();
        try (ResultSet row = statement.executeQuery(GRANTS)) {
            while (row.next()) {
                are.put(row.getString(1), row.getLong(2));
            }
        }
        List<String> wrong = new ArrayList<>();
        journal.grants().forEach((user, told) -> {
            if (!told.equals(are.get(user))) {
                wrong.add(user + " was told of " + told + " and got " + are.get(user));
            }
        });
        return wrong;
    }

    /** Of jobs that somebody was told of. */
    private List<String> takenBack(Statement statement) throws SQLException {
        Set<String> missing = new TreeSet<>(journal.takenBack());
        List<String> wrong = new ArrayList<>();
        try (ResultSet row = statement.executeQuery(REVERSED)) {
            while (row.next()) {
                if (!missing.remove(row.getString(2)) && journal.jobs().containsKey(row.getString(1))) {
                    wrong.add("payout " + row.getString(2) + " is reversed, and nobody asked for it");
                }
            }
        }
        missing.forEach(payout -> wrong.add("payout " + payout + " is not reversed"));
        return wrong;
    }

    private List<String> invoices(Statement statement) throws SQLException {
        Set<String> applied = new TreeSet<>(texts(statement, INVOICES));
        return stripe.all("/v1/invoices?status=paid&limit=100").stream()
                .map((JsonNode invoice) -> invoice.path("id").asString(""))
                .filter(id -> !applied.contains(id))
                .toList();
    }

    /** Of those who have asked for jobs: the ledger's transfers say what Stripe's invoices, refunds and disputes do. */
    private List<String> bought(Statement statement) throws SQLException {
        Map<String, Credits> are = new HashMap<>();
        try (ResultSet row = statement.executeQuery(BOUGHT)) {
            while (row.next()) {
                are.put(row.getString(1), new Credits(row.getLong(2), row.getLong(3)));
            }
        }
        Map<String, Credits> bought = Purchase.credits(Purchase.at(stripe));
        return journal.requests().values().stream()
                .map(Asked::sender)
                .distinct()
                .filter(user -> !are.getOrDefault(user, NOTHING).equals(bought.getOrDefault(user, NOTHING)))
                .map(user -> user + " bought " + bought.get(user) + " and has " + are.get(user))
                .toList();
    }

    /** By the ids of their events: an outcome may be published twice. */
    List<String> outcomes(List<ConsumerRecord<byte[], byte[]>> events) {
        Map<String, Set<String>> outcomes = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> event : events) {
            String cause = KafkaLog.header(event, Envelope.HEADER_CAUSATION_ID);
            if (!cause.isEmpty()
                    && KafkaLog.header(event, Envelope.HEADER_REPLAYED).isEmpty()) {
                outcomes.computeIfAbsent(cause, _ -> new TreeSet<>()).add(KafkaLog.header(event, Envelope.HEADER_ID));
            }
        }
        return journal.commands().stream()
                .filter(command -> outcomes.getOrDefault(command, Set.of()).size() != 1)
                .map(command -> command + " has " + outcomes.getOrDefault(command, Set.of()))
                .toList();
    }

    /** Each of those who read a topic has a letter of its own. */
    List<String> littered(List<ConsumerRecord<byte[], byte[]>> deadLetters) {
        Set<String> dead = deadLetters.stream()
                .map(letter -> KafkaLog.header(letter, Findings.MEANT_TO_FAIL) + " of "
                        + KafkaLog.header(letter, DeadLetters.HEADER_CONSUMER))
                .collect(Collectors.toSet());
        return journal.garbage().entrySet().stream()
                .flatMap(each -> KafkaDoor.READERS.getOrDefault(each.getValue(), Set.of()).stream()
                        .map(reader -> each.getKey() + " of " + reader)
                        .filter(letter -> !dead.contains(letter))
                        .map(letter -> letter + ", in " + each.getValue()))
                .toList();
    }

    /** Whatever is published again comes after it was published first; partitions have no order among them. */
    static List<String> outOfSequence(List<ConsumerRecord<byte[], byte[]>> events) {
        Map<String, Long> last = new HashMap<>();
        Set<String> seen = new TreeSet<>();
        List<String> wrong = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> event : events) {
            String sequence = KafkaLog.header(event, Envelope.HEADER_SEQUENCE);
            if (!sequence.isEmpty() && seen.add(KafkaLog.header(event, Envelope.HEADER_ID) + "@" + event.partition())) {
                String of = KafkaLog.header(event, Envelope.HEADER_SUBJECT) + " in partition " + event.partition();
                long number = Long.parseLong(sequence);
                long before = last.getOrDefault(of, 0L);
                if (number < before) {
                    wrong.add(of + ": " + number + " after " + before);
                }
                last.put(of, Math.max(before, number));
            }
        }
        return wrong;
    }

    /** What has no number tells of no entry. */
    static List<String> misnumbered(List<ConsumerRecord<byte[], byte[]>> events) {
        Map<String, NavigableMap<Long, Set<String>>> contents = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> event : events) {
            String sequence = KafkaLog.header(event, Envelope.HEADER_SEQUENCE);
            if (!sequence.isEmpty()) {
                contents.computeIfAbsent(KafkaLog.header(event, Envelope.HEADER_SUBJECT), _ -> new TreeMap<>())
                        .computeIfAbsent(Long.parseLong(sequence), _ -> new TreeSet<>())
                        .add(KafkaLog.header(event, Envelope.HEADER_ID) + " "
                                + new String(event.value(), StandardCharsets.UTF_8));
            }
        }
        List<String> wrong = new ArrayList<>();
        contents.forEach((user, numbers) -> LongStream.rangeClosed(1, numbers.lastKey())
                .forEach(number -> {
                    Set<String> said = numbers.getOrDefault(number, Set.of());
                    if (said.size() != 1) {
                        wrong.add(user + " #" + number + " is " + (said.isEmpty() ? "missing" : said));
                    }
                }));
        return wrong;
    }

    /**
     * Only what one partition brought about has one publisher at a time: several workers tell of a user's credits, and when
     * partitions are raised, what is asked of a job comes by another one. Of a cause that stands in several, nobody knows
     * which one it was.
     */
    static List<String> outOfSequence(
            List<ConsumerRecord<byte[], byte[]>> events, List<ConsumerRecord<byte[], byte[]>> causes) {
        Map<String, Set<String>> stands = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> cause : causes) {
            stands.computeIfAbsent(KafkaLog.header(cause, Envelope.HEADER_ID), _ -> new TreeSet<>())
                    .add(cause.topic() + "-" + cause.partition());
        }
        Map<String, List<ConsumerRecord<byte[], byte[]>>> broughtAbout = new TreeMap<>();
        List<String> wrong = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> event : events) {
            if (event.headers().lastHeader(Findings.MEANT_TO_FAIL) != null) {
                continue;
            }
            String cause = KafkaLog.header(event, Envelope.HEADER_CAUSATION_ID);
            Set<String> partitions = stands.getOrDefault(cause, Set.of());
            if (partitions.isEmpty()) {
                wrong.add(KafkaLog.header(event, Envelope.HEADER_ID) + " was brought about by " + cause
                        + ", which is nowhere");
            } else if (partitions.size() == 1) {
                broughtAbout
                        .computeIfAbsent(partitions.iterator().next(), _ -> new ArrayList<>())
                        .add(event);
            }
        }
        broughtAbout.forEach(
                (partition, its) -> outOfSequence(its).forEach(each -> wrong.add(each + ", by " + partition)));
        return wrong;
    }

    private static List<String> texts(Statement statement, String sql) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                texts.add(row.getString(1));
            }
        }
        return texts;
    }
}
