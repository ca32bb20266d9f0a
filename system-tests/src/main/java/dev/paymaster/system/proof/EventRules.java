package dev.paymaster.system.proof;

import dev.paymaster.events.Topics;
import dev.paymaster.system.world.KafkaLog;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Every fact in the database was published as one event, perhaps repeatedly, and nothing else was. */
final class EventRules {
    private static final String CREDITS = """
            SELECT user_id || ' #' || sequence, format('%s %s %s', available_after, held_after, debt_after)
            FROM ledger.transfer""";

    /** Every number up to the last is a fact; only the last one's state is still known. */
    private static final String JOBS = """
            SELECT id || ' #' || n, CASE WHEN n = sequence THEN status ELSE '' END
            FROM jobs.job, generate_series(1, sequence) n""";

    private static final String PAYOUTS = """
            SELECT id || ' #' || n, CASE WHEN n = sequence THEN status ELSE '' END
            FROM payouts.payout, generate_series(1, sequence) n""";

    private EventRules() {}

    static List<String> broken(Connection connection, KafkaLog kafka) throws SQLException {
        List<String> broken = new ArrayList<>();
        broken.addAll(compare(connection, CREDITS, kafka, Topics.CREDIT_EVENTS));
        broken.addAll(compare(connection, JOBS, kafka, Topics.JOB_EVENTS));
        broken.addAll(compare(connection, PAYOUTS, kafka, Topics.PAYOUT_EVENTS));
        return broken;
    }

    private static List<String> compare(Connection connection, String sql, KafkaLog kafka, String topic)
            throws SQLException {
        Map<String, String> facts = facts(connection, sql);
        Map<String, TreeSet<String>> ids = new TreeMap<>();
        List<String> contradictions = new ArrayList<>();
        kafka.read(topic).stream()
                .filter(record -> record.headers().lastHeader(Findings.MEANT_TO_FAIL) == null)
                .map(Event::of)
                .filter(Event::isNumbered)
                .forEach(event -> {
                    ids.computeIfAbsent(event.fact(), _ -> new TreeSet<>())
                            .add(event.envelope().id());
                    String fact = facts.getOrDefault(event.fact(), "");
                    if (!fact.isEmpty() && !fact.equals(state(event, topic))) {
                        contradictions.add(event.fact() + " says " + state(event, topic) + " instead of " + fact);
                    }
                });
        TreeSet<String> silent = new TreeSet<>(facts.keySet());
        silent.removeAll(ids.keySet());
        List<String> invented =
                ids.keySet().stream().filter(each -> !facts.containsKey(each)).toList();
        List<String> twice = ids.entrySet().stream()
                .filter(each -> each.getValue().size() > 1)
                .map(each -> each.getKey() + " as " + each.getValue())
                .toList();
        return List.of(
                Rule.broken("every fact is in " + topic, List.copyOf(silent)),
                Rule.broken(topic + " tells only what is so", invented),
                Rule.broken(topic + " tells each fact under one id", twice),
                Rule.broken(topic + " says what the database says", contradictions));
    }

    private static String state(Event event, String topic) {
        if (topic.equals(Topics.CREDIT_EVENTS)) {
            return "%s %s %s".formatted(number(event, "available"), number(event, "held"), number(event, "debt"));
        }
        return event.data().findPath("status").asString("");
    }

    private static String number(Event event, String field) {
        return event.data().findPath(field).asString("");
    }

    private static Map<String, String> facts(Connection connection, String sql) throws SQLException {
        Map<String, String> facts = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                facts.put(row.getString(1), row.getString(2));
            }
        }
        return facts;
    }
}
