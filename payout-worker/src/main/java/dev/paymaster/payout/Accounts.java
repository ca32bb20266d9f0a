package dev.paymaster.payout;

import dev.paymaster.messaging.Codec;
import dev.paymaster.payout.account.ReceiverAccount;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcOperations;

/** Table {@code payouts.account}, read and written a whole batch at a time. Thread-safe. */
final class Accounts {
    private static final String LOCK = """
            SELECT receiver, account_id, details_submitted, transfers, payouts_enabled, requirements, as_of,
                   payable_since
            FROM payouts.account WHERE receiver = ANY (?::uuid[]) ORDER BY receiver FOR UPDATE""";

    private static final String FIND_RECEIVERS =
            "SELECT account_id, receiver FROM payouts.account WHERE account_id = ANY (?)";

    private static final String SAVE = """
            INSERT INTO payouts.account AS a
                (receiver, account_id, details_submitted, transfers, payouts_enabled, requirements, as_of,
                 payable_since)
            SELECT receiver, account_id, details_submitted, transfers, payouts_enabled, requirements, as_of,
                   payable_since
            FROM json_populate_recordset(NULL::payouts.account, ?::json)
            ON CONFLICT (receiver) DO UPDATE
            SET account_id = excluded.account_id, details_submitted = excluded.details_submitted,
                transfers = excluded.transfers, payouts_enabled = excluded.payouts_enabled,
                requirements = excluded.requirements, as_of = excluded.as_of, payable_since = excluded.payable_since,
                ask_at = CASE WHEN (a.account_id, a.details_submitted, a.transfers)
                                   IS NOT DISTINCT FROM (excluded.account_id, excluded.details_submitted, excluded.transfers)
                              THEN a.ask_at END,
                look_at = CASE WHEN (a.account_id, a.transfers) IS NOT DISTINCT FROM (excluded.account_id, excluded.transfers)
                               THEN a.look_at ELSE '-infinity' END""";

    private final JdbcOperations jdbc;

    Accounts(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** Loads and locks the accounts of some receivers until the caller's transaction ends. */
    AccountBatch open(Set<UUID> receivers) {
        Map<UUID, ReceiverAccount> found = HashMap.newHashMap(receivers.size());
        String[] ids = receivers.stream().map(UUID::toString).toArray(String[]::new);
        jdbc.query(
                LOCK,
                row -> {
                    ReceiverAccount account = account(row);
                    found.put(account.receiver(), account);
                },
                (Object) ids);
        return new AccountBatch(this, found);
    }

    /** Whose accounts these are, as far as they are known. */
    Map<String, UUID> receiversOf(Set<String> accountIds) {
        Map<String, UUID> receivers = HashMap.newHashMap(accountIds.size());
        jdbc.query(
                FIND_RECEIVERS,
                row -> {
                    receivers.put(row.getString(1), row.getObject(2, UUID.class));
                },
                (Object) accountIds.toArray(String[]::new));
        return receivers;
    }

    void save(Collection<ReceiverAccount> accounts) {
        jdbc.update(SAVE, Codec.json().writeValueAsString(accounts));
    }

    private static ReceiverAccount account(ResultSet row) throws SQLException {
        OffsetDateTime since = row.getObject("payable_since", OffsetDateTime.class);
        return new ReceiverAccount(
                row.getObject("receiver", UUID.class),
                row.getString("account_id"),
                row.getBoolean("details_submitted"),
                row.getString("transfers"),
                row.getBoolean("payouts_enabled"),
                texts(row.getArray("requirements")),
                row.getObject("as_of", OffsetDateTime.class).toInstant(),
                since == null ? null : since.toInstant());
    }

    private static List<String> texts(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }
}
