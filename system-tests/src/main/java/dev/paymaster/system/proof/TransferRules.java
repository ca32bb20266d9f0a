package dev.paymaster.system.proof;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** The transfers at Stripe are exactly the payouts that are said to be paid. */
final class TransferRules {
    private static final String PAID = """
            SELECT transfer_id, job_id, account_id, amount_cents FROM payouts.payout WHERE status = 'paid' AND batch_id IS NULL""";

    private TransferRules() {}

    /** Money that went from the platform to a receiver. */
    record Transfer(String id, String jobId, String account, long cents) implements Comparable<Transfer> {
        @Override
        public int compareTo(Transfer other) {
            return toString().compareTo(other.toString());
        }
    }

    static List<Transfer> paid(Connection connection) throws SQLException {
        List<Transfer> paid = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(PAID)) {
            while (row.next()) {
                paid.add(new Transfer(row.getString(1), row.getString(2), row.getString(3), row.getLong(4)));
            }
        }
        return paid;
    }

    /** The transfers that stand: what was taken back as a whole may be paid once more. */
    static List<Transfer> made(List<JsonNode> atStripe) {
        return atStripe.stream()
                .filter(each -> each.path("amount_reversed").asLong(0)
                        < each.path("amount").asLong(0))
                .map(each -> new Transfer(
                        each.path("id").asString(""),
                        each.path("transfer_group").asString(""),
                        each.path("destination").asString(""),
                        each.path("amount").asLong(0)))
                .toList();
    }

    static List<String> broken(Collection<Transfer> paid, Collection<Transfer> made) {
        TreeSet<Transfer> missing = new TreeSet<>(paid);
        missing.removeAll(made);
        TreeSet<Transfer> unknown = new TreeSet<>(made);
        unknown.removeAll(paid);
        List<String> twice = made.stream()
                .filter(each -> made.stream()
                        .anyMatch(other ->
                                !other.id().equals(each.id()) && other.jobId().equals(each.jobId())))
                .map(Transfer::toString)
                .toList();
        return List.of(
                Rule.broken("a paid payout has its transfer at Stripe", texts(missing)),
                Rule.broken("a transfer at Stripe is that of a paid payout", texts(unknown)),
                Rule.broken("a job has at most one transfer at Stripe", twice));
    }

    private static List<String> texts(Collection<Transfer> transfers) {
        return transfers.stream().map(Transfer::toString).toList();
    }
}
