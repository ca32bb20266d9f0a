package dev.paymaster.system.world;

import dev.paymaster.embedded.Database;
import dev.paymaster.events.Topics;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/** Whether anything is still under way in a running Paymaster. */
public final class Rest {
    private static final List<String> READ_BY_WORKERS = List.of(
            Topics.STRIPE_EVENTS,
            Topics.JOB_COMMANDS,
            Topics.JOB_EVENTS,
            Topics.CREDIT_COMMANDS,
            Topics.CREDIT_EVENTS,
            Topics.PAYOUT_COMMANDS);

    private static final String PROGRESS = """
            SELECT consumer, topic, partition, next_offset FROM billing.partition
            UNION ALL SELECT consumer, topic, partition, next_offset FROM jobs.partition
            UNION ALL SELECT consumer, topic, partition, next_offset FROM payouts.partition""";

    /**
     * A worker commits before it publishes, so for a moment a payout is neither in a topic nor in the table. One that was
     * never called and stands behind one that waits for funds isn't under way: nobody calls before that one is paid.
     */
    private static final String OWED = """
            SELECT count(*) FROM jobs.job j LEFT JOIN payouts.payout p ON p.job_id = j.id
            WHERE j.status = 'verified' AND NOT j.shadow AND j.payout_cents > 0 AND coalesce(p.status, 'due') = 'due'
              AND NOT (p.id IS NOT NULL AND p.step = 'call' AND p.first_used_at IS NULL AND EXISTS (
                  SELECT FROM payouts.payout o
                  WHERE o.status = 'held' AND o.reason = 'insufficient_funds' AND o.next_attempt_at > now()
                    AND (o.created_at, o.id) < (p.created_at, p.id)))""";

    private static final String REVIEWS = """
            SELECT count(*) FROM billing.payment AS p
            LEFT JOIN billing.invoice AS i USING (invoice_id) LEFT JOIN billing.top_up AS t USING (session_id)
            WHERE p.open AND coalesce(i.user_id, t.user_id) IS NOT NULL""";

    private final Database database;
    private final KafkaLog kafka;
    private final Optional<StripeControl> stripe;

    public Rest(Database database, KafkaLog kafka, Optional<StripeControl> stripe) {
        this.database = database;
        this.kafka = kafka;
        this.stripe = stripe;
    }

    /** What is still to be done, in words; empty when nothing is. */
    public String unfinished() throws SQLException {
        String undelivered = stripe.map(Rest::undelivered).orElse("");
        return undelivered.isEmpty() ? unread() : undelivered;
    }

    /** What the workers have still to do of what they were told, in words; empty when nothing is. */
    public String unread() throws SQLException {
        Map<TopicPartition, Long> ends = kafka.ends(READ_BY_WORKERS);
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            String unread = unread(statement, ends);
            if (!unread.isEmpty()) {
                return unread;
            }
            long due = number(statement, OWED);
            if (due > 0 && stripe.isPresent()) {
                return due + " payouts are due";
            }
        }
        return ends.equals(kafka.ends(READ_BY_WORKERS)) ? "" : "records are still being written";
    }

    /** How many invoices are yet to be looked up at Stripe. */
    public long invoicesToLookUp() {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            return number(statement, "SELECT count(*) FROM billing.lookup WHERE kind = 'invoice'");
        } catch (SQLException e) {
            throw new IllegalStateException("the database did not say how many invoices are to be looked up", e);
        }
    }

    /** How many payments call for a review of what was paid for. */
    public long reviewsToCome() {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            return number(statement, REVIEWS);
        } catch (SQLException e) {
            throw new IllegalStateException("the database did not say which reviews are to come", e);
        }
    }

    private static String undelivered(StripeControl stripe) {
        int pending = stripe.deliveries("pending").size();
        return pending == 0 ? "" : pending + " webhooks are under way";
    }

    private static String unread(Statement statement, Map<TopicPartition, Long> ends) throws SQLException {
        Map<String, Integer> partitionsOfReader = new HashMap<>();
        Map<String, String> topicOfReader = new HashMap<>();
        try (ResultSet row = statement.executeQuery(PROGRESS)) {
            while (row.next()) {
                TopicPartition partition = new TopicPartition(row.getString(2), row.getInt(3));
                String reader = row.getString(1) + " of " + partition.topic();
                partitionsOfReader.merge(reader, 1, Integer::sum);
                topicOfReader.put(reader, partition.topic());
                if (row.getLong(4) < ends.getOrDefault(partition, 0L)) {
                    return reader + " has come to " + partition + "@" + row.getLong(4) + " of " + ends.get(partition);
                }
            }
        }
        Map<String, Long> partitionsOfTopic =
                ends.keySet().stream().collect(Collectors.groupingBy(TopicPartition::topic, Collectors.counting()));
        return partitionsOfReader.entrySet().stream()
                .filter(reader ->
                        reader.getValue() < partitionsOfTopic.getOrDefault(topicOfReader.get(reader.getKey()), 0L))
                .map(reader -> reader.getKey() + " has begun only " + reader.getValue() + " partitions")
                .findFirst()
                .orElse("");
    }

    private static long number(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
